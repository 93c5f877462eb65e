"""How much memory this process may use on the host, and refusing what is too large before it is begun."""

import os
import warnings
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

__all__ = ["afford", "limits"]

_SHARE = 0.5
_SLOW = 60e9  # operations: more than about a minute


@lru_cache
def limits() -> tuple[int, ...]:
    """Bytes: the memory there is, and what the control groups of this process allow."""
    return (*_physical(), *_control_groups(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")))


def afford(what: str, *, numbers: int | float = 0, operations: int | float = 0, remedy: str) -> None:
    """Say how large a request is before it is begun.

    **Args**: `what`: of what size is spoken, "n=20000"; `numbers`: of eight bytes that are held at once; `operations`:
    in all; `remedy`: what to do instead.

    **Raises**: ValueError for more than half of the host's memory; warns of what takes more than about a minute.
    """
    most, numbers, operations = min(limits(), default=1 << 62), min(numbers, 1e300), min(operations, 1e300)
    if 8 * numbers > _SHARE * most:
        raise ValueError(
            f"{what} takes {8 * numbers / 2**30:.3g} GiB, more than half of the {most / 2**30:.3g} GiB here; {remedy}"
        )
    if operations > _SLOW:
        minutes = operations / _SLOW
        warnings.warn(f"{what} takes {operations:.1e} operations, about {minutes:.3g} minutes; {remedy}", stacklevel=4)


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
