"""Claims, one module per group of statements."""
