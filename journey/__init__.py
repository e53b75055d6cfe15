"""Journeys through a running installation: public HTTP and the live socket only."""
