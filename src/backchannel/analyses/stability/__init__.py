"""The graph model for conflict resolution: which states hold, and why."""
