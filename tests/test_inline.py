"""Programs that call LAPACK or Fourier transforms finish, however many of them run at once, with the same bits."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from collapse_jax.engine import collect
from collapse_jax.engine.inline import inline, waits


def _positive(x):
    return x @ jnp.swapaxes(x, -1, -2) + jnp.eye(x.shape[-1])


@jax.custom_jvp
def _with_derivative(x):
    return jnp.linalg.inv(x)


_with_derivative.defjvp(lambda primals, tangents: (_with_derivative(*primals), tangents[0]))

KINDS = {
    "cholesky": lambda x: jnp.linalg.cholesky(_positive(x)),
    "eigh": lambda x: jnp.linalg.eigh(_positive(x)),
    "eig": jnp.linalg.eig,
    "svd": jnp.linalg.svd,
    "qr": jnp.linalg.qr,
    "qr with pivots": lambda x: jax.scipy.linalg.qr(x, pivoting=True),
    "solve": lambda x: jnp.linalg.solve(x, x + 1),
    "slogdet": jnp.linalg.slogdet,
    "pinv": jnp.linalg.pinv,
    "triangular": lambda x: jax.scipy.linalg.solve_triangular(x, x + 1, lower=True),
    "schur": jax.lax.linalg.schur,
    "tridiagonal": lambda x: jax.lax.linalg.tridiagonal_solve(x[..., 0], x[..., 1] + 9, x[..., 2], x),
    "least squares": jax.vmap(lambda m: jnp.linalg.lstsq(m, m[:, 0])[0]),
    "fft": jnp.fft.fft,
    "rfft of two axes": jnp.fft.rfft2,
    "in a loop": lambda x: jax.lax.while_loop(lambda s: s[0] < 2, lambda s: (s[0] + 1, jnp.linalg.inv(s[1])), (0, x)),
    "in a scan": lambda x: jax.lax.scan(lambda c, m: (c + jnp.linalg.inv(m), c), x, jnp.stack([x, x + 1])),
    "in a branch": lambda x: jax.lax.cond(x[0, 0, 0] > 0, jnp.linalg.inv, lambda y: y, x),
    "recomputed": jax.checkpoint(jnp.linalg.inv),
    "derivative": jax.grad(lambda x: jnp.sum(jnp.linalg.slogdet(_positive(x))[1])),
    "with a derivative of its own": _with_derivative,
}


@pytest.mark.parametrize("kind", KINDS)
def test_same_bits_matrix_by_matrix(kind, x64, cheap_jit):
    x = jnp.asarray(np.random.default_rng(0).normal(size=(3, 4, 4)))
    plain = cheap_jit(KINDS[kind])
    assert waits(plain.trace(x).jaxpr)
    safe = cheap_jit(inline(KINDS[kind]))
    traced = safe.trace(x)
    assert not waits(traced.jaxpr)
    calls = [line for line in traced.lower().as_text().splitlines() if "@lapack" in line]
    assert not [line for line in calls if re.search(r"\(tensor<3x4x4x", line)]
    for before, after in zip(jax.tree.leaves(plain(x)), jax.tree.leaves(safe(x)), strict=True):
        np.testing.assert_array_equal(before, after)


def test_transforms_of_several_axes_back(x64):
    x = jnp.asarray(np.random.default_rng(0).normal(size=(3, 4, 6)))
    for transform in (jnp.fft.ifft2, jnp.fft.irfft2, jnp.fft.fftn):
        # Sums of at most 4 * 6 * 3 numbers in another order.
        np.testing.assert_allclose(jax.jit(inline(transform))(x + 0j), transform(x + 0j), rtol=0, atol=72 * 2**-52 * 9)


def test_a_program_without_such_calls_is_left_alone(x64):
    assert not waits(jax.make_jaxpr(lambda x: jnp.sort(x @ x))(jnp.ones((3, 4, 4))))
    assert not waits(jax.make_jaxpr(lambda x: jnp.linalg.eigvalsh(x))(jnp.ones((4, 4))))  # one matrix


@pytest.mark.grid
def test_runs_with_such_metrics_finish(tmp_path):
    """A metric of several independent eigenvalue problems, on one device and on two; a hang would end in a minute."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            import jax.numpy as jnp, numpy as np
            from collapse_jax import Gaussian, Replace, simulate

            def smallest(model, truth):
                factor = jnp.asarray(model.factor)
                square = factor @ jnp.swapaxes(factor, -1, -2)
                return jnp.linalg.eigvalsh(square)[..., 0] + 0 * jnp.linalg.svd(square + 1, compute_uv=False)[..., 0]

            family = Gaussian(mean=np.zeros(12), cov=np.eye(12), ddof=1)
            for layout in ({}, {"chunk": 64}, {"devices": 2}):
                run = simulate(family, Replace(50), smallest, generations=3, chains=512, block=64, **layout)
                print(run["smallest"].mean[-1].hex())
            """
        )
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    values = done.stdout.split()
    assert len(values) == 3
    assert len(set(values)) == 1


def test_a_run_that_does_not_move_says_so(monkeypatch):
    import time

    monkeypatch.setattr(collect, "_PATIENCE", 0.01)
    jobs = [lambda: time.sleep(0.1), lambda: time.sleep(0.1)]
    with pytest.warns(RuntimeWarning, match="no block of chains was finished") as said:
        assert list(collect.in_order(collect.threads(1), jobs, 2)) == [None, None]
    assert len(said) == 1  # once a run
