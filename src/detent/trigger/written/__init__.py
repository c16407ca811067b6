"""Files that people write, of rules and of samples: their syntax, not their meaning."""
