"""Claims about a verifier that accepts what is near its centre (after Yi et al. 2025)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.yi2025 import theory

_VERIFIER = domain(
    "abs(mu - c) <= 4 * s",
    mu=Interval("[-20, 20]"),
    s=Interval("[0.05, 20]"),
    c=Interval("[-20, 20]"),
    z=Interval("[0.2, 3]"),
    generations=Integers(1, 200),
)


def fitted_mean(model, truth):
    """The fitted mean."""
    return model.mean[..., 0]


def _nodes(order=400):
    """Nodes and weights of an integral over -1 .. 1."""
    import numpy as np

    return np.polynomial.legendre.leggauss(order)


@claim(
    "yi2025.trunc",
    statement=r"\mu_{t+1} = \mu_t + s\,\frac{\varphi(A) - \varphi(B)}{\Phi(B) - \Phi(A)}, \quad A, B = \frac{c \mp r - \mu_t}{s}",
    relation="==",
    provenance="derived",
    source="mean of N(mu, s^2) given |y - c| <= r; the model is refitted to infinitely many accepted data",
    domain=_VERIFIER,
)
def trunc(mu=0.0, s=1.0, c=1.0, z=1.2, generations=8):
    """The law itself by quadrature, generation after generation, beside the closed form; r = z s."""
    import numpy as np

    nodes, weight = _nodes()
    y = c + z * s * nodes

    def integrated(t):
        at = mu
        for _ in range(t):
            law = weight * np.exp(-((y - at) ** 2 - ((y - at) ** 2).min()) / (2 * s**2))
            at = float(law @ y / law.sum())
        return at

    def closed(t, z=z):
        at = mu
        for _ in range(t):
            at = theory.truncated_mean(at, s, c, z * s)
        return at

    return Computed(
        integrated,
        closed,
        {
            "r 5 % larger": lambda t: closed(t, 1.05 * z),
            "at the verifier's centre at once": lambda t: c,
            "one generation late": lambda t: closed(t - 1),
        },
        at=tuple(range(1, generations + 1)),
        scale=abs(mu - c) + s / 10,
        tolerance=1e-6,
    )


@claim(
    "yi2025.trunc.rate",
    statement=r"\frac{\mu_{t+1} - c}{\mu_t - c} \to 1 - \frac{2 z \varphi(z)}{2 \Phi(z) - 1}, \quad z = r / s",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="derivative of the truncated mean at the verifier's centre: its variance ratio",
    domain=domain(z=Interval("[0.2, 3]"), distance=Interval("(0, 0.05]")),
)
def trunc_rate(z=1.2, distance=1e-3):
    """The distance that is left enters as its square; that is allowed for."""
    return Computed(
        lambda t: (theory.truncated_mean(distance, 1.0, 0.0, z)) / distance,
        lambda t: theory.local_rate(z),
        {
            "1 - z phi(z) / (2 Phi(z) - 1)": lambda t: (1 + theory.local_rate(z)) / 2,
            "r 2 % larger": lambda t: theory.local_rate(1.02 * z),
        },
        at=(1,),
        allowance=lambda t: distance**2,
        tolerance=1e-6,
    )


@claim(
    "yi2025.trunc.half_width",
    statement=r"|y - x' \theta_c| \le r \|x\| + \sigma_c: \quad \frac{\theta_{t+1} - \theta_c}{\theta_t - \theta_c} \to \frac{E\, x^2 a(x)\, \rho(x)}{E\, x^2 a(x)}",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source="the half-width as a note on version 3 gives it; the rate, least squares on the accepted rows, is derived",
    domain=domain(r=Interval("[0.1, 3]"), sigma_c=Interval("[0.1, 3]"), distance=Interval("(0, 0.01]")),
)
def trunc_half_width(r=0.5, sigma_c=0.5, distance=1e-3):
    r"""One covariate $x \sim N(0, 1)$, noise 1; $a(x) = 2 \Phi(z) - 1$ is accepted of a row with $z = r |x| + \sigma_c$
    and $\rho(x)$ its variance ratio. A width that does not depend on the row, |y - x' theta_c| <= r, is a mutant."""
    import numpy as np

    nodes, weight = _nodes()
    x = 8 * nodes
    law = weight * np.exp(-(x**2) / 2)
    z = theory.half_width(x, r, sigma_c)
    # Least squares on accepted rows, by two integrals over y within the half-width.
    inner, inner_weight = _nodes(60)
    y = z[:, None] * inner
    mass = z[:, None] * inner_weight * np.exp(-((y - distance * x[:, None]) ** 2) / 2)
    slope = float((law * x) @ (mass * y).sum(1) / ((law * x**2) @ mass.sum(1)))

    def stated(z):
        a, rho = theory.accepted(0.0, 1.0, 0.0, z), theory.local_rate(z)
        return float((law * x**2) @ (a * rho) / ((law * x**2) @ a))

    return Computed(
        lambda t: slope / distance,
        lambda t: stated(z),
        {
            "half-width r": lambda t: stated(z * 0 + r),
            "rows weighted as before acceptance": lambda t: float((law * x**2) @ theory.local_rate(z) / (law @ x**2)),
            "r 5 % larger": lambda t: stated(theory.half_width(x, 1.05 * r, sigma_c)),
        },
        at=(1,),
        allowance=lambda t: 10 * distance**2,
        tolerance=1e-6,
    )


