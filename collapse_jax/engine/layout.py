"""How a run lies on a machine: chains in blocks, blocks on devices, and what fits in their memory.

None of it changes a number but the size of a block, which is part of what determines the random numbers.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec, Sharding, SingleDeviceSharding

from collapse_jax.engine import platform
from collapse_jax.families import Engine, Family
from collapse_jax.numerics.triangle import UNROLL
from collapse_jax.workflows import Workflow

if TYPE_CHECKING:
    from collapse_jax.engine.request import Request

__all__ = ["BLOCK", "beside", "block_size", "chosen", "fits", "kept", "mesh_of", "on_cpu", "placements"]

BLOCK = 1024


def block_size(family: Family, workflow: Workflow, engine: Engine) -> int:
    """As many chains as keep a core busy without leaving its cache.

    **Args**: `family`, `workflow`, `engine`: what a chain holds.

    **Returns**: chains per block, 8 to 4,096.
    """
    if workflow.needs_samples_of(family) or (engine == "literal" and workflow.needs_samples):
        return BLOCK // 4
    if engine == "literal":
        return BLOCK
    if family.keeps_samples:
        return BLOCK // 8
    if family.order > UNROLL and family.refits_truth and workflow.refits and isinstance(workflow.n, int):
        return max(8, min(BLOCK, 1 << (32 * BLOCK // family.order).bit_length() - 1))  # vectors, no matrices
    if family.order > UNROLL:  # dense matrices
        return BLOCK // 8 if family.order <= 32 else BLOCK // 32 if family.order <= 64 else BLOCK // 128
    numbers = sum(np.size(getattr(family, name)) for name in family.parameters)
    return 4 * BLOCK if numbers <= 4 else BLOCK


def chosen(devices: int | Sequence[Any] | None, distributed: bool) -> list[Any]:
    """The devices asked for, of this process if there are several."""
    available = platform.devices(local=distributed)
    if devices is None:
        return available
    if isinstance(devices, int | np.integer) and not isinstance(devices, bool):
        if not 1 <= devices <= len(available):
            raise ValueError(
                f"devices={devices} but JAX sees {len(available)}; set JAX_NUM_CPU_DEVICES to split a CPU, or use fewer"
            )
        return available[: int(devices)]
    listed = list(devices) if isinstance(devices, Sequence | np.ndarray) and getattr(devices, "ndim", 1) else []
    if not listed or not all(isinstance(device, jax.Device) for device in listed):
        raise ValueError(f"devices={devices!r} is not a number of devices or a list of them; use for example devices=1")
    return listed


def mesh_of(devices: list[Any]) -> Mesh:
    """The devices in a row, chains being divided among them."""
    return Mesh(np.asarray(devices), ("chains",), axis_types=(AxisType.Auto,))


def on_cpu(mesh: Mesh) -> bool:
    """Whether a core is filled by one block."""
    return mesh.devices.flat[0].platform == "cpu"


def placements(mesh: Mesh) -> tuple[Sharding, Sharding]:
    """Where the blocks go, and where what all devices read."""
    if mesh.size == 1:
        alone = SingleDeviceSharding(mesh.devices.flat[0])
        return alone, alone
    return NamedSharding(mesh, PartitionSpec("chains")), NamedSharding(mesh, PartitionSpec())


def fits(request: "Request", block: int, room: int) -> None:
    """Raise ValueError, naming the remedy, for raw data that no block of chains could hold in `room` bytes."""
    family, workflow = request.family, request.workflow
    if request.engine != "literal" and not workflow.needs_samples_of(family) and not family.keeps_samples:
        return
    largest = max(workflow.fitted_sizes(request.generations))
    if largest * block * np.dtype(request.dtype).itemsize > room:
        raise ValueError(
            f"a block of {block} chains of {largest:.3g} observations does not fit in {room >> 20} MiB; "
            "use a smaller n or block, engine='exact', or more memory"
        )


def kept(config: Mapping[str, Any]) -> int:
    """Bytes of the paths that a run of this configuration keeps on the host."""
    numbers = min(config["keep_paths"], config["chains"]) * config["generations"] * len(config["metrics"])
    return numbers * np.dtype(config["dtype"]).itemsize


def beside(paths: int, room: int) -> int:
    """What kept paths of so many bytes leave of `room`; ValueError, naming the remedy, if that is nothing."""
    if paths >= room:
        raise ValueError(
            f"the kept paths take {paths >> 20} MiB, and memory is {room >> 20} MiB; use a smaller keep_paths, fewer "
            f"generations or metrics, or memory={2 * paths}"
        )
    return room - paths
