"""The crisis file: its grammar, its typed form, its faults."""
