"""Files that are whole or absent, also when a process is killed or a disk is full; and where they may be written."""

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["Place", "check", "place", "write"]

Place = str | os.PathLike


def write(path: Path, content: bytes) -> None:
    """Write through a temporary file in the same folder and a rename, both flushed to the disk.

    A link stays one: what it points to is replaced. What is no file, such as a pipe, is written as it is.
    """
    if _is_stream(path):
        with path.open("wb") as stream:
            stream.write(content)
        return
    path = Path(os.path.realpath(path))
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


def place(value: Any, name: str = "path") -> str:
    """A destination as text; ValueError for what names no file."""
    try:
        text = os.fsdecode(value)
    except TypeError:
        raise ValueError(f"{name}={value!r} is no path; give the name of a file") from None
    if not text or "\0" in text or os.path.basename(text) in (".", ".."):
        raise ValueError(f"{name}={text!r} names no file; give the name of a file")
    return text


def check(places: Mapping[str, Place | None], *, make: bool = False, stream: bool = False) -> None:
    """Refuse, before any work, files that could not be written after it; leaves no trace.

    The one function for every option and argument that names a destination.

    **Args**: `places`: files by what they are ("checkpoint"); None is skipped; `make`: folders that do not exist are
    made later; `stream`: a pipe or a device will do.

    **Raises**: ValueError naming the reason and the remedy.
    """
    for name, value in places.items():
        if value is None:
            continue
        path = Path(place(value, name))
        try:
            _probe(path, make, stream)
        except OSError as error:
            what = f"the {name} " if name else ""
            folder = "that can be written" if make else "that exists and can be written"
            raise ValueError(f"cannot write {what}{path}: {error.strerror}; choose a folder {folder}") from None


def _probe(path: Path, make: bool, stream: bool) -> None:
    """Raise the OSError that writing `path` would raise, without touching it."""
    if path.is_dir() or not path.name:
        raise IsADirectoryError(21, "it is a folder", str(path))
    if _is_stream(path):
        if not stream:
            raise OSError(22, "it is a device or a pipe, not a file", str(path))
        if not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied", str(path))
        return
    real = Path(os.path.realpath(path))
    folder = real.parent
    while make and not folder.exists() and folder != folder.parent:
        folder = folder.parent
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{real.name}.")
    try:
        os.write(handle, b"\0" * 4096)
        os.fsync(handle)
    finally:
        os.close(handle)
        os.unlink(temporary)


def _is_stream(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
