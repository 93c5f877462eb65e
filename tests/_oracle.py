"""Slow, obviously right NumPy models, and the few test statistics the suite decides by.

An oracle never looks at `collapse_jax`: data are arrays (chains, observations, ...), models are tuples of arrays whose
first axis is the chain. `_oracle_workflows` has the chains.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

SUITE_ALPHA = 1e-6
MODULES = 10


def alpha_of(comparisons: int) -> float:
    """Error probability of one of `comparisons` tests, so that a whole run of the suite errs with SUITE_ALPHA."""
    return SUITE_ALPHA / (MODULES * comparisons)


def assert_mean(estimate, standard_error, expected, alpha: float, what: str = "") -> None:
    """Two-sided normal test of a Monte-Carlo mean against a known value; a zero standard error demands equality."""
    estimate, standard_error, expected = np.broadcast_arrays(estimate, standard_error, expected)
    distance = np.abs(estimate - expected) - 1e-9 * np.abs(expected)
    limit = stats.norm.isf(alpha / 2) * standard_error
    assert np.all(distance <= limit), f"{what}: {estimate} +- {standard_error}, expected {expected}"


def assert_same_law(a: np.ndarray, b: np.ndarray, alpha: float, what: str = "") -> None:
    """Two samples: Kolmogorov-Smirnov (conservative with ties) at alpha, and Welch's z for the means at alpha."""
    assert np.all(np.isfinite(a)), what
    assert np.all(np.isfinite(b)), what
    # Rounding must not separate atoms that both samples share.
    a, b = np.round(a, 9), np.round(b, 9)
    p_value = stats.ks_2samp(a, b, method="asymp").pvalue
    assert p_value > alpha, f"{what}: KS p={p_value:.2g}"
    spread = np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)
    assert_mean(a.mean() - b.mean(), spread, 0.0, alpha, what)


def assert_counts(observed, probabilities, alpha: float, what: str = "") -> None:
    """Chi-square goodness of fit, cells with a small expectation pooled; impossible cells must be empty."""
    observed, probabilities = np.asarray(observed, float), np.asarray(probabilities, float)
    assert np.all(observed[probabilities == 0] == 0), what
    expected = observed.sum() * probabilities
    small = expected < 10
    observed = np.append(observed[~small], observed[small].sum())
    expected = np.append(expected[~small], expected[small].sum())
    keep = expected > 0
    if keep.sum() < 2:
        return
    p_value = stats.chisquare(observed[keep], expected[keep] * observed.sum() / expected.sum()).pvalue
    assert p_value > alpha, f"{what}: chi-square p={p_value:.2g}"


@dataclass
class Means:
    """One-parameter families: `sampler(rng, mean, size)`."""

    truth: Any
    sampler: Any

    def start(self, rng, chains):
        return (np.full(chains, float(self.truth)),)

    def draw(self, rng, model, n):
        return (self.sampler(rng, model[0][:, None], (len(model[0]), n)),)

    def fit(self, data):
        return (data[0].mean(1),)

    def blend(self, a, b, w):
        return tuple(w * x + (1 - w) * y for x, y in zip(a, b, strict=True))


@dataclass
class Normal:
    mean: np.ndarray
    cov: np.ndarray
    ddof: int | None

    def start(self, rng, chains):
        return np.tile(self.mean, (chains, 1)), np.tile(self.cov, (chains, 1, 1))

    def draw(self, rng, model, n):
        mean, cov = model
        # By eigenvectors: a fitted covariance may be singular, and the library's own way is by triangles.
        values, vectors = np.linalg.eigh(cov)
        root = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
        return (mean[:, None] + np.einsum("rij,rnj->rni", root, rng.normal(size=(len(mean), n, mean.shape[1]))),)

    def fit(self, data):
        x = data[0]
        mean = x.mean(1)
        if self.ddof is None:
            return mean, np.tile(self.cov, (len(x), 1, 1))
        centred = x - mean[:, None]
        return mean, np.einsum("rni,rnj->rij", centred, centred) / (x.shape[1] - self.ddof)

    def blend(self, a, b, w):
        return tuple(w * x + (1 - w) * y for x, y in zip(a, b, strict=True))


