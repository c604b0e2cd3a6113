"""Shared mathematics on arrays; knows nothing of crises."""
