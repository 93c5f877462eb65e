"""The self-test finds what is wrong with a family or a workflow, and nothing wrong with ours."""

import textwrap
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import collapse_jax as cj
from collapse_jax import Bernoulli, Family, Replace, Samples
from collapse_jax.testing import check_family, check_workflow
from proofs_check.cli import main
from proofs_check.papers.griffiths2007.learners import Learner

pytestmark = pytest.mark.usefixtures("fast_compilation")


class WrongStatistic(Bernoulli):
    """`statistic` halves the success probability."""

    def statistic(self, key, n):
        return Bernoulli.statistic(self.replace(p=self.p / 2), key, n)


class Dropped(Bernoulli):
    """A fit that leaves the chains out."""

    def fit(self, data):
        return self.replace(p=super().fit(data).p[..., None])


class Careless(Bernoulli):
    def fit(self, data):
        if isinstance(data, Samples):
            return self.replace(p=data.values.mean(-1))
        return super().fit(data)


class Spread(Family):
    """N(0, s^2), whose unbiased variance a single observation does not determine."""

    s: Any = 1.0
    parameters = {"s": 0}

    def sample(self, key, n):
        return self.s[..., None] * jax.random.normal(key, (*self.batch_shape, n), self.dtype)

    def fit(self, data):
        return self.replace(s=jnp.sqrt(data.var(ddof=1)))


class Lopsided(Replace):
    """Says the pedigree of `Replace` and draws from the truth."""

    pedigree = Replace.pedigree

    def start(self, key, truth, n, source):
        return truth, truth.fit(source.draw(key, truth, n))

    def step(self, key, t, n, memory, model, source):
        return memory, model.fit(source.draw(key, memory, n))


class ByEngine(Replace):
    def start(self, key, truth, n, source):
        return (), truth.fit(source.draw(key, truth, n if source.engine == "exact" else 2 * n, 2 * source.slots))


@pytest.mark.slow
def test_nothing_wrong_with_ours():
    for findings in (check_family(Bernoulli(0.3), chains=1024), check_workflow(cj.Accumulate(20), chains=1024)):
        assert findings, str(findings)
        assert "nothing wrong was found" in str(findings)
        assert "\n" not in str(findings)
        findings.require()


def higher(x):
    return x.reshape(*x.shape[:2], -1)[..., 0]


@pytest.mark.wide
@pytest.mark.parametrize(
    "family",
    [
        cj.Laplace(0.5, 2.0),
        pytest.param(cj.NegativeBinomial(0.8, 2.0), marks=pytest.mark.slow),
        pytest.param(cj.Gamma(2.0, 3.0), marks=pytest.mark.slow),
        pytest.param(cj.TruncatedGeometric(0.2, 3), marks=pytest.mark.slow),
        pytest.param(cj.Beta(0.5), marks=pytest.mark.slow),
        pytest.param(Learner(), marks=pytest.mark.slow),
    ],
    ids=lambda family: type(family).__name__,
)
def test_families_hold_together(family):
    check_family(family, n=9, chains=256).require()


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    "workflow",
    [
        pytest.param(cj.RecentModels(12, n_real=6), marks=pytest.mark.slow),
        pytest.param(cj.RecentModels(12, n_real=6, fresh=False), marks=pytest.mark.slow),
        cj.Curated(cj.Replace(12), higher, K=3),
        cj.Tempered(cj.Replace(12), temperature=0.7),
        cj.Biased(cj.Replace(12), bias=0.6),
        pytest.param(cj.Corrected(cj.FixedReal(12, n_real=12), gamma=0.5), marks=pytest.mark.slow),
    ],
    ids=lambda workflow: type(workflow).__name__,
)
def test_workflows_hold_together(workflow):
    check_workflow(workflow, chains=512).require()


WRONG = {
    "statistic": (lambda: check_family(WrongStatistic(0.3), chains=1024), "the engines differ in law under Replace"),
    "shape": (lambda: check_family(Dropped(0.3), chains=512), r"gives `p` of shape \(3, 1\)"),
    "slots": (lambda: check_family(Careless(0.3), chains=512), "depends on what stands in unfilled slots"),
    "n = 1": (lambda: check_family(Spread()), "n = 1 loses 64 of 64 chains"),
    "pedigree": (lambda: check_workflow(Lopsided(20)), "the pedigree implies"),
    "engines": (lambda: check_workflow(ByEngine(20)), "the engines differ in law under ByEngine"),
}


@pytest.mark.grid
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_found(case):
    make, sentence = WRONG[case]
    findings = make()
    assert not findings
    with pytest.raises(ValueError, match=sentence):
        findings.require()


@pytest.mark.wide
def test_by_command(tmp_path, capsys):
    file = tmp_path / "mine.py"
    file.write_text(
        textwrap.dedent(
            """
            from collapse_jax import Bernoulli

            class Half(Bernoulli):
                def statistic(self, key, n):
                    return Bernoulli.statistic(self.replace(p=self.p / 2), key, n)

            class Needs(Bernoulli):
                def __init__(self, p):
                    super().__init__(p)

            """
        )
    )
    assert main(["check", str(file), "--chains", "1024"]) == 1
    half, needs = sorted(capsys.readouterr().out.splitlines())
    assert half.startswith("Half: the engines differ in law")
    assert needs.startswith("Needs: not checked")
    empty = tmp_path / "empty.py"
    empty.write_text("")
    assert main(["check", str(empty)]) == 2
    assert "defines no family and no workflow" in capsys.readouterr().err
