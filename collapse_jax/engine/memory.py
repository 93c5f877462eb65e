"""How many bytes a run may use, found from the device it runs on."""

from functools import lru_cache
from typing import Any

from collapse_jax.host import limits

__all__ = ["budget"]

_MOST_ON_A_CPU = 2 << 30
_SHARE = 0.5  # of what there is; the rest is for outputs on the way to the host, and for others


def budget(device: Any) -> int:
    """Bytes for the chains in flight: half of an accelerator's memory, or of the host's but at most 2 GiB of that."""
    if device.platform != "cpu":
        limit = (device.memory_stats() or {}).get("bytes_limit")
        return int(_SHARE * limit) if limit else _MOST_ON_A_CPU
    return _on_a_cpu()


@lru_cache
def _on_a_cpu() -> int:
    return min([_MOST_ON_A_CPU, *(max(1, int(_SHARE * limit)) for limit in limits())])
