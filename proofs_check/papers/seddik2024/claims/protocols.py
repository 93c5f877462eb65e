"""Protocols of section 4.2 for which the paper states no theorem, and training on all data so far (derived)."""

from math import log

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along, quadratic_law
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.claims._setups import SETTING, P, one_context, squared_norm, squares_by_law


@claim(
    "seddik2024.random_pool",
    statement=r"E\,\|p^{(t)}\|_2^2 = 1 - \left(1-\tfrac1n\right)(1-S_0)\prod_{k=2}^{t}\left(1 - \frac{1}{n k^2}\right) < 1",
    relation="==",
    provenance="derived",
    source="protocol 'randomly sampled data' of section 4.2 (text), where the paper states no theorem; closed form derived",
    domain=SETTING,
)
def random_pool(p=P, n=10, generations=12):
    """No total collapse: the limit is 1 - (1 - S_0) sin(pi/sqrt n)/(pi/sqrt n). Real symbols are drawn afresh."""
    S0 = squared_norm(p)
    return Check(
        one_context(p, n),
        cj.RandomPool(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.random_pool(t, n, S0),
        mutants={
            "replacement": lambda t: theory.sum_of_squares(t, n, S0),
            "n - 1 for n": lambda t: theory.random_pool(t, n - 1, S0),
        },
        law=along(laws.second_moment.random_pool(n, S0, generations)),
    )


@claim(
    "seddik2024.accumulate",
    statement=r"1 - S_t = (1 - S_0) \prod_{k=1}^{t}\left(1 - \frac{1}{n k^2}\right) \longrightarrow (1 - S_0)\,\frac{\sin(\pi/\sqrt n)}{\pi/\sqrt n}",
    relation="==",
    provenance="derived",
    source="training on all data so far; the discrete form of the pi^2/6 law, not stated in the paper",
    domain=SETTING,
)
def accumulate(p=P, n=5, generations=12):
    """What is tested is the product; no total collapse, since its limit is positive for n >= 2."""
    S0 = squared_norm(p)
    return Check(
        cj.Categorical(p),
        cj.Accumulate(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, n, S0),
        mutants={
            "replacement": lambda t: theory.sum_of_squares(t, n, S0),
            "n + 1 for n": lambda t: theory.accumulate(t, n + 1, S0),
        },
        law=squares_by_law(cj.Accumulate(n), p, generations),
    )


@claim(
    "seddik2024.window_K",
    statement=r"n_t^{(m)} = \lfloor n/K \rfloor\,[m - K \le t \le m - 1]: \quad S_m\ \text{by the recursion of } E\langle p^{(a)}, p^{(b)}\rangle",
    relation="==",
    provenance="derived",
    source="protocol 'most recent models' of section 4.2 (text), where the paper states no theorem; recursion derived",
    domain=SETTING & domain("K < n", K=Integers(1)),
)
def window_K(p=P, n=10, K=3, generations=12):
    """Not monotone: fit m < K sees only m floor(n/K) observations, so S_1 > S_2. The law without sampling follows the
    pedigree of every data set instead of the products of models."""
    S0 = squared_norm(p)

    def curve(k):
        return along(laws.second_moment.sum_of_squares(theory.window_sizes(n, k, generations), S0))

    return Check(
        cj.Categorical(p),
        cj.Window(n, k=K, redraw=True),
        metric="sum_of_squares",
        generations=generations,
        predicted=curve(K),
        mutants={
            "K + 1 for K": curve(K + 1),
            "samples kept as drawn": squares_by_law(cj.Window(n // K, k=K), p, generations),
            "replacement": lambda t: theory.sum_of_squares(t, n, S0),
        },
        law=squares_by_law(cj.Window(n, k=K, redraw=True), p, generations),
    )


@claim(
    "seddik2024.window_K.decay",
    statement=r"\log\frac{1 - S_m}{1 - S_{m+1}} \approx \frac{4}{n_e (K + 1)^2}, \quad n_e = K \lfloor n / K \rfloor",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="most recent models: a generation takes (K + 1)/2 fits on average",
    domain=SETTING & domain("K <= n", K=Integers(1)),
)
def window_K_decay(n=10, K=(1, 2, 3, 5, 10), generations=100):
    """Windows delay total collapse by a factor of about K^2/4 and do not prevent it. 8 % of the value are allowed for."""

    def decay(k):
        workflow = cj.Window(n, k=k, redraw=True)
        error = quadratic_law(workflow, 1.0, -1, generations)
        return log((1 - error(generations - 1)) / (1 - error(generations)))

    return Computed(
        decay,
        lambda k: theory.window_decay(n, k),
        {"4/(n K^2)": lambda k: 4 / (n * k**2), "replacement": lambda k: 1 / n},
        at=tuple(K),
        index="K",
        allowance=lambda k: 0.08 * theory.window_decay(n, k),
    )
