"""Cosmo: the house. It knows every room and contains nothing of them."""
