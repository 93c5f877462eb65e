r"""Eight definitions of model collapse beside each other, after Schaeffer et al. (2025), "Model Collapse Does Not Mean
What You Think" (arXiv 2503.03150), who list them and show that they disagree."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from collapse_jax.engine.simulate import simulate
from collapse_jax.families import Family
from collapse_jax.metrics import METRICS, PathMetric, Quantity, Since, defined, metrics_for, resolve
from collapse_jax.metrics.discrete import probabilities
from collapse_jax.metrics.losses import diversity, hallucinated, lost_modes, narrowing, tail_cover
from collapse_jax.results.definitions import Answer, Track, exceeds, grows, rescales, since, vanishes
from collapse_jax.results.profile import DEFINITIONS, Profile
from collapse_jax.workflows import Around, Workflow

__all__ = ["enlarged", "profile"]


@dataclass(frozen=True)
class _Level:
    """A quantity of the model at one level, as a metric."""

    quantity: Any
    level: float | None
    __name__: str

    def __call__(self, model: Any, truth: Any) -> Any:
        return self.quantity(model, truth) if self.level is None else self.quantity(model, truth, self.level)


def profile(
    family: Family,
    workflow: Workflow,
    *,
    generations: int,
    chains: int,
    risk: Any = None,
    alpha: float | int = 0.01,
    factor: float | int = 10,
    scale: int = 4,
    exponent: float | int = 0.1,
    tail: float = 0.05,
    rare: float = 1e-3,
    larger: Workflow | None = None,
    measures: Mapping[str, Any] | None = None,
    **options: Any,
) -> Profile:
    r"""On which of eight definitions of model collapse a workflow collapses, within so many generations.

    With $R_t$ the expected risk of fit t, G the last fit and $s \approx \sqrt G$, the criteria are

    1. `catastrophic`: $R_t > \kappa R_1$ for some t;
    2. `any_increase`: $R_t > R_1$ for some t;
    3. `diverging_risk`: $R_G > R_1$ and $(R_G - R_1)/\log G > (R_s - R_1)/\log s$;
    4. `scaling_law`: the exponent of $R_G$ in the sample size differs from that of $R_1$ by more than `exponent`;
    5. `variance`: criterion 3 for minus the log of the variance, or of the diversity of a discrete law;
    6. `modes`: some fit has, in expectation, lost more modes than the first;
    7. `tail`: criterion 3 for minus the log of how much of the real tail is covered;
    8. `hallucination`: some fit puts more mass than the first where the truth has at most `rare`.

    A divergence cannot be seen in finitely many generations. Criterion 3 asks instead for at least logarithmic growth
    up to now, without a threshold: the chord of $a t^b$, of a harmonic sum or of $\log^2 t$ over logarithmic time gets
    steeper, that of a curve $c - a t^{-b}$ which settles gets flatter. What settles only after G, or grows as slowly
    as $\log\log t$, is misread; G has to exceed the time scale, such as n under `Replace`. The paper gives the
    definitions in words; `factor`, `exponent`, `tail` and `rare` make "large", "changed", "tail" and "hallucinated"
    precise, and words may depend on them and on the risk.

    Every word is decided by limits (Student's, of paired differences within chains, with the delta method for
    logarithms) that hold at once, as far as means of so many chains are normal; where few chains carry a mean it stays
    "undecided". A "no" because nothing changed in any chain has a remark that says how rare a change would go unseen.

    **Args**: `family`, `workflow`, `generations`, `chains`, `options`: as for `simulate`; `risk`: a metric, by default
    the excess test risk of a regression, $W_2^2$ for Gaussian and exponential laws, else the squared error; `alpha`:
    some word is wrong with at most this probability; `factor`: $\kappa$; `scale`: criterion 4 compares samples n and
    `scale` n; `exponent`: what changes a scaling law; `tail`: real mass of the tail of a continuous law; `rare`: real
    mass where data count as hallucinated; `larger`: the workflow with `scale` times as many data, by default
    `workflow` with `n` and `n_real` multiplied.

    **Returns**: a `Profile`, to be printed, plotted or saved as JSON.

    **Raises**: ValueError for fewer than 4 generations or 2 chains, a level that is none, a risk that is not defined,
    options that cut a run in parts, and a workflow of the user's whose sizes are not called `n` and `n_real`.
    """
    _validate(generations, chains, alpha, factor, scale, exponent, tail, rare, options)
    name, measure = resolve(_risk(family) if risk is None else risk)
    if isinstance(measure, PathMetric) or not defined(measure, family):
        raise ValueError(
            f"risk={name!r} is not defined for {type(family).__name__} at one fit; use one of "
            f"{', '.join(other for other in metrics_for(family) if not isinstance(METRICS[other], PathMetric))}"
        )
    middle = max(2, math.isqrt(generations))
    given = _given(measures, family)
    spread = narrowing if narrowing.implementation(family) is not None and "variance" not in given else diversity
    wanted = {
        "variance": (spread, None),
        "modes": (lost_modes, None),
        "tail": (tail_cover, tail),
        "hallucination": (hallucinated, rare),
    }
    own = {key: one for key, one in wanted.items() if one[0].implementation(family) is not None}
    there = {key: _Level(*own[key], key) for key in own} | {  # pyright: ignore[reportCallIssue]
        key: _Level(one, None, key) for key, one in given.items()
    }
    recorded = [
        metric for key, one in ({name: measure} | there).items() for metric in _with_differences(key, one, middle)
    ]
    sizes = {"generations": generations, "chains": chains, **options}
    run = simulate(family, workflow, recorded, **sizes)
    bigger = enlarged(workflow, scale) if larger is None else larger
    same = options.get("sizes") == "traced"  # then one program serves both runs, if they record the same
    other = simulate(family, bigger, recorded if same else _with_differences(name, measure, middle), **sizes)
    bounded = probabilities.implementation(family) is not None

    def track(key: str) -> Track:
        within = key not in given and (key == "tail" or (bounded and key == "variance"))
        return Track(run, chains, key, middle, within)

    share = alpha / (4 + len(there))
    whole = track(name)
    answers = {
        "catastrophic": exceeds(whole, float(factor), share),
        "any_increase": exceeds(whole, 1.0, share),
        "diverging_risk": grows(whole, share),
        "scaling_law": rescales(whole, Track(other, chains, name, middle), scale, float(exponent), share),
    }
    ask = {
        "variance": lambda one: (grows if spread is narrowing else vanishes)(one, share),
        "modes": lambda one: exceeds(one, 1.0, share),
        "tail": lambda one: vanishes(one, share),
        "hallucination": lambda one: exceeds(one, 1.0, share),
    }
    for key in wanted:
        answers[key] = ask[key](track(key)) if key in there else Answer("not defined")
    ordered = {key: answers[key] for key in DEFINITIONS}
    criteria = _criteria(name, spread, middle, factor, scale, exponent, tail, rare)
    criteria |= {key: f"{criteria[key]}; measured by {resolve(one)[0]}" for key, one in given.items()}
    return Profile(ordered, criteria, run, other, alpha)


def _given(measures: Mapping[str, Any] | None, family: Family) -> dict[str, Any]:
    """The user's measures by definition, validated."""
    if measures is not None and not isinstance(measures, Mapping):
        raise ValueError(f"measures={measures!r} name no definitions; give them by name, such as {{'tail': metric}}")
    given = {}
    for key, one in (measures or {}).items():
        if key not in _MEASURED:
            raise ValueError(f"measures has {key!r}; a profile measures {', '.join(_MEASURED)} by what is given")
        name, metric = resolve(one)
        if isinstance(metric, PathMetric) or not defined(metric, family):
            raise ValueError(f"measures[{key!r}]={name!r} is not defined for {type(family).__name__} at one fit")
        given[key] = metric
    return given


