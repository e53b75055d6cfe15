"""Synthetic factories of any size, for benches and tests."""

from production.scheduling.factories.make import factory
from production.scheduling.factories.recipe import FACTORIES, Recipe

__all__ = ["FACTORIES", "Recipe", "factory"]
