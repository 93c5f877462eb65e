"""Claims, one module per paper; every module is scanned by `proofs_check.registry`."""