@dataclass
class Kernels:
    """Kernel density estimates on the line, of a standard normal truth, which is its own kernel at 0."""

    h: float

    def start(self, rng, chains):
        return np.zeros((chains, 1, 1)), 1.0

    def draw(self, rng, model, n):
        points, width = model
        pick = rng.integers(0, points.shape[1], (len(points), n))
        return (np.take_along_axis(points, pick[..., None], 1) + width * rng.normal(size=(len(points), n, 1)),)

    def fit(self, data):
        return data[0], self.h


@dataclass
class Powers:
    """p(x) = theta x^(theta - 1), fitted by maximum likelihood."""

    truth: float

    def start(self, rng, chains):
        return (np.full(chains, float(self.truth)),)

    def draw(self, rng, model, n):
        return (rng.uniform(size=(len(model[0]), n)) ** (1 / model[0][:, None]),)

    def fit(self, data):
        return (-1 / np.log(data[0]).mean(1),)

    def blend(self, a, b, w):
        return (w * a[0] + (1 - w) * b[0],)


@dataclass
class Medians:
    """Laplace law: the median, and the mean absolute deviation about it."""

    location: float
    scale: float

    def start(self, rng, chains):
        return np.full(chains, float(self.location)), np.full(chains, float(self.scale))

    def draw(self, rng, model, n):
        return (rng.laplace(model[0][:, None], model[1][:, None], (len(model[0]), n)),)

    def fit(self, data):
        median = np.median(data[0], 1)
        return median, np.abs(data[0] - median[:, None]).mean(1)

    def blend(self, a, b, w):
        return tuple(w * x + (1 - w) * y for x, y in zip(a, b, strict=True))


@dataclass
class TwoNormals:
    """Half N(-mu, sigma^2), half N(mu, sigma^2), fitted by Algorithm 1 of Suresh et al. as their notebook has it."""

    mu: float
    sigma: float

    def start(self, rng, chains):
        return np.full(chains, float(self.mu)), np.full(chains, float(self.sigma))

    def draw(self, rng, model, n):
        sides = rng.choice([-1, 1], (len(model[0]), n))
        return (sides * model[0][:, None] + model[1][:, None] * rng.normal(size=sides.shape),)

    def fit(self, data):
        n, m, q = data[0].shape[1], np.abs(data[0]).mean(1), (data[0] ** 2).mean(1)
        kappa = np.exp(((n - 1) / 2 + 8) / (2 * (n - 1) * (n + 7))) - 1
        near = q <= (1 + kappa) * m**2
        a = np.where(near, 50.0, 2 * (1 + kappa) * q / np.where(near, 1, q - (1 + kappa) * m**2))
        square = np.where(q <= 2 * a / (a - 2) * m**2, a * q * (q - m**2) / (a * m**2 + 2 * q), q)
        return np.sqrt(q - square), np.sqrt(square)

    def blend(self, a, b, w):
        return tuple(w * x + (1 - w) * y for x, y in zip(a, b, strict=True))


@dataclass
class Geometric:
    """p(k) = e^(theta k) / Z on 0 .. K, fitted by bisection; +-60 stands for infinity."""

    truth: float
    K: int

    def p(self, theta):
        weight = np.exp(theta[:, None] * np.arange(self.K + 1) - np.maximum(theta, 0)[:, None] * self.K)
        return weight / weight.sum(1, keepdims=True)

    def start(self, rng, chains):
        return (np.full(chains, float(self.truth)),)

    def draw(self, rng, model, n):
        u = rng.uniform(size=(len(model[0]), n))
        return ((u[..., None] > np.cumsum(self.p(model[0]), -1)[:, None, :-1]).sum(-1),)

    def fit(self, data):
        mean = data[0].mean(1)
        low, high = np.full(len(mean), -60.0), np.full(len(mean), 60.0)
        for _ in range(60):
            middle = (low + high) / 2
            below = self.p(middle) @ np.arange(self.K + 1) < mean
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return (middle,)

    def blend(self, a, b, w):
        return (w * a[0] + (1 - w) * b[0],)


