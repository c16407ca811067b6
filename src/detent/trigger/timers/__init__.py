"""Workflow timers: what moves an object that has stayed in a state for too long."""
