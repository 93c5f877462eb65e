"""What XLA is asked for: options for a CPU, and compiling with them or loading what was compiled before."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax

from collapse_jax.engine import cache

__all__ = ["compile_program", "compiler_options"]


def compile_program(lower: Callable[[], Any], what: Any, optimisation: int, device: Any, alone: bool) -> Any:
    """The executable of `lower()`, loaded if the cache holds it.

    **Args**: `what`: all that `lower` depends on; `optimisation`: 0 to 3; `device`: the first one it runs on; `alone`:
    whether that is the only one.

    **Raises**: ValueError for a program that XLA cannot make.
    """
    options, kept = compiler_options(device.platform, optimisation), cache.active()
    try:
        if kept is None or device.platform != "cpu" or not alone or jax.process_count() > 1:
            return lower().compile(options)
        return kept.program(what, lower, options, device)
    except jax.errors.JaxRuntimeError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"no program for this run: {reason}; use a smaller n, block or number of generations, or engine='exact'"
        ) from None


@lru_cache
def compiler_options(platform: str, optimisation: int) -> Any:
    """Options of XLA for a CPU.

    LLVM's first level is as fast as its last and compiles a little sooner. A program belongs to one core: dividing
    its small loops among threads costs more than they take. Full-width vectors are faster where the processor has
    them, and ignored where not. `python -m benchmarks.compilation` measures all of it.
    """
    options: dict[str, Any] = {
        "xla_backend_optimization_level": optimisation,
        "xla_cpu_multi_thread_eigen": False,
        "xla_disable_hlo_passes": "cpu-parallel-task-assigner",
    }
    if optimisation == 0:
        options |= {"xla_cpu_use_fusion_emitters": False, "xla_cpu_parallel_codegen_split_count": 1}
    else:
        options |= {"xla_cpu_prefer_vector_width": 512}

    def known(name: str) -> bool:
        try:
            jax.jit(lambda: 0).lower().compile({name: options[name]})
        except jax.errors.JaxRuntimeError:  # a version of XLA without this option
            return False
        return True

    return {name: value for name, value in options.items() if platform == "cpu" and known(name)}
