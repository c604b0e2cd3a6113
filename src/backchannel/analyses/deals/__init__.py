"""Deals: what the parties could agree on, how gains may be split, and what stands in the way."""
