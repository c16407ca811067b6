"""What any dispatcher with its workers must do; an app, so that the workers have the actions of its tests."""