_MEASURED = ("variance", "modes", "tail", "hallucination")


def _with_differences(name: str, measure: Any, middle: int) -> list[Any]:
    """A quantity and its differences to fits 1 and s, as metrics."""
    apart = [Since(of=measure, fit=fit, name=since(name, fit)) for fit in (1, middle)]
    return [METRICS[name] if METRICS.get(name) is measure else measure, *apart]


def enlarged(workflow: Workflow, scale: int) -> Workflow:
    """The workflow with `scale` times as many data, real and synthetic."""
    if isinstance(workflow, Around):
        return dataclasses.replace(workflow, workflow=enlarged(workflow.workflow, scale))
    n = workflow.n
    sizes: dict[str, Any] = {"n": n * scale if isinstance(n, int) else tuple(size * scale for size in n)}
    if any(item.name == "n_real" for item in dataclasses.fields(workflow)):
        sizes["n_real"] = workflow.n_real * scale  # pyright: ignore[reportAttributeAccessIssue]
    return dataclasses.replace(workflow, **sizes)


def _risk(family: Family) -> str:
    order = ["risk", *["w2"] * (probabilities.implementation(family) is None), "squared_error"]
    known = metrics_for(family)
    found = [name for name in order if name in known]
    if not found:
        raise ValueError(f"no risk is known for {type(family).__name__}; give risk=, a named function (model, truth)")
    return found[0]


def _validate(
    generations: Any,
    chains: Any,
    alpha: Any,
    factor: Any,
    scale: Any,
    exponent: Any,
    tail: Any,
    rare: Any,
    options: Mapping[str, Any],
) -> None:
    for name, value, low in (("generations", generations, 4), ("chains", chains, 2), ("scale", scale, 2)):
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise ValueError(f"{name}={value!r} is too few for a profile; use a whole number >= {low}")
    for name, value in (("alpha", alpha), ("tail", tail), ("rare", rare)):
        if not 0 < value < 1:
            raise ValueError(f"{name}={value!r} is no probability that means something here; use 0 < {name} < 1")
    if not factor > 1 or not exponent > 0:
        raise ValueError(f"factor={factor!r} and exponent={exponent!r} say what is large; use factor > 1, exponent > 0")
    for name in ("shard", "distributed", "checkpoint"):
        if options.get(name):
            raise ValueError(f"a profile compares two whole runs; leave {name} out, or save the runs it holds")


def _criteria(
    risk: str, spread: Quantity, middle: int, factor: Any, scale: int, exponent: Any, tail: float, rare: float
) -> dict[str, str]:
    """What each definition asked, in words."""
    log_time = f"larger at the last fit than at the first, and its chord over log t steeper than up to t={middle}"
    what = "log of the variance" if spread is narrowing else "log of the diversity"
    return {
        "catastrophic": f"{risk} above {factor:g} times that of the first fit at some fit",
        "any_increase": f"{risk} above that of the first fit at some fit",
        "diverging_risk": f"{risk} {log_time}",
        "scaling_law": f"exponent of {risk} between n and {scale} n more than {exponent:g} from that of the first fit",
        "variance": f"minus the {what}: {log_time}",
        "modes": "more modes lost than at the first fit at some fit",
        "tail": f"minus the log of the covered share of the real tail ({tail:g} of a continuous law): {log_time}",
        "hallucination": f"more mass than at the first fit where the truth has at most {rare:g}, at some fit",
    }
