"""Management commands of the workflow floor."""
