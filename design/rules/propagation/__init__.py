"""Unit propagation over the clauses of a model, and a search for designs near known ones.

A solver assigns every variable anew for each design it finds, and hands it over as a list of
Python numbers. Most questions of a click have their answer a step away from a design that is
known: these loops look there first. What they find is a full design that keeps every clause, or a
proof; where they find neither, the solver is asked.
"""

from .loops import Truths
from .search import POSSIBLE, UNKNOWN, Decision, Search, warm
from .trial import Trial

__all__ = ["POSSIBLE", "UNKNOWN", "Decision", "Search", "Trial", "Truths", "warm"]
