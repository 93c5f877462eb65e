"""Suites: a claim alone and among others reads the same chains, runs are shared, and a failing claim is one row."""

import dataclasses

import numpy as np
import pytest

import collapse_jax as cj
from proofs_check import Check, Computed, Plan, claim, verify, verify_all
from proofs_check.prepared import prepare
from proofs_check.registry import select
from proofs_check.suite import Suite, grouped
from proofs_check.verdict import seed_of

QUICK = Plan(resolution=0.05, max_chains=1 << 14, hasty=True)


def made(name, metric="variance", generations=3, n=20, predicted=lambda t: 1.0, relation="==", **fields):
    @claim(f"test.{name}", statement="x", relation=relation, provenance="derived", source="here")
    def one():
        return Check(
            cj.Gaussian(ddof=1),
            cj.Replace(n),
            metric,
            generations,
            predicted,
            {"far off": lambda t: 30.0},
            **fields,
        )

    return one


def split(claims, plan=QUICK):
    return [[item.claim.id for item in group.claims] for group in grouped([prepare(one, plan) for one in claims], plan)]


def test_claims_of_a_cell_share_a_run_with_all_metrics():
    claims = [made("a"), made("b", "squared_error", 5), made("c", n=30), made("d", relation="law", predicted=np.tanh)]
    assert split(claims) == [["test.a", "test.b"], ["test.c"], ["test.d"]]


def test_horizons_are_shared_only_where_the_first_generations_stay_the_same():
    def pooled(name, generations):
        other = made(name, generations=generations)
        check = dataclasses.replace(other.check(), workflow=cj.RandomPool(20))
        return dataclasses.replace(other, setup=lambda: check)

    assert split([pooled("a", 3), pooled("b", 4), pooled("c", 3)]) == [["test.a", "test.c"], ["test.b"]]
    literal = dataclasses.replace(QUICK, engine="literal")
    assert split([made("a"), made("b", generations=4)], literal) == [["test.a"], ["test.b"]]


def test_one_name_for_two_metrics_is_two_runs():
    def metric(factor):
        def scaled(model, truth):
            return factor * model.mean[..., 0]

        return scaled

    assert split([made("a", metric(1)), made("b", metric(2))]) == [["test.a"], ["test.b"]]


@pytest.mark.grid
@pytest.mark.parametrize(
    "patterns",
    [
        ["bertrand2023.*", "kazdan2024.replace_as", "kazdan2024.replace_mean_of_v"],
        ["shumailov2024.*", "seddik2024.thm2*"],
    ],
)
def test_alone_and_in_the_suite_a_claim_has_the_same_numbers(patterns, fast_compilation):
    claims = [one for one in select(patterns) if not isinstance(one.check(), Computed)]
    plan = Plan(resolution=0.05, max_chains=8192, hasty=True)
    suite = Suite.of(claims, plan)
    together = {outcome.claim.id: outcome for outcome in suite.outcomes()}
    shared = [item.claim for group in suite.groups for item in group.claims if len(group.claims) > 1]
    for one in [*shared, *claims[:2]]:
        alone = verify(one, plan, suite_size=len(claims))
        there = together[one.id]
        assert (alone.verdict, alone.seed, alone.chains, alone.mutants) == (
            there.verdict, there.seed, there.chains, there.mutants,
        )  # fmt: skip
        np.testing.assert_allclose(alone.observed, there.observed, rtol=1e-9)
        np.testing.assert_allclose(alone.lower, there.lower, rtol=1e-6, atol=1e-9)


@pytest.mark.wide
def test_the_horizon_of_others_does_not_touch_a_claim():
    alone = verify(made("a"), QUICK)
    first, _ = verify_all([made("a"), made("b", "squared_error", 9)], QUICK, suite_size=1)
    np.testing.assert_allclose(first.observed, alone.observed, rtol=1e-12)
    assert first.seed == alone.seed


def test_seeds_come_from_the_cell():
    def seed(one, plan=QUICK):
        return seed_of(one.check(), plan)

    assert seed(made("a")) == seed(made("b", "squared_error", 7))
    assert seed(made("a")) != seed(made("a", n=21))
    assert seed(made("a")) != seed(made("a"), dataclasses.replace(QUICK, seed=1))


def test_a_failing_claim_is_its_own_row():
    def broken(model, truth):
        raise RuntimeError("no such thing")

    @claim("test.unfit", statement="x", relation="==", provenance="derived", source="here")
    def unfit():
        raise KeyError("lost")

    claims = [made("a"), made("bad", broken), unfit, made("b", "squared_error", predicted=lambda t: 9.0)]
    with pytest.warns(UserWarning, match="decided one by one.*no such thing"):
        words = {outcome.claim.id: outcome for outcome in verify_all(claims, QUICK)}
    assert list(words) == [one.id for one in claims]
    assert words["test.a"].verdict == "SUPPORTED*"
    assert words["test.b"].verdict == "REFUTED*"
    assert words["test.bad"].verdict == words["test.unfit"].verdict == "ERROR"
    assert "no such thing" in words["test.bad"].reason
    assert "lost" in words["test.unfit"].reason
    assert not words["test.bad"].as_expected
    assert words["test.bad"].row()["reached"] is None
    with pytest.raises(ValueError, match=r"test\.unfit"):
        verify(unfit, QUICK)


def test_shards_share_out_the_groups_and_the_alpha():
    claims = [made("a"), made("b", "squared_error"), made("c", n=30), made("d", n=40)]
    parts = [Suite.of(claims, QUICK, part=(i, 2)) for i in (1, 2)]
    assert [[one.id for one in part.claims] for part in parts] == [["test.a", "test.b", "test.d"], ["test.c"]]
    assert {part.share for part in parts} == {QUICK.alpha / 4}


def test_laws_share_nothing_and_keep_only_their_own_metric():
    [group] = grouped([prepare(made("d", relation="law", predicted=np.tanh, at=(2,)), QUICK)], QUICK)
    assert [item.claim.id for item in group.claims] == ["test.d"]
