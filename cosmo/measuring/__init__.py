"""Measuring the shop as customers meet it."""
