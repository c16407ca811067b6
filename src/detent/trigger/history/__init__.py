"""The history of rules: their revisions, who made each, and in what it differs from the one before."""
