"""Compiled programs kept on disk, so that what was compiled once is only loaded, in scripts as by the command.

A program is found by the text that JAX lowers it to, which takes tracing; or, without that, by a description of what it
is traced from: the source of both packages, and the cell and protocol down to the byte code and the closures of
their functions. What cannot be described from hashed source and known packages, such as a user's family, has no
description and is traced. Versions, settings, compiler options and the machine are part of every name.
"""

import functools
import hashlib
import os
import pickle
import platform
import sys
import tempfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import jax
from jax.experimental import serialize_executable

from collapse_jax.engine.description import OWN, STANDS_ON, Undescribed, description_of

__all__ = ["Cache", "active", "disable", "enable"]

_MOST_BYTES = 256 << 20

_active: "Cache | None" = None
_asked = False


def active() -> "Cache | None":
    """The cache in use: that of the folder which `enable` names, unless something else was asked for."""
    return _active if _asked else enable()


def enable(described: bool = True) -> "Cache | None":
    """Keep programs in the folder COLLAPSE_CACHE_DIR, else JAX_COMPILATION_CACHE_DIR, else the user's cache folder.

    An empty value, or a folder that cannot be made, switches this off. `described` tells that no code but that of the
    packages is loaded, so that descriptions may be trusted.
    """
    global _active, _asked
    folder = _folder()
    _active, _asked = None if folder is None else Cache(folder, described), True
    return _active


def disable() -> None:
    """Keep no programs in this process from now on."""
    global _active, _asked
    _active, _asked = None, True


def _folder() -> Path | None:
    for variable in ("COLLAPSE_CACHE_DIR", "JAX_COMPILATION_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable]).absolute() if os.environ[variable] else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        users = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        users = home / "Library" / "Caches"
    else:
        users = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(users) / "collapse_jax"


@functools.cache
def _from_jax() -> list[int]:
    """How many programs JAX has read from a folder of its own, counted from now on; XLA cannot write them out again."""
    read = [0]

    def heard(event: str, **_: object) -> None:
        read[0] += event == "/jax/compilation_cache/cache_hits"

    jax.monitoring.register_event_listener(heard)
    return read


class Cache:
    """A folder of executables. Files appear whole or not at all, so processes may share it; a damaged one is ignored.

    `loaded`, `traced` and `compiled` count programs that were found by description, by text, and not at all.
    """

    def __init__(self, folder: Path, described: bool = True):
        self.folder = folder
        self.loaded = self.traced = self.compiled = 0
        self._sources = _Sources() if described else None
        self._pruned = False

    def program(self, what: Any, lower: Callable[[], Any], options: dict[str, Any], device: Any) -> Any:
        """The executable of `lower()`, compiled with `options` for one device; `what` is all that `lower` depends on.

        **Raises**: whatever lowering and compiling raise, and nothing else.
        """
        about = _about(options, device)
        link = self._link(what, about)
        if link is not None:
            name = self._read(link)
            found = None if name is None else self._load(name.decode(), device)
            if found is not None:
                self.loaded += 1
                return found
        lowered = lower()
        name = _digest(about, lowered.as_text()) + ".program"
        executable = self._load(name, device)
        if executable is None:
            self.compiled += 1
            before = _from_jax()[0]
            executable = lowered.compile(options)
            if _from_jax()[0] > before or not self._save(name, executable):
                return executable
        else:
            self.traced += 1
        if link is not None and self._sources is not None and self._sources.unchanged():
            self._write(link, name.encode())
        return executable

    def _link(self, what: Any, about: str) -> str | None:
        """The file that names the program of this description, if there is one."""
        if self._sources is None or not self._sources.unchanged():
            return None
        try:
            return _digest(about, self._sources.digest, repr(description_of(what))) + ".link"
        except Undescribed:
            return None

    def _load(self, name: str, device: Any) -> Any:
        payload = self._read(name)
        if payload is None:
            return None
        try:
            backend, devices = device.client, [device]
            return serialize_executable.deserialize_and_load(
                *pickle.loads(zlib.decompress(payload)), backend=backend, execution_devices=devices
            )
        except Exception:  # whatever another version of JAX or a full disk left there
            with suppress(OSError):
                (self.folder / name).unlink()
            return None

    def _save(self, name: str, executable: Any) -> bool:
        try:
            payload = zlib.compress(pickle.dumps(serialize_executable.serialize(executable)), 1)
        except Exception:  # not every executable can be serialised
            return False
        return self._write(name, payload)

    def _read(self, name: str) -> bytes | None:
        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError:
            return None
        with suppress(OSError):  # a folder that is only read
            os.utime(path)
        digest, payload = content[:32], content[32:]
        return payload if hashlib.sha256(payload).digest() == digest else None

    def _write(self, name: str, payload: bytes) -> bool:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._prune()
            handle, draft = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(payload).digest() + payload)
                os.replace(draft, self.folder / name)
            except BaseException:
                os.unlink(draft)
                raise
        except OSError:
            return False
        return True

    def _prune(self) -> None:
        """Once per process: of more than 256 MiB, what was not used for longest goes."""
        if self._pruned:
            return
        self._pruned = True
        with suppress(OSError), os.scandir(self.folder) as entries:
            files = [(entry.stat(), entry.path) for entry in entries if entry.name.endswith((".program", ".link"))]
            total = sum(stat.st_size for stat, _ in files)
            for stat, path in sorted(files, key=lambda file: file[0].st_mtime):
                if total <= _MOST_BYTES:
                    break
                os.unlink(path)
                total -= stat.st_size


