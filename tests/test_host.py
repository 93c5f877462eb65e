"""Models of other frameworks through the workflows of the library."""

import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.neural import HostModel, Study, host_study


def real(n, seed):
    rng = np.random.default_rng(seed)
    return rng.choice([-2.0, 2.0], n)[:, None] + 0.5 * rng.normal(size=(n, 1))


HELD = real(200, 12345)
WORKFLOWS = {
    "replace": cj.Replace(40),
    "accumulate": cj.Accumulate(40),
    "subsample": cj.AccumulateSubsample(40),
    "fixed": cj.FixedReal(40, n_real=40),
}


class Kernels:
    """SciPy's kernel density estimate."""

    @staticmethod
    def train(rows, seed):
        from scipy.stats import gaussian_kde

        return gaussian_kde(rows[:, 0], 0.3)

    @staticmethod
    def sample(state, n, seed):
        return state.resample(n, seed).T

    @staticmethod
    def test(state):
        return {"loss": -np.log(state(HELD[:, 0])).mean(), "variance": float(state.covariance[0, 0])}


class Mixture:
    """scikit-learn's mixture of normals."""

    @staticmethod
    def train(rows, seed):
        from sklearn.mixture import GaussianMixture

        return GaussianMixture(2, random_state=seed, reg_covar=1e-3).fit(rows)

    @staticmethod
    def sample(state, n, seed):
        state.random_state = seed
        return np.random.default_rng(seed).permutation(state.sample(n)[0])

    @staticmethod
    def test(state):
        return {"loss": -state.score(HELD)}


class Net:
    """A mixture of four normals in PyTorch, trained by Adam."""

    @staticmethod
    def log_prob(state, x):
        import torch

        means, scales, logits = state
        each = torch.distributions.Normal(means, scales.exp()).log_prob(x) + logits.log_softmax(-1)
        return torch.logsumexp(each, -1)

    @staticmethod
    def train(rows, seed):
        import torch

        draw = torch.Generator().manual_seed(seed)
        x = torch.as_tensor(rows)
        state = [
            torch.randn(4, generator=draw, dtype=x.dtype),
            torch.zeros(4, dtype=x.dtype),
            torch.zeros(4, dtype=x.dtype),
        ]
        optimiser = torch.optim.Adam([leaf.requires_grad_() for leaf in state], 0.05)
        for _ in range(40):
            optimiser.zero_grad()
            batch = x[torch.randint(len(x), (16,), generator=draw)]
            (-Net.log_prob(state, batch).mean()).backward()
            optimiser.step()
        return [leaf.detach() for leaf in state]

    @staticmethod
    def sample(state, n, seed):
        import torch

        draw = torch.Generator().manual_seed(seed)
        means, scales, logits = state
        k = torch.multinomial(logits.softmax(-1), n, True, generator=draw)
        noise = torch.randn(n, generator=draw, dtype=means.dtype)
        return (means[k] + scales.exp()[k] * noise).numpy()[:, None]

    @staticmethod
    def test(state):
        import torch

        return {"loss": -Net.log_prob(state, torch.as_tensor(HELD)).mean().item()}


def model(of):
    return HostModel(of.train, of.sample, of.test, real)


@pytest.mark.wide
@pytest.mark.parametrize(("of", "needs"), [(Kernels, "scipy"), (Mixture, "sklearn"), (Net, "torch")])
def test_a_model_of_another_framework(of, needs):
    pytest.importorskip(needs)
    found = host_study(model(of), WORKFLOWS, generations=4, chains=3, seed=1)
    again = host_study(model(of), {"replace": cj.Replace(40)}, generations=4, chains=3, seed=1)
    np.testing.assert_array_equal(found["replace"]["loss"], again["replace"]["loss"])
    for name in WORKFLOWS:  # the first fit sees the same rows in all of them
        assert found[name]["loss"].shape == (4, 3)
        np.testing.assert_array_equal(found[name]["loss"][0], found["replace"]["loss"][0])
        assert np.all(np.isfinite(found[name]["loss"]))
    assert not np.array_equal(found["replace"]["loss"][-1], found["accumulate"]["loss"][-1])


def test_every_row_that_is_present_arrives_in_its_own_precision():
    seen = []

    def train(rows, seed):
        seen.append((rows.dtype, len(rows)))
        return rows

    counting = HostModel(train, lambda rows, n, seed: rows[:n], lambda rows: {"mean": rows.mean()}, real)
    host_study(counting, {"a": cj.Accumulate(5), "f": cj.FixedReal(5, n_real=7)}, generations=3, chains=1)
    assert seen == [(np.dtype("float64"), size) for size in (5, 7, 10, 12, 15, 12)]


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    "workflow",
    [
        cj.ReplaceMultiple(10),
        cj.Window(10, k=2),
        cj.Window(10, k=2, redraw=True),
        cj.FreshReal(10, n_real=5),
        cj.Contaminated(10, share=0.5),
        cj.Edited(10, rate=0.5),
        cj.RecentModels(10, n_real=5, k=2),
        cj.Urn(10, first=10, n_real=2),
        cj.Corrected(cj.Replace(10), gamma=0.5),
        cj.Replace([10, 20, 5]),
    ],
    ids=lambda workflow: type(workflow).__name__,
)
def test_workflows_run_as_they_are(workflow):
    found = host_study(model(Kernels), {"w": workflow}, generations=3, chains=2)
    assert np.all(np.isfinite(found["w"]["loss"]))


@pytest.mark.parametrize(
    ("workflow", "remedy"),
    [
        (cj.RandomPool(10), "one model per chain draws.*use Window"),
        (cj.FreshReal(10, n_real=5, weight=0.5), "no average; pool their data"),
        (cj.Tempered(cj.Replace(10), 0.5), "^w: .*no temperature"),
    ],
)
def test_what_a_model_of_the_host_cannot_do_is_refused(workflow, remedy):
    with pytest.raises(ValueError, match=remedy):
        host_study(model(Kernels), {"w": workflow}, generations=3, chains=2)


@pytest.mark.usefixtures("untyped")
def test_what_is_missing_is_named():
    with pytest.raises(ValueError, match="test=None is no function; give a function state"):
        HostModel(Kernels.train, Kernels.sample)
    short = HostModel(Kernels.train, lambda state, n, seed: np.zeros((3, 1)), Kernels.test, real)
    with pytest.raises(ValueError, match=r"sample returned shapes \[\(3, 1\)\] for 10 rows; return \(10, \*event\)"):
        host_study(short, {"w": cj.Replace(10)}, generations=2, chains=1)
    nothing = HostModel(lambda rows, seed: None, Kernels.sample, Kernels.test, real)
    with pytest.raises(ValueError, match="train returned None"):
        host_study(nothing, {"w": cj.Replace(10)}, generations=2, chains=1)
    with pytest.raises(ValueError, match="workflows={} are none"):
        host_study(model(Kernels), {}, generations=2, chains=1)


def test_it_is_saved_and_loaded(tmp_path):
    found = host_study(model(Kernels), {"r": cj.Replace(10)}, generations=2, chains=2)
    loaded = Study.load(found.save(tmp_path / "study"))
    np.testing.assert_array_equal(loaded["r"]["variance"], found["r"]["variance"])
    assert repr(loaded) == repr(found)
    with pytest.raises(ValueError, match="no weights of 'r' are kept"):
        loaded.weights("r")
