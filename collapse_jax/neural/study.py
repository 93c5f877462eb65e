"""A study: paired chains of nets through several workflows."""

from collections.abc import Mapping
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from collapse_jax.engine.bar import shown, tqdm
from collapse_jax.families._family import whole
from collapse_jax.neural.checkpoint import Saved
from collapse_jax.neural.family import NeuralFamily
from collapse_jax.neural.loop import Loop, Tracks, shapes_of
from collapse_jax.neural.outcome import Study
from collapse_jax.neural.probe import Probe, probe_key
from collapse_jax.neural.programs import Programs, Shapes
from collapse_jax.neural.said import said
from collapse_jax.results.files import Place
from collapse_jax.results.record import configuration, versions
from collapse_jax.workflows import Workflow

__all__ = ["checked", "finished", "study"]


def study(
    family: NeuralFamily,
    workflows: Mapping[str, Workflow],
    probe: Probe,
    *,
    generations: int,
    chains: int,
    seed: int = 0,
    checkpoint: Place | None = None,
    block: int | None = None,
    progress: bool | None = None,
) -> Study:
    """Run chains of nets through several workflows, paired, and measure every net.

    Chain c has the same real sample, initial weights and minibatches at its first fit in all workflows whose first fit
    sees equally many real observations, and the same initial weights at every later one: differences are taken chain
    by chain. Drawing, training and measuring are compiled once each, for all workflows and sizes of pools.

    **Args**: `family`: truth, network and training; `workflows`: by name, such as `{"replace": Replace(64)}`; `probe`:
    what is measured; `generations`: fits per chain; `chains`: per workflow; `seed`: of all random numbers;
    `checkpoint`: a file that holds all that is finished after every fit, from which the same call goes on to the same
    bits; `block`: chains that share a program and a stream of random numbers, by default half of them on a CPU, so that
    two threads work, and all of them elsewhere; `progress`: whether a bar says what is left, None on a terminal.

    **Returns**: a `Study`, from names of workflows to (generations, chains) numbers.

    **Raises**: ValueError, naming the remedy, for sizes that are none, for a workflow that nets cannot run (averages of
    estimates, `RandomPool`, those of one family), before anything is trained, and for a checkpoint of another study.
    """
    if not isinstance(family, NeuralFamily):
        raise ValueError(f"{type(family).__name__} is no NeuralFamily; use collapse_jax.simulate for it")
    if not isinstance(probe, Probe):
        raise ValueError(f"{probe!r} is no probe; use Probe(('kl',), measure), or Probe.of(kl=measure)")
    generations, chains, seed = checked(workflows, generations, chains, seed)
    halves = 2 if jax.default_backend() == "cpu" else 1
    size = -(-chains // halves) if block is None else min(whole(block, "block", "a number of chains"), chains)
    config = {
        "family": configuration(family),
        "workflows": {name: configuration(workflow) for name, workflow in workflows.items()},
        "probe": said(probe, "the probe"),
        "generations": generations,
        "chains": chains,
        "block": size,
        "seed": seed,
        "platform": jax.default_backend(),
        **versions(),
    }
    truth, needs = _in_single(family), Shapes()

    def begin(key: Any, chains: int, n: Any) -> Any:
        return truth.begin(key, chains, n, "literal")

    shapes = {}
    for name, workflow in workflows.items():
        try:
            workflow.check(family, generations)
            family.check(workflow.fitted_sizes(generations), "literal")
            shapes[name] = shapes_of(workflow, generations, lambda key, n: begin(key, size, n), needs)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    programs = Programs(probe, needs.slots)

    def measure(block: int, model: Any) -> tuple[Any, Any]:
        return programs.measure(probe_key(seed, block), model), model.loss

    loop = Loop(workflows, generations, chains, size, seed, programs, begin, measure)
    saved = None if checkpoint is None else Saved(checkpoint, config, shapes)
    tracks = {name: Tracks() for name in workflows} if saved is None else saved.load()
    finished(loop, tracks, saved, progress)

    def last(track: Tracks) -> np.ndarray:
        return np.concatenate([np.asarray(state[1].weights) for state in track.states])[:chains]

    return Study.of(config, probe.names, tracks, {name: last(track) for name, track in tracks.items()})


def checked(workflows: Mapping[str, Workflow], generations: int, chains: int, seed: int) -> tuple[int, int, int]:
    """Validated sizes of a study.

    **Args**: those of `study`.

    **Returns**: generations, chains and seed.

    **Raises**: ValueError, naming the remedy.
    """
    if not isinstance(workflows, Mapping) or not workflows:
        raise ValueError(f"workflows={workflows!r} are none; give them by name, such as {{'replace': Replace(64)}}")
    for name, workflow in workflows.items():
        if not isinstance(name, str) or not isinstance(workflow, Workflow):
            raise ValueError(f"{name!r}: {workflow!r} is no workflow by name; give {{'replace': Replace(64)}}")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 1 << 32:
        raise ValueError(f"seed={seed!r} is no seed; use a whole number from 0 to 2^32 - 1")
    sizes = whole(generations, "generations", "a number of fits"), whole(chains, "chains", "a number of chains")
    return (*sizes, int(seed))


def finished(loop: Loop, tracks: Mapping[str, Tracks], saved: Saved | None, progress: bool | None) -> None:
    """Run what is left of a study, with its bar and its checkpoint.

    **Args**: `loop`; `tracks`: what is finished, which is added to; `saved`: its file; `progress`: as in `study`.
    """
    done, total = sum(track.fits for track in tracks.values()), loop.generations * len(tracks)
    with tqdm(total=total, initial=done, unit="fit", **shown(progress)) as bar:
        for name, t in loop.run(tracks):
            if saved is not None:
                saved.save(tracks)
            bar.set_description(f"{name}, fit {t} of {loop.generations}", refresh=False)
            bar.update()


def _in_single(family: NeuralFamily) -> Any:
    """Real numbers as arrays of float32 and arrays on the device, so that their values compile nothing anew."""

    def one(leaf):
        if isinstance(leaf, bool | int) or not eqx.is_array_like(leaf):
            return leaf
        array = np.asarray(leaf)
        return jnp.asarray(array, jnp.float32 if np.issubdtype(array.dtype, np.floating) else None)

    with jax.enable_x64(False):
        return jax.tree.map(one, family)
