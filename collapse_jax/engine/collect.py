"""Collecting the dispatches of a run in block order, keeping what is finished whatever happens."""

import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from functools import lru_cache, partial
from itertools import islice
from typing import Any

import numpy as np

from collapse_jax.engine.bar import shown, tqdm
from collapse_jax.engine.dispatch import Dispatches
from collapse_jax.results import Checkpoint, Run, Tally, Unsaved

__all__ = ["Interrupted", "Progress", "collect", "in_order", "keeping", "threads"]

_PATIENCE = 180.0  # seconds without a finished dispatch
_STUCK = (
    "no block of chains was finished for 3 minutes; blocks may be large (a smaller block or fewer generations shorten "
    "them), or code of your own waits for something, such as a callback or a lock; the run goes on, Ctrl-C stops it"
)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during `simulate`; `run` holds the chains that were finished, or None."""

    def __init__(self, run: Run | None, message: str = "interrupted"):
        super().__init__(message)
        self.run = run


class Progress:
    """The finished blocks of a run of this configuration, `keep` paths of its first chains among them."""

    def __init__(self, config: dict[str, Any], before: Run | None = None):
        self._config = config
        self._keep = config["keep_paths"]
        self._tally = Tally(config["first_block"])
        self._paths: list[tuple[np.ndarray, ...]] = []
        if before is not None:
            self._tally = before.tally.without_partial()
            chains = self.chains
            self._paths = [tuple(before.paths[name][:, :chains] for name in config["metrics"])] if before.paths else []

    @property
    def whole(self) -> int:
        """Whole blocks that are finished."""
        return self._tally.whole

    @property
    def chains(self) -> int:
        done = (self._tally.whole + self._tally.partial) * self._config["block"]
        return min(done, self._config["chains"])

    def add(self, tally: Tally, paths: tuple[np.ndarray, ...] | None) -> None:
        """Append the next blocks; an interruption in between leaves them out."""
        if paths is not None and self.chains < self._keep:
            self._paths.append(paths)
        self._tally = self._tally + tally

    def run(self) -> Run:
        kept = min(self._keep, self.chains)
        config = {**self._config, "chains": self.chains, "keep_paths": kept}
        if not kept:
            return Run(config, self._tally)
        self._paths = [tuple(np.concatenate(parts, -1)[:, :kept] for parts in zip(*self._paths, strict=True))]
        return Run(config, self._tally, dict(zip(config["metrics"], self._paths[0], strict=True)))


@contextmanager
def keeping(progress: Progress, checkpoint: Checkpoint | None) -> Iterator[None]:
    """Whatever stops the run, what is finished goes to the checkpoint; Ctrl-C becomes `Interrupted`."""
    try:
        yield
    except KeyboardInterrupt:
        raise _interrupted(progress, checkpoint) from None
    except Unsaved:
        raise
    except Exception:
        if checkpoint is not None and progress.chains:
            with suppress(Unsaved):
                checkpoint.save(progress.run())
        raise


def collect(
    dispatches: Dispatches, progress: Progress, pending: int, checkpoint: Checkpoint | None, bar: bool | None
) -> None:
    """Run the dispatches, at most `pending` of them at once, and add what they return to `progress`."""
    total = progress.chains + dispatches.chains
    meter = tqdm(total=total, initial=progress.chains, unit=" chains", unit_scale=True, **shown(bar))
    with meter:
        pool = threads(min(dispatches.program.workers, pending))
        jobs = (partial(dispatches.run, index) for index in range(dispatches.number))
        with closing(in_order(pool, jobs, pending)) as results:
            for result in results:
                progress.add(*result)
                meter.update(progress.chains - meter.n)
                if checkpoint is not None and checkpoint.due and progress.chains < total:
                    checkpoint.save(progress.run())


def _interrupted(progress: Progress, checkpoint: Checkpoint | None) -> Interrupted:
    if not progress.chains:
        return Interrupted(None, "interrupted before the first block of chains was finished")
    run = progress.run()
    message = f"interrupted after {run.chains:,} chains"
    if checkpoint is None:
        return Interrupted(run, message)
    try:
        checkpoint.save(run)
    except Unsaved as error:
        return Interrupted(run, f"{message}; {error}")
    return Interrupted(run, f"{message}, which {checkpoint.path} holds; make the same call to resume")


@lru_cache
def threads(number: int) -> ThreadPoolExecutor:
    """So many threads, the same ones in every call: starting them takes longer than a small run."""
    return ThreadPoolExecutor(number, "collapse_jax")


def in_order(pool: ThreadPoolExecutor, jobs: Iterable[Callable[[], Any]], pending: int) -> Generator[Any, None, None]:
    """Results of all jobs in order, at most `pending` of them waiting; a failure cancels the rest."""
    waiting, todo, said = [], iter(jobs), False
    try:
        waiting = [pool.submit(job) for job in islice(todo, pending)]
        while waiting:
            if not said and wait(waiting[:1], _PATIENCE).not_done:
                said = True
                warnings.warn(_STUCK, RuntimeWarning, stacklevel=2)
            result = waiting[0].result()  # still among those that are waited for if Ctrl-C comes now
            del waiting[0]
            waiting.extend(pool.submit(job) for job in islice(todo, 1))
            yield result
    finally:
        wait(future for future in waiting if not future.cancel())
