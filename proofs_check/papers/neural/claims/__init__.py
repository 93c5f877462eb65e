"""Claims, one module per net."""
