"""Files that are whole or absent, also when a process is killed or a disk is full."""

import os
import tempfile
from pathlib import Path

__all__ = ["probe", "write"]


def write(path: Path, content: bytes) -> None:
    """Write through a temporary file in the same folder and a rename, both flushed to the disk."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.umask(mask := os.umask(0))
            os.chmod(temporary, 0o666 & ~mask)  # mkstemp makes files that only their owner can read
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make a rename last; some systems cannot open a folder, and some file systems cannot flush one."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def probe(path: Path) -> None:
    """Raise the OSError that writing `path` would raise, without touching it."""
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder", str(path))
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        os.write(handle, b"\0" * 4096)
        os.fsync(handle)
    finally:
        os.close(handle)
        os.unlink(temporary)
