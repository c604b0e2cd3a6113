"""The command line, one command to a file."""
