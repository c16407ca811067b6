"""What a trigger rule says, and what can be wrong with it."""
