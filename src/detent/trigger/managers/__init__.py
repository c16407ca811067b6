"""What the tables of rules and events can do as a whole."""
