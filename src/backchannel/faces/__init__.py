"""The ways in; none of them computes anything."""
