"""Management commands of the trigger floor."""
