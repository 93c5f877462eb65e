"""Several processes, on one machine or many: joining them, and handing every one the shards of all.

Each process runs a shard on its own devices, so nothing is communicated but the finished shards. They go through the
key-value store of JAX's coordination service, which works alike on every platform and needs no collective operations.
"""

import json
from collections.abc import Callable
from itertools import count
from threading import Event, Thread
from typing import Any

import jax
from jax._src.distributed import global_state

from collapse_jax.engine.collect import Interrupted
from collapse_jax.results import Run
from collapse_jax.results.store import pack, unpack

__all__ = ["distributed", "share"]

_PIECE = 1 << 20  # bytes per message
_CALLS = count()


def distributed(
    coordinator: str | None = None,
    processes: int | None = None,
    process: int | None = None,
    *,
    timeout: int | float = 300,
) -> tuple[int, int]:
    """Join the processes of this job. Call it before anything else that uses JAX.

    SLURM, Open MPI, Kubernetes and Cloud TPU are recognised; elsewhere all three arguments are needed.

    **Args**: `coordinator`: the HOST:PORT at which process 0 listens; `processes`: how many there are; `process`: which
    one this is, from 0; `timeout`: seconds to wait for the others.

    **Returns**: the index of this process, from 0, and how many there are.

    **Raises**: ValueError when no job is recognised or JAX is in use already; TimeoutError when not all processes have
    come after `timeout` seconds.
    """
    if jax.distributed.is_initialized():
        return global_state.process_id, global_state.num_processes
    finished, failure = Event(), []

    # JAX aborts the process when its own time is over; waiting for a thread leaves that to us.
    def join() -> None:
        try:
            jax.distributed.initialize(coordinator, processes, process, initialization_timeout=int(timeout) + 86_400)
        except Exception as error:
            failure.append(error)
        finished.set()

    Thread(target=join, daemon=True).start()
    if not finished.wait(timeout):
        where = global_state.coordinator_address
        mine = f"process {global_state.process_id}" + (f" of {processes}" if processes else "")
        global_state.client = global_state.service = None
        raise TimeoutError(
            f"{mine} waited {timeout:g} s at {where} and not all processes came; start every process, with the same "
            "coordinator and number of processes, and let them reach that port"
        )
    if failure:
        global_state.client = global_state.service = None
        reason = str(failure[0]).splitlines()[0]
        raise ValueError(
            f"cannot join other processes: {reason} Call distributed() before anything else that uses JAX, in a job of "
            "SLURM, Open MPI, Kubernetes or Cloud TPU, or give coordinator='HOST:PORT', processes=N and process=I"
        )
    jax.local_devices()  # processes meet once more when their devices are set up; errors come after that
    return global_state.process_id, global_state.num_processes


def share(work: Callable[[], list[Run]], process: int, processes: int) -> list[list[Run]]:
    """What `work` returns in each of the processes, which all call this in the same order."""
    call = next(_CALLS)
    try:
        runs = work()
    except BaseException as error:
        _post(f"{call}/{process}", {"error": f"{type(error).__name__}: {error}"}, [])
        raise
    _post(f"{call}/{process}", {"configs": [run.config for run in runs]}, [pack(run) for run in runs])
    try:
        shared = [runs if other == process else _fetch(call, other) for other in range(processes)]
    except KeyboardInterrupt:
        done = sum(run.chains for run in runs)
        held = runs[0] if len(runs) == 1 else None
        raise Interrupted(held, f"interrupted while waiting for other processes, with {done:,} chains") from None
    if call:  # every process has posted this call, and so has read the last
        _client().key_value_delete(f"collapse_jax/{call - 1}/{process}/")
    return shared


def _client() -> Any:
    return global_state.client


def _post(name: str, head: dict[str, Any], contents: list[bytes]) -> None:
    counts = []
    for which, content in enumerate(contents):
        pieces = [content[i : i + _PIECE] for i in range(0, len(content), _PIECE)]
        counts.append(len(pieces))
        for number, piece in enumerate(pieces):
            _client().key_value_set_bytes(f"collapse_jax/{name}/{which}.{number}", piece)
    _client().key_value_set_bytes(f"collapse_jax/{name}/head", json.dumps({**head, "pieces": counts}).encode())


def _fetch(call: int, process: int) -> list[Run]:
    head = json.loads(_wait_for(f"{call}/{process}/head"))
    if "error" in head:
        raise ConnectionAbortedError(f"process {process} stopped, and with it the run: {head['error']}")
    runs = []
    for which, (config, pieces) in enumerate(zip(head["configs"], head["pieces"], strict=True)):
        content = b"".join(_wait_for(f"{call}/{process}/{which}.{number}") for number in range(pieces))
        runs.append(Run(*unpack(content, config)))
    return runs


def _wait_for(name: str) -> bytes:
    """Wait as long as it takes, a second at a time for Ctrl-C; when a process dies JAX ends the others."""
    while True:
        try:
            return _client().blocking_key_value_get_bytes(f"collapse_jax/{name}", 1000)
        except jax.errors.JaxRuntimeError as error:
            if "DEADLINE_EXCEEDED" not in str(error):
                raise
