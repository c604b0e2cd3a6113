"""The engine's analyses, one family to a folder, one concept to a file."""
