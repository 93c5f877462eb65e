"""The claims, by theorem."""
