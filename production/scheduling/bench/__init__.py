"""Sets of instances and how they are measured; see ``sets.SETS``."""
