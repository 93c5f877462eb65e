"""Self-tests for families and workflows of your own: does what is written hold together, before it is believed?

`check_family` and `check_workflow` run small chains and compare what has to agree: engines in law, padded with unpadded
data, one precision with the other, schedules, single observations, and a pedigree with the moments that it implies.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from collapse_jax.engine.request import Request
from collapse_jax.engine.simulate import simulate
from collapse_jax.engine.trial import differs, in_precision, reads_unfilled
from collapse_jax.families import Bernoulli, Family, Gaussian
from collapse_jax.laws.pedigree import quadratic_error
from collapse_jax.metrics import metric, metrics_for
from collapse_jax.numerics import random
from collapse_jax.workflows import Accumulate, Replace, Workflow

__all__ = ["ALPHA", "Findings", "check_family", "check_workflow"]

ALPHA = 1e-6  # probability that a check of something right finds anything wrong by chance
_GENERATIONS, _MOST = 3, 8


@dataclass(frozen=True)
class Findings:
    """What a self-test has found: false where something is wrong, and in print one paragraph.

    **Args**: `name`: of what was checked; `held`: what was checked and holds; `wrong`: sentences about what does not.
    """

    name: str
    held: tuple[str, ...]
    wrong: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        found = f"{self.name}: " + ("nothing wrong was found" if self else "; ".join(self.wrong))
        return f"{found}. Checked and right: {', '.join(self.held) or 'nothing'}."

    def require(self) -> None:
        """Raise ValueError with the paragraph if something is wrong."""
        if self.wrong:
            raise ValueError(str(self))


def check_family(family: Family, *, n: int = 20, chains: int = 4096, metrics: Sequence[Any] = ()) -> Findings:
    r"""Whether the methods of a family agree with each other.

    Checked are the shapes and types that `sample`, `fit` and `statistic` return, in both precisions; that tracing
    twice gives one program; that a fit does not read unfilled slots; that pools of what `reduce` returns are fitted as
    the pooled observations are; schedules; n = 1; and, if there is an exact
    engine, that it has the law of the literal one: by Kolmogorov and Smirnov's statistic of two samples,
    $D \le \sqrt{\log(2 k / \alpha) / N}$ for N chains each, all k comparisons together at $\alpha = 10^{-6}$.

    **Args**: `family`: the truth, as `simulate` takes it; `n`: a sample size; `chains`: per engine; `metrics`: what to
    compare, by default the named metrics that are defined for the family, else its parameters.

    **Returns**: the findings.
    """
    exact = type(family).statistic is not Family.statistic
    steps: dict[str, Callable[[], Iterator[str]]] = {
        "shapes and precision": lambda: _shapes(family, n, exact),
        "tracing": lambda: _tracing(family, n),
        "unfilled slots": lambda: _padding(family, n),
        "reduced data": lambda: _reduction(family, n),
        "schedules": lambda: _schedules(family, n),
        "n = 1": lambda: _alone(family),
    }
    if exact and not family.keeps_samples:
        steps["both engines in law"] = lambda: _engines(family, n, chains, metrics)
    return _findings(type(family).__name__, steps)


def check_workflow(workflow: Workflow, *, chains: int = 4096) -> Findings:
    r"""Whether a workflow treats data as its engines and its pedigree say.

    It is run on coins and on Gaussians, where it is defined for them: shapes stay fixed, both engines have one law (as
    in `check_family`), and, where there is a pedigree, $E(p_t - p_0)^2$ of the coins is the one that it implies, within
    the confidence limits of error probability $10^{-6}$.

    **Args**: `workflow`: as `simulate` takes it; `chains`: per engine.

    **Returns**: the findings.
    """
    steps: dict[str, Callable[[], Iterator[str]]] = {"pedigree": lambda: _pedigree(workflow, chains)}
    for family in (Bernoulli(0.3), Gaussian(ddof=1)):
        if _refuses(workflow, family):
            continue
        name = f"both engines in law ({type(family).__name__})"
        steps[name] = lambda family=family: _same_law(family, [workflow], chains, metrics_for(family)[:3])
    return _findings(type(workflow).__name__, steps)


def _refuses(workflow: Workflow, family: Family) -> bool:
    """Whether a workflow says that it is not defined for a family, as one that scales covariances is not for coins."""
    try:
        workflow.check(family, _GENERATIONS)
    except ValueError:
        return True
    return False


def _findings(name: str, steps: dict[str, Callable[[], Iterator[str]]]) -> Findings:
    held, wrong = [], []
    with jax.enable_x64(True):
        for step, found in steps.items():
            try:
                said = list(found())
            except Exception as error:
                said = [f"{step}: {type(error).__name__}: {' '.join(str(error).split())[:300]}"]
            wrong += said
            held += [] if said else [step]
    return Findings(name, tuple(held), tuple(wrong))


def _batch(family: Family, n: int, dtype: str) -> Any:
    return in_precision(family, dtype).begin(jax.random.key(0), 3, n, "literal")


def _shapes(family: Family, n: int, exact: bool) -> Iterator[str]:
    for dtype in ("float64", "float32"):
        truth = _batch(family, n, dtype)
        sources = {"sample": truth.samples} | (
            {"statistic": truth.statistic} if exact and not family.shares_design else {}
        )
        for method, draw in sources.items():
            fitted = jax.eval_shape(lambda key, draw=draw, truth=truth: truth.fit(draw(key, n)), jax.random.key(0))
            if not isinstance(fitted, Family):
                yield f"fit returns a {type(fitted).__name__} on what {method} draws, not the refitted model"
                continue
            for name in type(fitted).parameters if type(fitted) is type(truth) else ():
                want, got = jnp.asarray(getattr(truth, name)), getattr(fitted, name)
                if (want.shape, want.dtype) != (got.shape, got.dtype):
                    yield (
                        f"fit on what {method} draws gives `{name}` of shape {got.shape} and {got.dtype} where the "
                        f"model has shape {want.shape} and {want.dtype}"
                    )


def _tracing(family: Family, n: int) -> Iterator[str]:
    truth = _batch(family, n, "float64")
    programs = {str(jax.make_jaxpr(lambda key: truth.fit(truth.samples(key, n)))(jax.random.key(0))) for _ in range(2)}
    if len(programs) > 1:
        yield "sample and fit give another program when they are traced again; draw only from the key"


def _padding(family: Family, n: int) -> Iterator[str]:
    if problem := reads_unfilled(family, n):
        yield f"{problem}; use data.total, data.mean, data.median, data.number or data.present"


def _reduction(family: Family, n: int) -> Iterator[str]:
    truth = _batch(family, n, "float64")
    one, other = (truth.samples(key, n) for key in jax.random.split(jax.random.key(0)))
    few = one.first(max(1, n // 2)) if not truth.shares_design else one
    for a, b in ((one, other), (few, other)):
        parts = truth.reduce(a), truth.reduce(b)
        if parts[0] is None or parts[1] is None:
            return
        raw, reduced = ({name: getattr(truth.fit(data), name) for name in truth.parameters} for data in
                        (a + b, parts[0] + parts[1]))  # fmt: skip
        if depends := differs(raw, reduced):
            yield f"fits on pools of what `reduce` returns are not fits on the pooled observations: {depends} differs"
            return


def _schedules(family: Family, n: int) -> Iterator[str]:
    if family.shares_design or family.keeps_samples:
        return
    run = simulate(family, Replace((n, 2 * n, n)), _parameters(family), generations=3, chains=64, engine="literal")
    lost = max(curve.nonfinite.max() for curve in run.values())
    if lost:
        yield f"a schedule of sample sizes loses {lost} of 64 chains"


def _alone(family: Family) -> Iterator[str]:
    # an infinite parameter may be a point mass, which what it draws tells
    measured = [*_parameters(family, _Known), metric(name="draws")(_drawn)]
    try:
        Request(family, Replace(1), measured, generations=2, chains=64, engine="literal")
    except ValueError:  # `check` refuses, which is right
        return
    run = simulate(family, Replace(1), measured, generations=2, chains=64, engine="literal")
    if lost := max(curve.nonfinite.max() for curve in run.values()):
        yield f"n = 1 loses {lost} of 64 chains; let `check` refuse sample sizes that do not determine the fit"


@dataclass(frozen=True)
class _Entry:
    """One entry of a parameter, as a metric."""

    name: str
    index: int

    def __call__(self, model: Any, truth: Any) -> Any:
        leaf = getattr(model, self.name)
        flat = leaf.reshape(-1, leaf.shape[-1]) if model.chains_last else leaf.reshape(leaf.shape[0], -1).T
        return flat[self.index]


class _Known(_Entry):
    """One entry of a parameter, 0 where it is infinite."""

    def __call__(self, model: Any, truth: Any) -> Any:
        value = super().__call__(model, truth)
        return jnp.where(jnp.isinf(value), jnp.zeros_like(value), value)


def _drawn(model: Any, truth: Any) -> Any:
    """A sum over one draw, finite if all of it is."""
    leaves = [jnp.asarray(leaf) for leaf in jax.tree.leaves(model.sample(random.key(0), 1))]
    return sum(jnp.sum(leaf.reshape(leaf.shape[0], -1), -1) for leaf in leaves)


def _parameters(family: Family, entry: type[_Entry] = _Entry) -> list[Any]:
    """Metrics for the first entries of every parameter."""

    sizes = {name: max(1, int(np.size(getattr(family, name)))) for name in family.parameters}
    return [
        metric(name=f"{name}[{index}]")(entry(name, index))
        for name, size in sizes.items()
        for index in range(min(size, 3))
    ][:_MOST]


def _engines(family: Family, n: int, chains: int, metrics: Sequence[Any]) -> Iterator[str]:
    measured = list(metrics) or metrics_for(family)[:_MOST] or _parameters(family)
    yield from _same_law(family, [Replace(n), Accumulate(n)], chains, measured)


def _same_law(family: Family, workflows: Sequence[Any], chains: int, metrics: list[Any]) -> Iterator[str]:
    limit = math.sqrt(math.log(2 * len(workflows) * len(metrics) * _GENERATIONS / ALPHA) / chains)
    for workflow in workflows:
        runs = [
            simulate(
                family,
                workflow,
                metrics,
                generations=_GENERATIONS,
                chains=chains,
                keep_paths=chains,
                engine=engine,
                seed=i,
            )
            for i, engine in enumerate(("literal", "exact"))
        ]
        for name in runs[0]:
            apart = [_distance(*pair) for pair in zip(*(run.paths[name] for run in runs), strict=True)]
            if max(apart) > limit:
                t = int(np.argmax(np.asarray(apart) > limit))
                means = [run[name].mean[t] for run in runs]
                yield (
                    f"the engines differ in law under {workflow}: {name} at t={t + 1} is {means[0]:.3g} on average by "
                    f"sample (literal) and {means[1]:.3g} by statistic (exact), and the distance {max(apart):.2g} of "
                    f"their distributions is above {limit:.2g}, the limit at alpha={ALPHA:g}"
                )
                break


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    """Kolmogorov and Smirnov's distance between two samples, of values equal up to rounding counted as ties."""
    both = np.concatenate([one, other])
    unit = np.max(np.abs(both), where=np.isfinite(both), initial=0.0) * math.pi * 1e-9 or 1.0
    ranked = [np.sort(np.round(x / unit)) for x in (one, other)]
    at = np.concatenate(ranked)
    shares = [np.searchsorted(x, at, side="right") / len(x) for x in ranked]
    return float(np.max(np.abs(shares[0] - shares[1])))


def _pedigree(workflow: Workflow, chains: int) -> Iterator[str]:
    try:
        pedigree = workflow.pedigree(_GENERATIONS)
    except ValueError:  # it has none
        return
    p = 0.3
    right = quadratic_error(pedigree, p * (1 - p), -1)
    curve = simulate(Bernoulli(p), workflow, "squared_error", generations=_GENERATIONS, chains=chains)["squared_error"]
    low, high = curve.band(ALPHA)
    if wrong := [t for t in range(_GENERATIONS) if not low[t] <= right[t] <= high[t]]:
        t = wrong[0]
        yield (
            f"the pedigree implies E(p_t - p_0)^2 = {right[t]:.4g} at t={t + 1} for coins, and chains give "
            f"{curve.mean[t]:.4g}"
        )
