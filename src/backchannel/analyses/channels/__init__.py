"""The same deal through each format."""