@claim(
    "yi2025.trunc.finite",
    statement=r"E\, \mu_2 = E\left[\mu_1 + s\,\frac{\varphi(A_1) - \varphi(B_1)}{\Phi(B_1) - \Phi(A_1)}\right], \quad \mu_1 \sim N(\mu_0, s^2 / n)",
    relation="==",
    provenance="derived",
    source="n accepted observations after a fit on n real ones; the law by Gauss and Hermite's rule",
    domain=_VERIFIER & domain(("n * z * z >= 1", "abs(mu - c) <= s"), n=Integers(4), tries=Integers(8, 200)),
)
def trunc_finite(mu=0.0, s=1.0, c=0.5, z=1.2, n=20, tries=16):
    """Observations are drawn until one is accepted, `tries` times at most: best of `tries` with a reward of 1 for what
    is accepted. What that misses is computed and allowed for, 1e-7 here."""
    import jax.numpy as jnp
    import numpy as np

    r = z * s

    def accept(y):
        return jnp.asarray(abs(y[..., 0] - c) <= r, y.dtype)

    nodes, weight = np.polynomial.hermite_e.hermegauss(80)
    weight = weight / weight.sum()
    at = mu + s / n**0.5 * nodes
    share, inside = theory.accepted(at, s, c, r), theory.truncated_mean(at, s, c, r)
    never = (1 - share) ** tries
    last = np.where(share < 1, (at - share * inside) / np.where(share < 1, 1 - share, 1), inside)
    missed = abs(float(weight @ (never * (last - inside))))
    off = float(weight @ (never * (last - inside)) ** 2) ** 0.5
    rest = float(weight @ (1 - share) ** (tries - 1))

    def stated(width):
        return float(weight @ theory.truncated_mean(at, s, c, width))

    return Check(
        cj.Gaussian(mu, s**2, known_cov=True),
        cj.Curated(cj.Replace(n), accept, tries, "best"),
        metric=fitted_mean,
        generations=2,
        at=(2,),
        predicted=lambda t: stated(r),
        mutants={
            "no verifier": lambda t: mu,
            "the verifier's centre": lambda t: c,
            "r 10 % larger": lambda t: stated(1.1 * r),
        },
        # Truncation shrinks both the spread of a sample and that of the means it is drawn about.
        variance=lambda t: (1 + rest) * s**2 / n + (s / n**0.5 + off) ** 2,
        allowance=lambda t: missed + 1e-12,
        scale=s,
    )
