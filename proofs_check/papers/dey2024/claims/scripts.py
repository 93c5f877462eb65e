"""What two of the published loops do under the name of augmentation, and that it is not augmentation."""

from proofs_check.claim import claim
from proofs_check.papers.dey2024 import theory
from proofs_check.papers.dey2024.claims._setups import SETTING, mean_check

_AUGMENT = r"\operatorname{Var} Z_t = \sum_{k=1}^{t} k^{-2} \quad (\text{the loop called augment, %s})"


def _check(loop, n, generations, form, mutants):
    from proofs_check.papers.dey2024 import workflows

    return mean_check(
        {"PoolDoubling": workflows.PoolDoubling, "RelabelAll": workflows.RelabelAll}[loop](n),
        generations,
        lambda t: form(t) / n,
        {name: lambda t, f=f: f(t) for name, f in mutants.items()},
    )


@claim(
    "dey2024.code_doubling",
    statement=r"\operatorname{Var} Z_t = \frac32 - 2^{-t} \longrightarrow \frac32 \quad (\text{all rows of the pool are labelled anew, and added})",
    relation="==",
    provenance="derived",
    source="loop of the authors' scripts for self-supervised features that keep the pool in memory; closed form derived",
    domain=SETTING,
)
def code_doubling(n=20, generations=12):
    """A normal mean, exact at every n, under the loop itself: pools of n, 2 n, 4 n, .. rows. Augmentation is 4.3 % off at t = 12, and
    2.1 % at t = 8."""
    mutants = {
        "n + 1 for n": lambda t: theory.doubling(t) / (n + 1),
        "augment": lambda t: theory.augment(t) / n,
        "relabel all": lambda t: theory.relabel_all(t) / n,
    }
    return _check("PoolDoubling", n, generations, theory.doubling, mutants)


@claim(
    "dey2024.code_doubling.as_augment",
    statement=_AUGMENT % "pool in memory",
    relation="==",
    provenance="code",
    source="the scripts are named and logged as augment, which adds one batch of n per generation; the loop runs over the current pool",
    expected="REFUTED",
    domain=SETTING,
)
def code_doubling_as_augment(n=20, generations=8):
    """At t = 8 the loop gives 1.496 and augmentation 1.527: an error of the constant, not of the conclusion."""
    mutants = {"discard": lambda t: t / n, "constant": lambda t: 1 / n}
    return _check("PoolDoubling", n, generations, theory.augment, mutants)


@claim(
    "dey2024.code_relabel_all",
    statement=r"\operatorname{Var} Z_t = \frac32 - \frac{1}{2t} \longrightarrow \frac32 \quad (\text{real rows kept, all others labelled by the newest model})",
    relation="==",
    provenance="derived",
    source="loop of the authors' scripts for self-supervised features that keep the pool on disk; closed form derived",
    domain=SETTING,
)
def code_relabel_all(n=20, generations=8):
    """A normal mean, exact at every n, under the loop itself."""
    mutants = {
        "n + 1 for n": lambda t: theory.relabel_all(t) / (n + 1),
        "augment": lambda t: theory.augment(t) / n,
        "doubling": lambda t: theory.doubling(t) / n,
    }
    return _check("RelabelAll", n, generations, theory.relabel_all, mutants)


@claim(
    "dey2024.code_relabel_all.as_augment",
    statement=_AUGMENT % "pool on disk",
    relation="==",
    provenance="code",
    source="the scripts are named and logged as augment, which keeps the labels of earlier models; the loop draws them all anew",
    expected="REFUTED",
    domain=SETTING,
)
def code_relabel_all_as_augment(n=20, generations=8):
    """At t = 8 the loop gives 1.4375 and augmentation 1.527."""
    mutants = {"discard": lambda t: t / n, "constant": lambda t: 1 / n}
    return _check("RelabelAll", n, generations, theory.augment, mutants)
