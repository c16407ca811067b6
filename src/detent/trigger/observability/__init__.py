"""What can be seen of occurrences and deliveries from outside: signals, measures, traces, ids in log records."""