@dataclass
class Symbols:
    p: np.ndarray

    def start(self, rng, chains):
        return (np.tile(self.p, (chains, 1)),)

    def draw(self, rng, model, n):
        p = model[0]
        u = rng.uniform(size=(len(p), n))
        return ((u[..., None] > np.cumsum(p, -1)[:, None, :-1]).sum(-1),)

    def fit(self, data):
        return ((data[0][..., None] == np.arange(len(self.p))).mean(1),)

    def blend(self, a, b, w):
        return (w * a[0] + (1 - w) * b[0],)


@dataclass
class Chain:
    """A Markov chain over symbols, fitted by the frequencies of transitions; rows that were not seen become uniform."""

    p: np.ndarray

    def start(self, rng, chains):
        s = len(self.p)
        return np.tile(self.p, (chains, 1, 1)), np.full((chains, s), 1 / s)

    def draw(self, rng, model, n):
        p, weights = model
        context = self._one(rng, weights)
        text = []
        for _ in range(n):
            symbol = self._one(rng, p[np.arange(len(p)), context])
            text.append((context, symbol))
            context = symbol
        return tuple(np.stack(part, 1) for part in zip(*text, strict=True))

    def apart(self, rng, model, n):
        """Transitions that do not follow each other."""
        drawn = [self.draw(rng, model, 1) for _ in range(n)]
        return tuple(np.concatenate(part, 1) for part in zip(*drawn, strict=True))

    def _one(self, rng, rows):
        return (rng.uniform(size=(len(rows), 1)) > np.cumsum(rows, -1)[:, :-1]).sum(-1)

    def fit(self, data):
        context, symbol = (part[..., None] == np.arange(len(self.p)) for part in data)
        counts = np.einsum("rni,rnj->rij", context.astype(float), symbol.astype(float))
        visits = counts.sum(-1)
        rows = np.where(visits[..., None] > 0, counts / np.maximum(visits, 1)[..., None], 1 / len(self.p))
        return rows, visits / context.shape[1]

    def blend(self, a, b, w):
        return tuple(w * x + (1 - w) * y for x, y in zip(a, b, strict=True))


@dataclass
class Regression:
    w: np.ndarray
    sigma2: float
    cov: np.ndarray
    shared: bool = False
    ridge: float = 0.0
    per_sample: bool = False

    def start(self, rng, chains):
        self.design = None
        return (np.tile(self.w, (chains, 1)),)

    def _covariates(self, rng, chains, n):
        return rng.normal(size=(chains, n, len(self.w))) @ np.linalg.cholesky(self.cov).T

    def draw(self, rng, model, n):
        w = model[0]
        if self.shared and self.design is None:
            self.design = self._covariates(rng, len(w), n)
        x = self.design if self.shared else self._covariates(rng, len(w), n)
        return x, np.einsum("rnd,rd->rn", x, w) + np.sqrt(self.sigma2) * rng.normal(size=x.shape[:2])

    def fit(self, data):
        x, y = data
        n, d = x.shape[1:]
        strength = self.ridge * (n if self.per_sample else 1)
        if strength == 0:
            return (np.einsum("rdn,rn->rd", np.linalg.pinv(x), y),)
        gram = np.einsum("rni,rnj->rij", x, x) + strength * np.eye(d)
        return (np.linalg.solve(gram, np.einsum("rnd,rn->rd", x, y)[..., None])[..., 0],)

    def blend(self, a, b, w):
        return (w * a[0] + (1 - w) * b[0],)
