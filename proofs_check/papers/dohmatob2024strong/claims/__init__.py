"""Claims, by theorem."""