class _Sources:
    """The source of both packages as it was when this was made."""

    def __init__(self):
        stamps = _stamps()
        # What was imported before a file was written is other code than is hashed now.
        settled = stamps is not None and all(written < (_started() - 2) * 1e9 for _, written, _ in stamps)
        self._stamps = stamps if settled else None
        self.digest = _digest(*(f"{path}:{_sha256(Path(path).read_bytes())}" for path, *_ in self._stamps or ()))

    def unchanged(self) -> bool:
        """Whether no file was written since; what is imported from now on could be other code than was hashed."""
        return self._stamps is not None and _stamps() == self._stamps


def _started() -> float:
    """When this process started, in seconds since 1970; 0 where that cannot be found out."""
    try:
        boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime"))
        ticks = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
        return int(boot.split()[1]) + int(ticks) / os.sysconf("SC_CLK_TCK")
    except (OSError, StopIteration, ValueError, IndexError):
        return 0.0


def _stamps() -> list[tuple[str, int, int]] | None:
    """Path, time and size of every source file, None if some package is not where its source is."""
    found = []
    for package in OWN:
        folder = Path(__file__).absolute().parents[2] / package
        where = sys.modules[package].__path__ if package in sys.modules else [str(folder)]
        files = sorted(folder.rglob("*.py"))
        if not files or [Path(path).absolute() for path in where] != [folder]:
            return None
        found += [(str(path), stat.st_mtime_ns, stat.st_size) for path in files for stat in [path.stat()]]
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(*parts: str) -> str:
    return _sha256("\0".join(parts).encode())


def _about(options: dict[str, Any], device: Any) -> str:
    """Everything besides the program that what is compiled depends on."""
    settings = {**jax.config.values, "jax_enable_x64": jax.config.jax_enable_x64}  # pyright: ignore
    flags = sorted((name, value) for name, value in os.environ.items() if name.startswith(("XLA_", "JAX_", "LIBTPU_")))
    where = (device.platform, device.device_kind, device.id, device.client.platform_version)
    return repr((sorted(options.items()), sorted(settings.items(), key=str), flags, where, _machine()))


@functools.cache
def _machine() -> tuple[Any, ...]:
    versions = []
    for package in STANDS_ON:
        with suppress(metadata.PackageNotFoundError):
            versions.append((package, metadata.version(package)))
    processor: Sequence[str] = (platform.processor(), platform.node())
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
        processor = [line for line in lines if line.startswith(("model name", "flags", "Features", "CPU "))]
    return sys.version, tuple(versions), platform.machine(), os.cpu_count(), tuple(processor)
