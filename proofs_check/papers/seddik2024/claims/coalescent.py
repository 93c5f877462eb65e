"""What the bounds of Theorem 1 enclose, exactly: ancestors of n lineages (derived)."""

from math import log

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.claims._setups import SETTING, P, one_context, require_collapse, squared_norm


@claim(
    "seddik2024.rho_exact",
    statement=r"P(p^{(t)}\ \text{Dirac}) = \sum_j (M^{t-1})_{nj}\, \sum_i p_i^j,\quad M_{kj} = \frac{n!}{(n-j)!\, n^k} {k \brace j}",
    relation="==",
    provenance="derived",
    source="ancestors of n lineages: k draws have j distinct parents with probability M_kj",
    domain=SETTING,
)
def rho_exact(p=P, n=10, generations=40):
    """Between the two bounds of Theorem 1 in every generation; the law without sampling is the binomial chain."""
    curve = laws.coalescent.collapse_curve(p, n, generations)
    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric="absorbed",
        generations=generations,
        statistic="probability",
        predicted=along(curve),
        mutants={
            "n + 1 for n": along(laws.coalescent.collapse_curve(p, n + 1, generations)),
            "one generation late": lambda t: 0 if t == 1 else curve[t - 2],
        },
        law=lambda t: sum(laws.drift.distribution(q, n, t)[n] for q in p),
    )


@claim(
    "seddik2024.ET_exact",
    statement=r"E[T] = 1 + e_n' (I - M_{\ge 2})^{-1} (1 - P_{2..n}),\quad P_j = \sum_i p_i^j",
    relation="==",
    provenance="derived",
    source="the coalescent engine; makes figure 2 a curve without Monte Carlo",
    domain=SETTING,
)
def ET_exact(p=P, n=6, generations=120):
    require_collapse(theory.collapse_time_tail(generations, n, squared_norm(p)), generations)
    exact = laws.coalescent.expected_collapse_time(p, n)
    survival = 1 - laws.coalescent.collapse_curve(p, n, 60 * n)
    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric="collapse_time",
        generations=generations,
        at=(generations,),
        predicted=lambda t: exact,
        mutants={
            "the lower bound of Theorem 1": lambda t: theory.collapse_time_bounds(n, squared_norm(p), len(p))[0],
            "counted from 0": lambda t: exact - 1,
        },
        allowance=lambda t: theory.collapse_time_tail(t, n, squared_norm(p)),
        law=lambda t: 1 + survival.sum(),
    )


@claim(
    "seddik2024.ET_bracket",
    statement=r"(1 - S_0)\, h_n \le E[T] - 1 \le h_n, \quad h_n = e_n' (I - M_{\ge 2})^{-1} 1",
    relation="between",
    provenance="derived",
    source="1 - S_0 <= 1 - P_j <= 1 for j >= 2; h_n is the mean time to the common ancestor of n lineages",
    domain=SETTING,
)
def ET_bracket(p=P, n=(2, 5, 10, 50, 100, 400)):
    S0 = squared_norm(p)

    def around(low, high):
        return lambda k: (low * laws.coalescent.ancestor_time(k), high * laws.coalescent.ancestor_time(k))

    return Computed(
        lambda k: laws.coalescent.expected_collapse_time(p, k) - 1,
        around(1 - S0, 1),
        {"(1 - S_0) h_n on both sides": around(1 - S0, 1 - S0), "lower side 1 - S_0/2": around(1 - S0 / 2, 1)},
        at=tuple(n),
        index="n",
    )


@claim(
    "seddik2024.ET_linear",
    statement=r"E[T] \le 1 + 2 (n - 1)",
    relation="<=",
    provenance="derived",
    source="h_n <= 2(n - 1), checked for each n shown, not proved; settles the remark that the O(n^2) bound is not sharp",
    domain=SETTING,
)
def ET_linear(n=(2, 3, 5, 10, 20, 50, 100, 200, 400, 600, 1000)):
    """The largest E[T] over all laws p with any number of symbols: the mean time to the common ancestor, plus one."""
    return Computed(
        lambda k: 1 + laws.coalescent.ancestor_time(k),
        lambda k: 1 + 2 * (k - 1),
        {
            "less (log n)/3": lambda k: 1 + 2 * (k - 1) - log(k) / 3,
            "slope 1.9": lambda k: 1 + 1.9 * (k - 1),
        },
        at=tuple(n),
        index="n",
    )


@claim(
    "seddik2024.ET_diffusion",
    statement=r"E[T] = -2 n \sum_i (1 - p_i)\log(1 - p_i) - \tfrac13 \log n - 0.72 + O(S_0)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="Ewens' diffusion; its slope is about twice that of Theorem 1's lower bound",
    domain=SETTING & domain("1 / support <= S0", support=Integers(2)),
)
def ET_diffusion(support=52, S0=0.1, n=(50, 100, 200, 400)):
    """The remainder is allowed to be S_0 generations. Figure 2's crosses lie about twice above its dashed lower bound."""
    p = laws.coalescent.zipf(support, S0).tolist()
    return Computed(
        lambda k: laws.coalescent.expected_collapse_time(p, k),
        lambda k: theory.collapse_time_diffusion(k, p),
        {
            "the lower bound of Theorem 1": lambda k: theory.collapse_time_bounds(k, S0, support)[0],
            "without the logarithm": lambda k: theory.collapse_time_diffusion(k, p) + log(k) / 3,
        },
        at=tuple(n),
        index="n",
        allowance=lambda k: S0,
    )


@claim(
    "seddik2024.support",
    statement=r"E\,|\mathrm{supp}\, p^{(t)}| = \sum_i \left[1 - \sum_j (M^{t-1})_{nj} (1 - p_i)^j\right]",
    relation="==",
    provenance="derived",
    source="the coalescent engine: a symbol is lost when none of its ancestors is it",
    domain=SETTING,
)
def support(p=P, n=10, generations=15):
    curve = laws.coalescent.support_curve(p, n, generations)
    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric="support_size",
        generations=generations,
        predicted=along(curve),
        mutants={
            "n + 1 for n": along(laws.coalescent.support_curve(p, n + 1, generations)),
            "no drift after the first fit": lambda t: curve[0],
        },
        law=lambda t: sum(1 - laws.drift.distribution(q, n, t)[0] for q in p),
    )
