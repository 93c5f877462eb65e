r"""Eigenvalues of fitted covariances in many dimensions, as quantiles of their limiting law.

One fit on n data in d dimensions has the law of Marchenko and Pastur of ratio d/n. A fit on $n_r$ real and $n_s$
synthetic data, N in all, whose covariances are I and $\lambda \Sigma$, has the resolvent
$Q(z) = \left[\frac{n_r/N}{1 + \delta_1} + \frac{n_s/N}{1 + \delta_2} \lambda \Sigma - z\right]^{-1}$ with
$\delta_1 = \frac1N \mathrm{tr}\,Q$ and $\delta_2 = \frac\lambda N \mathrm{tr}\,\Sigma Q$, up to terms that vanish as d grows with n/d.
"""

import numpy as np

_FAR, _NEAR = 4.0, 1e-3  # distances from the real axis, where Newton's method begins and ends


def quantiles(number: int) -> np.ndarray:
    return (np.arange(number) + 0.5) / number


def real_fit(ratio: float, number: int = 120) -> np.ndarray:
    """Quantiles of the Marchenko-Pastur law, for the fit on real data alone; d/n near or below 1."""
    angle = np.pi * quantiles(4000)
    x = 1 + ratio - 2 * np.sqrt(ratio) * np.cos(angle)
    mass = np.cumsum(np.sin(angle) ** 2 / x)
    return np.interp(quantiles(number), mass / mass[-1], x)


def next_fit(eigenvalues: np.ndarray, n_real: int, n: int, d: int, bias: float, grid: int = 240) -> np.ndarray:
    """Quantiles of the spectrum of the next covariance, from those of the model that is drawn from."""
    real, made, ratio = n_real / (n_real + n), n / (n_real + n), d / (n_real + n)
    drawn = bias * eigenvalues
    x = 1.02 * (1 + np.sqrt(ratio)) ** 2 * max(1, drawn.max()) * quantiles(grid) ** 1.5
    one = two = np.zeros(grid, complex)

    def resolvent(height):
        return 1 / ((real / (1 + one))[:, None] + np.outer(made / (1 + two), drawn) - (x + 1j * height)[:, None])

    for height in np.geomspace(_FAR, _NEAR, 13):
        for _ in range(4):
            Q = resolvent(height)
            by_one, by_two = real / (1 + one) ** 2, made / (1 + two) ** 2
            f, g = ratio * Q.mean(1) - one, ratio * (drawn * Q).mean(1) - two
            k0, k1, k2 = (ratio * (drawn**power * Q * Q).mean(1) for power in range(3))
            a, b, c, e = k0 * by_one - 1, k1 * by_two, k1 * by_one, k2 * by_two - 1
            one, two = one - (f * e - g * b) / (a * e - b * c), two - (a * g - c * f) / (a * e - b * c)
    density = np.gradient(x) * np.maximum(resolvent(_NEAR).mean(1).imag, 0)
    return np.interp(quantiles(len(eigenvalues)), (np.cumsum(density) - density / 2) / density.sum(), x)


def distances(n_real: int, n: int, d: int, bias: float, generations: int, first: int) -> np.ndarray:
    r"""$\sum_i (\sqrt{s_i} - 1)^2$, the part of $W_2^2$ that is not of the mean, for fits 1 .. G of the fresh data loop."""
    spectra = [real_fit(d / (first - 1))]
    for _ in range(1, generations):
        spectra.append(next_fit(spectra[-1], n_real, n, d, bias))
    return np.array([d * np.mean((np.sqrt(one) - 1) ** 2) for one in spectra])
