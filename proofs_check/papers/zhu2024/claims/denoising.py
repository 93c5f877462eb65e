"""Linear autoencoders that denoise, trained on what the last one made."""

from math import log

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.zhu2024 import theory

SETTING = domain(s=Interval("[0.01, 1000]"), sigma2=Interval("[0.01, 100]"), n=Integers(5))
SHARES = (0.1, 0.3, 0.5, 1.0)


def _path(s, sigma2, t, share=0.0):
    found = s
    for _ in range(t):
        found = share * s + (1 - share) * theory.denoised(found, sigma2)
    return found


def _weight(s, sigma2):
    return s / (s + sigma2)


@claim(
    "zhu2024.dae",
    statement=r"s' = \frac{s^2}{s + \sigma^2} \text{ and } w' = \frac{w^2}{1 - w + w^2} \text{ along every eigenvector of } \Sigma,\quad w = \frac{s}{s + \sigma^2}",
    relation="==",
    provenance="derived",
    source="least squares of x on x + sigma e and x' = W (x + sigma e), with matrices of three dimensions in full, t rounds",
    domain=SETTING.only(("sigma2",)),
)
def dae(sigma2=0.25):
    import numpy as np

    turn = np.linalg.qr(np.arange(1.0, 10).reshape(3, 3) + 3 * np.eye(3))[0]
    start = (4.0, 1.0, 0.25)

    def largest(t):
        """The norm of the denoiser of round t."""
        cov = (turn * np.array(start)) @ turn.T
        for _ in range(t):
            noisy = cov + sigma2 * np.eye(3)
            w = cov @ np.linalg.inv(noisy)
            cov = w @ noisy @ w.T
        return float(np.linalg.norm(cov @ np.linalg.inv(cov + sigma2 * np.eye(3)), 2))

    def stated(t):
        w = _weight(start[0], sigma2)
        for _ in range(t):
            w = theory.next_weight(w)
        return w

    def clean(t):
        found = start[0]
        for _ in range(t):
            found = theory.denoised_clean(found, sigma2)
        return _weight(found, sigma2)

    return Computed(
        largest,
        stated,
        {
            "the same denoiser again": lambda t: stated(0),
            "data without noise": clean,
            "t + 1 for t": lambda t: stated(t + 1),
        },
        at=(1, 2, 4, 8, 12),
        rung="identity",
        tolerance=1e-7,
    )


@claim(
    "zhu2024.dae.envelope",
    statement=r"\|W_t\| \le w_0 \left(\frac{w_0}{1 - w_0 + w_0^2}\right)^t",
    relation="<=",
    provenance="recalled",
    source="norms of denoisers fall at least geometrically without real data; rate derived, the factor at the first round",
    domain=SETTING,
)
def dae_envelope(s=1.0, sigma2=0.25):
    """Attained at the first round; afterwards the norm falls ever faster (dae.superexponential)."""
    w = _weight(s, sigma2)
    return Computed(
        lambda t: _weight(_path(s, sigma2, t), sigma2),
        lambda t: theory.envelope(t, w),
        {
            "a thousandth less": lambda t: 0.999 * theory.envelope(t, w),
            "w^t": lambda t: w ** (t + 1),
        },
        at=(0, 1, 2, 5, 10),
        bounds=(0, 1),
    )


@claim(
    "zhu2024.dae.geometric",
    statement=r"\frac{w_{t+1}}{w_t} = \frac{w_0}{1 - w_0 + w_0^2} \text{ in every round}",
    relation="==",
    provenance="recalled",
    source="a fixed geometric rate of decay, as remembered from works on autoencoders; the form that was tested is this reading",
    expected="REFUTED",
    domain=SETTING,
)
def dae_geometric(s=1.0, sigma2=0.25):
    """No wording was read, so that nothing printed is refuted: the exact ratio is w/(1 - w + w^2) with the current w."""
    w = _weight(s, sigma2)
    rate = w / (1 - w + w**2)
    return Computed(
        lambda t: _weight(_path(s, sigma2, t + 1), sigma2) / _weight(_path(s, sigma2, t), sigma2),
        lambda t: rate,
        {"w_0": lambda t: w, "its square": lambda t: rate**2},
        at=(0, 1, 2, 5, 10),
    )


@claim(
    "zhu2024.dae.erosion",
    statement=r"s_0 - \sigma^2 t \le s_t \le s_0 - \sigma^2 t + \frac{\sigma^4 t}{s_0 - \sigma^2 t} \quad (\sigma^2 t < s_0)",
    relation="between",
    provenance="derived",
    source="s' = s - sigma^2 + sigma^4/(s + sigma^2): a wide direction is worn down by sigma^2 per round",
    domain=domain("s >= 100 * sigma2", s=Interval("[0.01, 1000]"), sigma2=Interval("[0.01, 100]")),
)
def dae_erosion(s=100.0, sigma2=1.0):
    return Computed(
        lambda t: _path(s, sigma2, t),
        lambda t: (s - sigma2 * t, s - sigma2 * t + sigma2**2 * t / (s - sigma2 * t)),
        {
            "a hundredth faster": lambda t: (s - 1.01 * sigma2 * t - 1, s - 1.01 * sigma2 * t),
            "geometric": lambda t: (0.9 * s * _weight(s, sigma2) ** t, s * _weight(s, sigma2) ** t),
        },
        at=(1, 5, 20, 50, 80),
    )


