"""Promises beyond the first word of the gap search."""
