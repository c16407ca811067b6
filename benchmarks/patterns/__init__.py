"""Finding the patterns that a document meets, among few and among many."""
