"""Commitment: would a deal be kept, and in what order."""
