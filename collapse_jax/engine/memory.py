"""How many bytes a run may use, found from the device it runs on."""

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

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
    limits = [*_physical(), *_control_groups(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))]
    return min([_MOST_ON_A_CPU, *(max(1, int(_SHARE * limit)) for limit in limits)])


def _physical() -> list[int]:
    try:
        return [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (AttributeError, ValueError, OSError):  # not on this system
        return []


def _control_groups(membership: Path, root: Path) -> list[int]:
    """Limits of the control groups this process is in, as batch systems and containers set them (Linux, v1 and v2)."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, _, fields = line.partition(":")
        controllers, _, group = fields.partition(":")
        if controllers and "memory" not in controllers.split(","):
            continue
        base, name = (root / "memory", "memory.limit_in_bytes") if controllers else (root, "memory.max")
        inside = base / group.lstrip("/")
        for folder in (inside, *inside.parents):
            with suppress(OSError, ValueError):  # no such file in a container, or the word "max"
                found.append(int((folder / name).read_text()))
            if folder == base:
                break
    return found
