"""Products of independent factors, and fresh real data with a fixed weight (derived)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.core import theory

_SIZES = domain(n=Integers(5), m=Integers(1), p=Interval("(0, 1)"), w=Interval("(0, 1]"))


def inverse_mean(model, truth):
    r"""$\tau_0/\tau_t$, the fitted rate in units of the true one."""
    return truth.mean / model.mean


def root_mean(model, truth):
    r"""$(\tau_t/\tau_0)^{1/2}$."""
    return (model.mean / truth.mean) ** 0.5


def _scale(workflow, name, metric, n, p, generations, mutants):
    def moment(t, size=n, power=p, kind=name):
        return theory.scale_moment(t, size, power, kind)

    return Check(
        cj.Exponential(),
        workflow,
        metric=metric,
        generations=generations,
        predicted=moment,
        mutants={
            "a fit less": lambda t: moment(t - 1),
            "n - 1 for n": lambda t: moment(t, n - 1),
            **{key: lambda t, f=f: f(t) for key, f in mutants.items()},
        },
        variance=lambda t: moment(t, power=2 * p) - moment(t) ** 2,
    )


@claim(
    "core.multiplicative_one_shot.scale_accumulate",
    statement=r"E (\tau_t/\tau_0)^{-1} = \prod_{k=1}^{t} E\left[\frac{k}{k - 1 + G/n}\right], \quad G \sim \Gamma(n)",
    relation="==",
    provenance="derived",
    source="scale families: the fitted mean is a product of independent factors, each pivotal; accumulation",
    domain=_SIZES,
)
def scale_accumulate(n=10, generations=20):
    """The rate of an exponential law, no mean parameter, so that no product identity of second moments gives it."""
    late = {"first order, 1 + sum of 1/(n k^2)": lambda t: 1 + sum(1 / (n * k**2) for k in range(1, t + 1))}
    return _scale(cj.Accumulate(n), "accumulate", inverse_mean, n, -1, generations, late)


@claim(
    "core.multiplicative_one_shot.scale_replace",
    statement=r"E (\tau_t/\tau_0)^{1/2} = \left[\frac{\Gamma(n + 1/2)}{\Gamma(n)\, \sqrt n}\right]^t",
    relation="==",
    provenance="derived",
    source="scale families: the fitted mean is a product of independent Gamma factors; replacement",
    domain=_SIZES,
)
def scale_replace(n=5, generations=15):
    """The mean stays where it is, its square root falls: the product tends to 0 almost surely."""
    return _scale(cj.Replace(n), "replace", root_mean, n, 0.5, generations, {"a martingale, too": lambda t: 1.0})


@claim(
    "core.multiplicative_one_shot.gaussian_accumulate",
    statement=r"E \log\frac{v_t}{v_0} = \sum_{k=1}^{t} E \log R_k, \quad R_k = \frac1k\left[k - 1 + \frac{\chi^2_{n-1}}{n} + \left(1 - \tfrac1k\right) \frac{z^2}{n}\right] \quad (\text{1/n variance})",
    relation="==",
    provenance="derived",
    source="the pool's variance moves by independent factors; mean and variance of their logarithms by quadrature",
    domain=_SIZES,
)
def gaussian_accumulate(n=6, generations=12):
    """Independence is in the licence as well: the limits rest on the sum of the factors' variances, which a sample larger
    than that would show to be wrong."""
    from math import log

    return Check(
        cj.Gaussian(ddof=0),
        cj.Accumulate(n),
        metric="log_variance",
        generations=generations,
        predicted=lambda t: theory.log_variance(t, n),
        mutants={
            "n + 1 for n": lambda t: theory.log_variance(t, n + 1),
            "log E for E log": lambda t: sum(log(1 - 1 / (n * k**2)) for k in range(1, t + 1)),
            "a fit less": lambda t: theory.log_variance(t - 1, n),
        },
        variance=lambda t: theory.log_variance(t, n, 2),
    )


_FRESH = r"E(\tau_t - \tau_0)^2 = c\,\frac{1 - r^{t-1}}{1 - r} + r^{t-1}\frac{V_0}{n}, \quad c = V_0\left[\tfrac{w^2}{n} + \tfrac{(1-w)^2}{m}\right],\ r = (1-w)^2\left(1 + \tfrac{v_2}{m}\right)"


@claim(
    "core.qvf_fresh",
    statement=_FRESH + r",\ v_2 = -1",
    relation="==",
    provenance="derived",
    source="n fresh real observations of weight w, m synthetic ones of weight 1 - w; here coins",
    domain=_SIZES,
)
def qvf_fresh(p=0.3, n=20, m=20, w=0.3, generations=8):
    v = p * (1 - p)
    workflow = cj.FreshReal(m, n_real=n, weight=w)
    return Check(
        cj.Bernoulli(p),
        workflow,
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.qvf_fresh(t, n, m, w, v, -1),
        mutants={
            "v2 = 0": lambda t: theory.qvf_fresh(t, n, m, w, v, 0),
            "n + 1 for n": lambda t: theory.qvf_fresh(t, n + 1, m, w, v, -1),
            "its limit": lambda t: theory.qvf_fresh_limit(n, m, w, v, -1),
        },
        law=quadratic_law(workflow, v, -1, generations),
    )


@claim(
    "core.qvf_fresh.limit",
    statement=r"E(\tau_t - \tau_0)^2 \to \frac{V_0\,[w^2/n + (1-w)^2/m]}{1 - (1-w)^2 (1 + v_2/m)}, \quad v_2 = 1",
    relation="==",
    provenance="derived",
    source="the recursion of the pedigree at t = 200, for exponential laws: bounded although replacement alone has no bound",
    domain=domain("(1 - w) ** 2 * (1 + 1 / m) <= 0.8", n=Integers(5), m=Integers(1), w=Interval("(0, 1]")),
)
def qvf_fresh_limit(n=20, m=20, w=0.3):
    law = quadratic_law(cj.FreshReal(m, n_real=n, weight=w), 1.0, 1, 200)
    return Computed(
        law,
        lambda t: theory.qvf_fresh_limit(n, m, w, 1.0, 1),
        {
            "v2 = 0": lambda t: theory.qvf_fresh_limit(n, m, w, 1.0, 0),
            "one real fit": lambda t: 1 / n,
            "1 - w for (1 - w)^2": lambda t: (w**2 / n + (1 - w) ** 2 / m) / (1 - (1 - w) * (1 + 1 / m)),
        },
        at=(150, 200),
    )
