"""Claims: each of the eight definitions beside workflows whose laws are known."""
