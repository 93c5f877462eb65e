"""Claims, one module per protocol."""
