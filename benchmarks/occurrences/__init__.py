"""What it costs to take occurrences in, beside what a project writes by hand for the same rows."""
