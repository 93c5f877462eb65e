"""The Wasserstein distance of unbiased fits, for every size of the samples."""

from collapse_jax.laws.special import chi_mean, sqrt
from proofs_check.proofs import Everywhere, proves


@proves("shumailov2024.thm3_1")
def thm3_1():
    r"""Every n from 2 to 500, equal in all generations, t up to 8: what the mean moves leaves out $2 - 2 c_4(n)^t$. For
    all n and t, as $c_4 < 1$ and it is 2 at most."""

    def exact(t, n):
        return t / n + 2 - 2 * (chi_mean(n - 1) / sqrt(n - 1)) ** int(float(t))

    return Everywhere(
        stated=lambda t, n: t / n,
        at=lambda n: {"n": n[0]},
        mutants={"1.7 t/n": lambda t, n: 1.7 * t / n, "2, the limit with the 1/n variance": lambda t, n: 2 + t * 0},
        margin=lambda stated, t, n: exact(t, n) - stated(t, n),
        box={"t": (1, 8), "n": (2, 500)},
        whole=("t", "n"),
    )
