"""The forms that statements about pairs of chains take, each with mutants that the same pairs refute."""

from proofs_check.contrast import Contrast, Trial, exceeds, rises, rises_less


def worse(trial: Trial, a: str, b: str, metric: str) -> Contrast:
    """At the last fit a is worse than b.

    **Args**: `trial`; `a`, `b`: workflows; `metric`: by what.

    **Returns**: the check.
    """
    return Contrast(trial, exceeds(a, b, metric), {"exchanged": exceeds(b, a, metric)}, f"{metric} of {a} above {b}")


def rising(trial: Trial, a: str, metric: str, than: str = "accumulate") -> Contrast:
    """a rises over the fits; that the other rises by more is wrong.

    **Args**: `trial`; `a`: the workflow; `metric`: by what; `than`: the workflow of the mutant.

    **Returns**: the check.
    """
    others = {
        f"{than} rises by more": rises_less(a, than, metric, 1.0),
        "twice as much at fit 1": lambda paths: paths[a][metric][0] - 2 * paths[a][metric][-1],
    }
    return Contrast(trial, rises(a, metric), others, f"rising {metric} of {a}")


def flat(trial: Trial, b: str, metric: str, a: str = "replace", share: float = 0.25) -> Contrast:
    """b rises by less than a share of what a rises by; that it rises by as much is wrong.

    **Args**: `trial`; `b`, `a`: workflows; `metric`: by what; `share`.

    **Returns**: the check.
    """
    others = {"exchanged": rises_less(a, b, metric, 1.0)}
    return Contrast(trial, rises_less(b, a, metric, share), others, f"rise of {b} below {share:g} of that of {a}")
