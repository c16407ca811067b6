"""The app that all contestants have."""
