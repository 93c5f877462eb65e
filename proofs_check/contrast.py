r"""Two loops beside each other, chain by chain: a statement about networks, decided by signs.

Chains of two workflows that share their real sample, their first weights and their minibatches are *pairs*. A statement
is one number per pair that is positive where it holds, and what is decided is $P(d > 0) > \frac12$, by exact binomial
limits: nothing is assumed but that pairs are independent, so that one chain that diverges cannot carry the word, nor
spoil it. Means are shown and judge nothing.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from proofs_check.claim import Claim, Experiment, Verdict
from proofs_check.plan import Plan

if TYPE_CHECKING:
    from proofs_check.outcome import Outcome

__all__ = ["Contrast", "Trial", "exceeds", "rises", "rises_less"]

Paths = Mapping[str, Mapping[str, np.ndarray]]
"""By workflow and metric, (generations, chains)."""
Numbers = Callable[[Paths], np.ndarray]
"""One number per pair of chains."""


@dataclass(frozen=True)
class Trial:
    """Paired chains that several contrasts read, run once for all of them.

    **Args**: `name`: what tells trials apart, of which those of one name share their chains; `run`: (chains, seed) ->
    paths by workflow and metric; `protocol`: what it runs, in a line; `chains`: pairs per look; `looks`: how many looks
    there are, each at as many pairs more.
    """

    name: str
    run: Callable[[int, int], Paths]
    protocol: str
    chains: int = 32
    looks: int = 2

    def look(self, index: int, seed: int) -> Paths:
        """The paths of the `index`-th look alone, from 0; run by the first that asks, while others wait."""
        key = (self.name, self.chains, index, seed)
        with _LOCK:
            mine = key not in _RUNS
            found = _RUNS.setdefault(key, Future())
        if mine:
            try:
                found.set_result(self.run(self.chains, self.looks * seed + index))
            except BaseException as error:
                found.set_exception(error)
        return found.result()


_RUNS: dict[tuple, "Future[Paths]"] = {}
_LOCK = Lock()


def exceeds(a: str, b: str, metric: str, at: int = -1) -> Numbers:
    """At generation index `at`, `a` is above `b`.

    **Args**: `a`, `b`: names of workflows; `metric`: a name of the probe.

    **Returns**: the difference, per pair.
    """
    return lambda paths: paths[a][metric][at] - paths[b][metric][at]


def rises(a: str, metric: str) -> Numbers:
    """`a` rises: the slope of its least-squares line over the generations is positive.

    **Args**: `a`: the name of a workflow; `metric`: a name of the probe.

    **Returns**: the slope, per chain.
    """

    def slope(paths: Paths) -> np.ndarray:
        path = np.asarray(paths[a][metric])
        t = np.arange(len(path)) - (len(path) - 1) / 2
        return t @ path / (t @ t)

    return slope


def rises_less(b: str, a: str, metric: str, share: float = 0.25) -> Numbers:
    """From the first generation to the last `b` rises by less than this share of what `a` does.

    **Args**: `b`, `a`: names of workflows; `metric`: a name of the probe; `share`: of the rise of `a`.

    **Returns**: share times the rise of a, less the rise of b, per pair.
    """

    def margin(paths: Paths) -> np.ndarray:
        return share * _rise(paths[a][metric]) - _rise(paths[b][metric])

    return margin


def _rise(path: Any) -> np.ndarray:
    return np.asarray(path[-1]) - np.asarray(path[0])


@dataclass(frozen=True)
class Contrast(Experiment):
    """A statement about pairs of chains, and nearby wrong ones.

    **Args**: `trial`: the chains; `number`: positive where the statement holds; `mutants`: numbers of wrong statements,
    each of which the same pairs must refute; `quantity`: what the number is, in words.
    """

    trial: Trial
    number: Numbers
    mutants: Mapping[str, Numbers]
    quantity: str

    @property
    def protocol(self) -> str:  # pyright: ignore
        return self.trial.protocol

    def decide(self, claim: Claim, plan: Plan, share: float) -> "Outcome":
        """The word after as many looks as it takes, the k-th of which spends 2^-k of the error probability."""
        from proofs_check.outcome import Outcome

        started = time.perf_counter()
        seen: list[Paths] = []
        numbers, word = np.zeros(0), _UNDECIDED
        mutants: dict[str, Verdict] = {}
        while len(seen) < self.trial.looks:
            seen.append(self.trial.look(len(seen), plan.seed))
            spent = share / 2 ** len(seen)
            numbers = _gathered(self.number, seen)
            word = _judged(numbers, spent)
            mutants = {name: _judged(_gathered(rule, seen), spent).verdict for name, rule in self.mutants.items()}
            if word.verdict != "UNDECIDED" and all(found == "REFUTED" for found in mutants.values()):
                break
        pairs, mean = len(numbers), float(np.mean(numbers))
        error = float(np.std(numbers, ddof=1) / pairs**0.5)
        held = float(np.mean(numbers > 0))
        undecided = f"{held:.0%} of {pairs} pairs hold, which is too few to tell from a half"
        return Outcome(
            claim=claim,
            verdict=word.verdict,
            licence="exact",
            clause="",
            simulated=word.verdict,
            reason=undecided if word.verdict == "UNDECIDED" else "",
            alpha=share,
            resolution=plan.resolution,
            reached=math.inf,
            chains=pairs,
            looks=len(seen),
            seconds=time.perf_counter() - started,
            engine="neural",
            sampler="none",
            seed=plan.seed,
            parameters={**claim.parameters, **plan.parameters},
            protocol=f"{self.protocol}; mean {mean:.4g} +- {error:.2g} over pairs",
            quantity=f"share of pairs with {self.quantity}",
            index="look",
            generations=[len(seen)],
            observed=[held],
            stderr=[float(np.sqrt(held * (1 - held) / pairs))],
            lower=[word.lower],
            upper=[word.upper],
            predicted=[0.5],
            tightness=2 * held,
            vacuous="",
            allowance=[0.0],
            law=None,
            evidence=list(self.evidence),
            relative_to="",
            nearest=math.inf,
            mutants=mutants,
        )


@dataclass(frozen=True)
class _Signs:
    """A word, and the limits of P(d > 0) that it rests on."""

    verdict: Verdict
    lower: float
    upper: float


_UNDECIDED = _Signs("UNDECIDED", 0.0, 1.0)


def _gathered(rule: Numbers, seen: Sequence[Paths]) -> np.ndarray:
    numbers = np.concatenate([np.asarray(rule(paths), float) for paths in seen])
    lost = np.flatnonzero(np.isnan(numbers))
    if len(lost):
        raise ValueError(
            f"{len(lost)} of {len(numbers)} pairs have no number, pair {lost[0]} first; look at their losses"
        )
    return numbers


def _judged(numbers: np.ndarray, alpha: float) -> _Signs:
    """A tie counts against whatever would be said: it is no sign."""
    from collapse_jax.results.estimate import binomial_limits

    lower = float(binomial_limits(np.sum(numbers > 0), len(numbers), alpha)[0])
    upper = float(binomial_limits(np.sum(numbers >= 0), len(numbers), alpha)[1])
    return _Signs("SUPPORTED" if lower > 0.5 else "REFUTED" if upper < 0.5 else "UNDECIDED", lower, upper)
