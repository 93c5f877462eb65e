"""Session settings; they have to precede the first import of JAX and of collapse_jax."""

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUM_CPU_DEVICES", "4")
os.environ.setdefault("MPLBACKEND", "Agg")

from jaxtyping import install_import_hook

# Every annotated shape of the library is checked while the suite runs; `_typecheck` says why not beartype as it is.
install_import_hook("collapse_jax", "_typecheck.check")
