"""Carriers that bring units to customers."""
