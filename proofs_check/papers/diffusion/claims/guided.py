"""Guidance, and models that have memorised their sample."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.diffusion import theory

SETTING = domain(
    v=Interval("[0.01, 100]"), V=Interval("[0.01, 100]"), w=Interval("(0, 10]"), n=Integers(3), stop=Interval("(0, 5]")
)
GUIDANCE = (0.1, 0.5, 1.5, 4.0)


def _integrated(v, V, w, T, stop):
    from proofs_check.papers.diffusion import flows

    return flows.variance(lambda t: (1 + w) / theory.noised(v, t) - w / theory.noised(V, t), T, stop, "ode")


def _flow(v, V, T, stop, form, others):
    return Computed(
        lambda i: _integrated(v, V, GUIDANCE[i], T, stop),
        lambda i: form(GUIDANCE[i]),
        {name: lambda i, rule=rule: rule(GUIDANCE[i]) for name, rule in others.items()},
        at=tuple(range(len(GUIDANCE))),
        index="case",
        tolerance=1e-8,
        rung="identity",
    )


@claim(
    "diffusion.cfg",
    statement=r"v' = v \left(\frac v V\right)^w \quad (\text{guidance } w,\ T = \infty,\ t_0 = 0)",
    relation="==",
    provenance="derived",
    source="probability flow with score (1 + w) s_v - w s_V, integrated in time from T = 20 for w = 0.1, 0.5, 1.5, 4",
    domain=SETTING,
)
def cfg(v=0.5, V=2.0):
    others = {
        "no guidance": lambda w: v,
        "w + 1": lambda w: theory.guided(v, V, w + 1),
        "against N(0, 1)": lambda w: theory.guided(v, 1.0, w),
    }
    return _flow(v, V, 20.0, 0.0, lambda w: theory.guided(v, V, w), others)


@claim(
    "diffusion.cfg.finite",
    statement=r"v' = \left(\frac{v_{t_0}}{v_T}\right)^{1 + w} \left(\frac{V_T}{V_{t_0}}\right)^w",
    relation="==",
    provenance="derived",
    source="the same flow from T = 1 to t_0 = 0.05",
    domain=SETTING,
)
def cfg_finite(v=0.5, V=2.0):
    T, stop = 1.0, 0.05
    others = {"an infinite horizon": lambda w: theory.guided(v, V, w), "no guidance": lambda w: theory.ode(v, T, stop)}
    return _flow(v, V, T, stop, lambda w: theory.guided_between(v, V, w, T, stop), others)


@claim(
    "diffusion.cfg.loop",
    statement=r"\log \frac{v_t}{V} = (1 + w)^t \log \frac v V",
    relation="==",
    provenance="derived",
    source="the map of diffusion.cfg, t times: diversity is lost doubly exponentially",
    domain=SETTING,
)
def cfg_loop(v=0.5, V=2.0, w=0.5):
    from math import log

    def iterated(t):
        found = v
        for _ in range(t):
            found = theory.guided(found, V, w)
        return log(found / V)

    return Computed(
        iterated,
        lambda t: theory.guided_loop(t, v, V, w),
        {
            "geometric": lambda t: (1 + t * w) * log(v / V),
            "t + 1 for t": lambda t: theory.guided_loop(t + 1, v, V, w),
        },
        at=(1, 2, 5, 10, 14),
        rung="identity",
    )


@claim(
    "diffusion.cfg.sampled",
    statement=r"E \log \frac{v_t}{V} = (1 + w)^{t-1} \log \frac v V + e\, \frac{(1 + w)^t - 1}{w},\quad e = \psi\left(\tfrac{n-1}{2}\right) - \log \tfrac{n-1}{2}",
    relation="==",
    provenance="derived",
    source="n points per fit, unbiased variances; the loss of log chi-square is multiplied like the rest",
    domain=SETTING,
)
def cfg_sampled(v=1.0, V=2.0, w=0.2, n=20, generations=4):
    from scipy.special import digamma, polygamma

    e = float(digamma((n - 1) / 2)) - theory.log((n - 1) / 2)
    by_step = [theory.log(v / V) + e]
    for _ in range(generations):
        by_step.append((1 + w) * by_step[-1] + e)

    def above(model, truth):
        return model.log_det

    return Check(
        cj.Gaussian(cov=v, ddof=1),
        cj.Diffused(cj.Replace(n), guidance=w, against=V),
        metric=above,
        generations=generations,
        predicted=lambda t: theory.guided_sampled(t, n, v, V, w) + theory.log(V),
        mutants={
            "no loss by sampling": lambda t: theory.guided_loop(t - 1, v, V, w) + theory.log(V),
            "the loss is not multiplied": lambda t: theory.guided_loop(t - 1, v, V, w) + t * e + theory.log(V),
            "n + 2 for n": lambda t: theory.guided_sampled(t, n + 2, v, V, w) + theory.log(V),
        },
        variance=lambda t: float(polygamma(1, (n - 1) / 2)) * ((1 + w) ** (2 * t) - 1) / ((1 + w) ** 2 - 1),
        scale=1.0,
        law=lambda t: by_step[t - 1] + theory.log(V),
    )


@claim(
    "diffusion.empirical_score",
    statement=r"p_{t_0} = \frac1n \sum_i N\left(e^{-t_0} x_i,\ 1 - e^{-2 t_0}\right): \text{ a kernel density estimate, shrunken}",
    relation="==",
    provenance="derived",
    source="flow under the score of the noised empirical law, integrated from the quantiles at T = 6 down to t_0",
    domain=SETTING,
)
def empirical_score(stop=0.05):
    """A model that has memorised its sample generates draws of a kernel density estimate, c = e^-t_0, h^2 = 1 - c^2."""
    import numpy as np

    from proofs_check.papers.diffusion import flows

    points, T = np.array([-1.3, -0.2, 0.1, 0.4, 2.1]), 6.0
    x = np.linspace(-2, 2, 9)
    level = flows.shrunken(x, points, T)
    carried = flows.empirical_flow(x, points, T, stop)

    def stated(shrink, time):
        return lambda i: float(flows.shrunken(carried, shrink * points, time)[i])

    return Computed(
        lambda i: float(level[i]),
        stated(1.0, stop),
        {
            "not shrunken": stated(np.exp(stop), stop),
            "twice the bandwidth": stated(np.exp(3 * stop), 4 * stop),
            "a fiftieth later": stated(1.0, 1.02 * stop),
        },
        at=tuple(range(len(x))),
        index="quantile",
        tolerance=1e-6,
        rung="identity",
    )


@claim(
    "diffusion.empirical_score.loop",
    statement=r"E V_t = L + \left[\left(1 - \tfrac1n\right) \sigma^2 - L\right] \left[\left(1 - \tfrac1n\right) e^{-2 t_0}\right]^{t-1},\quad L = \frac{(n - 1)(1 - e^{-2 t_0})}{1 + (n - 1)(1 - e^{-2 t_0})}",
    relation="==",
    provenance="derived",
    source="variance within the sample of a loop that memorises; simulated as a shrunken density estimate, law by pairs of points",
    domain=SETTING,
)
def empirical_score_loop(n=10, stop=0.05, generations=12):
    from math import exp, sqrt

    from proofs_check.papers.diffusion.workflows import Shrunken

    c = exp(-stop)
    pairs = [2.0]  # the mean square of the difference of two points
    for _ in range(generations):
        pairs.append((1 - 1 / n) * c**2 * pairs[-1] + 2 * (1 - c**2))

    def within(model, truth):
        x = model.points[..., 0]
        return ((x - x.mean(-1, keepdims=True)) ** 2).mean(-1)

    return Check(
        cj.KDE(sqrt(1 - c**2)),
        Shrunken(cj.Replace(n), keep=c),
        metric=within,
        generations=generations,
        predicted=lambda t: theory.score_loop(t, n, stop, 1.0),
        mutants={
            "points that are not shrunken": lambda t: (
                (1 - 1 / n) ** t + (1 - c**2) * (n - 1) * (1 - (1 - 1 / n) ** (t - 1))
            ),
            "the bandwidth alone": lambda t: theory.score_loop(t, n, stop, 1.0) - (1 - c**2),
            "the limit": lambda t: theory.retained(n, stop),
        },
        bounds=(0, float("inf")),
        variance=lambda t: theory.score_loop_variance(t, n, stop),
        law=lambda t: (1 - 1 / n) * pairs[t - 1] / 2,
    )


@claim(
    "diffusion.empirical_score.retained",
    statement=r"E V_\infty = \frac{(n - 1) h^2}{1 + (n - 1) h^2},\quad h^2 = 1 - e^{-2 t_0}",
    relation="==",
    provenance="derived",
    source="the fixed point of E V' = (1 - 1/n)(c^2 E V + h^2), reached by iteration for n = 2, 5, 30, 1000",
    domain=SETTING,
)
def empirical_score_retained(stop=0.05):
    """Stopping early keeps diversity: at n = 30 and t_0 = .05 three quarters of it stay for ever."""
    from math import exp

    def iterated(n):
        c2, found = exp(-2 * stop), 1.0
        for _ in range(int(60 / stop)):
            found = (1 - 1 / n) * (c2 * found + 1 - c2)
        return found

    return Computed(
        iterated,
        lambda n: theory.retained(n, stop),
        {
            "n for n - 1": lambda n: theory.retained(n + 1, stop),
            "without early stop": lambda n: 0.0,
            "all of it": lambda n: 1.0,
        },
        at=(2, 5, 30, 1000),
        index="n",
        rung="identity",
    )
