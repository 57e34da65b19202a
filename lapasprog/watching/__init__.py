"""Seeing it run: log lines, metrics, signs of life, and the page that says in words how it is."""
