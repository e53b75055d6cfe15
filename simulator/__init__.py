"""A simulated line: a program of its own that knows a URL and a key, and nothing of ours."""
