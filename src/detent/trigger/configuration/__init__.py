"""What a rule says, and what can be wrong with it."""