@claim(
    "zhu2024.dae.superexponential",
    statement=r"\frac{\log(\sigma^2/s_{t+1})}{\log(\sigma^2/s_t)} \to 2 \text{ as } s_t \to 0",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="s' = s^2/sigma^2 for s much smaller than sigma^2: the end is doubly exponential; left open is s_t/sigma^2",
    domain=SETTING,
)
def dae_superexponential(s=1.0, sigma2=0.25):
    start = next(t for t in range(10_000) if _path(s, sigma2, t) < sigma2 / 10)

    def ratio(t):
        return log(sigma2 / _path(s, sigma2, start + t + 1)) / log(sigma2 / _path(s, sigma2, start + t))

    return Computed(
        ratio,
        lambda t: 2.0,
        {"1, a geometric end": lambda t: 1.0, "2.01": lambda t: 2.01},
        at=(0, 1, 2, 3, 4, 5),
        index="round",
        allowance=lambda t: _path(s, sigma2, start + t) / sigma2,
    )


@claim(
    "zhu2024.dae.with_real",
    statement=r"s_t \to \frac{a s_0 - \sigma^2 + \sqrt{(\sigma^2 - a s_0)^2 + 4 a^2 s_0 \sigma^2}}{2 a} \quad (\text{a share } a \text{ of real data})",
    relation="==",
    provenance="derived",
    source="the fixed point of s' = a s_0 + (1 - a) s^2/(s + sigma^2), reached by 2,000 rounds for a = .1, .3, .5, 1",
    domain=SETTING,
)
def dae_with_real(s=1.0, sigma2=0.25):
    return Computed(
        lambda i: _path(s, sigma2, 2000, SHARES[i]),
        lambda i: theory.denoised_with_real(s, sigma2, SHARES[i]),
        {
            "a s_0": lambda i: SHARES[i] * s,
            "a fiftieth more real data": lambda i: theory.denoised_with_real(s, sigma2, min(1.02 * SHARES[i], 1.0)),
            "twice the noise": lambda i: theory.denoised_with_real(s, 2 * sigma2, SHARES[i]),
        },
        at=tuple(range(len(SHARES))),
        index="case",
        rung="identity",
    )


@claim(
    "zhu2024.dae.real_floor",
    statement=r"\|W_t\| \ge \frac{a s_0}{a s_0 + \sigma^2} \text{ for every } t",
    relation=">=",
    provenance="recalled",
    source="with real data in every round norms stay away from zero; constant derived. Rounds 1 to 2,000, a = .1, .3, .5, 1",
    domain=SETTING,
)
def dae_real_floor(s=1.0, sigma2=0.25):
    """Attained for real data alone, a = 1."""

    def least(i):
        found, norms = s, []
        for _ in range(2000):
            found = SHARES[i] * s + (1 - SHARES[i]) * theory.denoised(found, sigma2)
            norms.append(_weight(found, sigma2))
        return min(norms)

    return Computed(
        least,
        lambda i: theory.weight_floor(s, sigma2, SHARES[i]),
        {
            "s_0 for a s_0": lambda i: theory.weight_floor(s, sigma2, 1.0),
            "a thousandth more": lambda i: 1.001 * theory.weight_floor(s, sigma2, SHARES[i]),
        },
        at=tuple(range(len(SHARES))),
        index="case",
        bounds=(0, 1),
    )


@claim(
    "zhu2024.dae.sampled",
    statement=r"E s_t \ge s^{(t)},\quad s^{(t)} \text{ the path of infinitely many data} \quad (n \text{ data per round, unbiased})",
    relation=">=",
    provenance="derived",
    source="the map is increasing and convex (Jensen); equality at t = 1",
    domain=SETTING & domain("s >= sigma2 / 4", generations=Integers(1, 6)),
)
def dae_sampled(s=1.0, sigma2=0.05, n=20, generations=6):
    """On average finitely many data keep more variance: the map forgives losses less than it rewards gains."""
    from proofs_check.papers.zhu2024.workflows import Denoised

    path = [_path(s, sigma2, t) for t in range(generations)]
    growth = [s**2 * (1 + 2 / (n - 1)) ** t - path[t - 1] ** 2 for t in range(1, generations + 1)]
    return Check(
        cj.Gaussian(cov=s, ddof=1),
        Denoised(cj.Replace(n), sigma2=sigma2),
        metric="variance",
        generations=generations,
        predicted=lambda t: path[t - 1],
        mutants={
            "nothing is lost": lambda t: s,
            "a fifth more": lambda t: 1.2 * path[t - 1],
            "half the noise": lambda t: _path(s, sigma2 / 2, t - 1) * (1.2 if t == 1 else 1),
        },
        variance=lambda t: growth[t - 1],
    )
