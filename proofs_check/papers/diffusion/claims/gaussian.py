"""Gaussian data and the exact score: the flow, the reverse diffusion, and their loops."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.diffusion import theory

SETTING = domain("stop < T", v=Interval("[0.01, 100]"), T=Interval("(0, 10]"), stop=Interval("(0, 5]"))
VARIANCES = (0.05, 0.25, 0.9, 3.0, 20.0)


def _integrated(v, T, stop, sampler):
    from proofs_check.papers.diffusion import flows

    return flows.variance(lambda t: 1 / theory.noised(v, t), T, stop, sampler)


def _step(sampler, form, others, T, stop):
    def along(rule):
        return lambda i: rule(VARIANCES[i], T, stop)

    return Computed(
        lambda i: _integrated(VARIANCES[i], T, stop, sampler),
        along(form),
        {name: along(rule) for name, rule in others.items()},
        at=tuple(range(len(VARIANCES))),
        index="case",
        tolerance=1e-8,
        rung="identity",
    )


@claim(
    "diffusion.ode",
    statement=r"v' = \frac{v_{t_0}}{v_T},\quad v_t = 1 + (v - 1) e^{-2t} \quad (\text{probability flow from } N(0, 1))",
    relation="==",
    provenance="derived",
    source="a linear flow, d log v_t/dt = 2 (1/v_t - 1); integrated in time for five variances",
    domain=SETTING,
)
def ode(T=1.0, stop=0.05):
    return _step(
        "ode",
        theory.ode,
        {
            "the reverse diffusion": theory.sde,
            "an infinite horizon": lambda v, T, stop: theory.noised(v, stop),
            "no early stop": lambda v, T, stop: theory.ode(v, T, 0.0),
        },
        T,
        stop,
    )


@claim(
    "diffusion.ode.loop",
    statement=r"v_t - 1 = \frac{v - 1}{r^t + (v - 1)\, b\, r\, \frac{r^t - 1}{r - 1}},\quad r = \frac{1}{e^{-2 t_0} - e^{-2 T}},\ b = e^{-2T}",
    relation="==",
    provenance="derived",
    source="1/(v - 1) is mapped linearly; beside it the map, t times",
    domain=SETTING,
)
def ode_loop(v=0.25, T=1.0, stop=0.05):
    def iterated(t):
        found = v
        for _ in range(t):
            found = theory.ode(found, T, stop)
        return found

    return Computed(
        iterated,
        lambda t: theory.ode_loop(t, v, T, stop),
        {
            "t + 1 for t": lambda t: theory.ode_loop(t + 1, v, T, stop),
            "a geometric approach": lambda t: 1 + (v - 1) * theory.ode_rate(T, stop) ** t,
        },
        at=(1, 2, 5, 10, 30),
        rung="identity",
        tolerance=1e-8,
    )


def _fixed_point(step, rate, mutants, v, T, stop):
    """Ratios of distances from 1; left open is twice the distance, as the slope of the map changes by less than that."""

    def path(t):
        found = v
        for _ in range(t):
            found = step(found, T, stop)
        return found

    told = tuple(t for t in (5, 20, 40, 60) if abs(path(t) - 1) > 1e-9)  # closer to 1 only rounding is left of it
    return Computed(
        lambda t: (path(t + 1) - 1) / (path(t) - 1),
        lambda t: rate,
        {name: lambda t, value=value: value for name, value in mutants.items()},
        at=told or (1,),
        allowance=lambda t: 2 * abs(path(t) - 1),
        tolerance=1e-6,
    )


@claim(
    "diffusion.ode.fixed_point",
    statement=r"\frac{v_{t+1} - 1}{v_t - 1} \to e^{-2 t_0} - e^{-2 T}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the only fixed point is 1, the law that the sampler starts from: the data are forgotten",
    domain=SETTING,
)
def ode_fixed_point(v=0.25, T=1.0, stop=0.05):
    from math import exp

    mutants = {"without horizon": exp(-2 * stop), "the reverse diffusion": theory.sde_rate(T, stop)}
    return _fixed_point(theory.ode, theory.ode_rate(T, stop), mutants, v, T, stop)


@claim(
    "diffusion.ode.sampled",
    statement=r"E v_t = 1 + (v - 1)\, e^{-2 t_0 (t - 1)} \quad (n \text{ points per fit, unbiased variances, } T = \infty)",
    relation="==",
    provenance="derived",
    source="at an infinite horizon the map is linear, so that means are exact for every n; so is the variance of v_t",
    domain=domain(v=Positive, stop=Positive, n=Integers(3)),
)
def ode_sampled(v=0.25, stop=0.05, n=20, generations=12):
    a = 2.718281828459045 ** (-2 * stop)
    by_step = [v]
    for _ in range(generations):
        by_step.append(1 - a + a * by_step[-1])
    return Check(
        cj.Gaussian(cov=v, ddof=1),
        cj.Diffused(cj.Replace(n), stop=stop),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.ode_sampled(t, v, stop),
        mutants={
            "nothing is noised": lambda t: v,
            "t for t - 1": lambda t: theory.ode_sampled(t + 1, v, stop),
            "decay to zero": lambda t: v * theory.exp(-2 * stop * (t - 1)),
        },
        variance=lambda t: theory.ode_sampled_variance(t, n, v, stop),
        law=lambda t: by_step[t - 1],
    )


@claim(
    "diffusion.sde",
    statement=r"v' = v_{t_0} + (1 - v_T)\, e^{-2 (T - t_0)}\, \frac{v_{t_0}^2}{v_T^2} \quad (\text{reverse diffusion from } N(0, 1))",
    relation="==",
    provenance="derived",
    source="what is left of the wrong start decays by a known factor; the equation of the variance integrated in time",
    domain=SETTING,
)
def sde(T=1.0, stop=0.05):
    return _step(
        "sde",
        theory.sde,
        {
            "the flow": theory.ode,
            "an infinite horizon": lambda v, T, stop: theory.noised(v, stop),
            "no early stop": lambda v, T, stop: theory.sde(v, T, 0.0),
        },
        T,
        stop,
    )


@claim(
    "diffusion.sde.fixed_point",
    statement=r"\frac{v_{t+1} - 1}{v_t - 1} \to e^{-2 t_0} - e^{-2 (2 T - t_0)}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the slope of the map at its fixed point: with noise a loop forgets more slowly than along the flow",
    domain=SETTING,
)
def sde_fixed_point(v=0.25, T=1.0, stop=0.05):
    from math import exp

    mutants = {"without horizon": exp(-2 * stop), "the flow": theory.ode_rate(T, stop)}
    return _fixed_point(theory.sde, theory.sde_rate(T, stop), mutants, v, T, stop)
