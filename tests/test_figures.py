"""Figures: what they draw agrees with the closed forms."""

import dataclasses
import json
import math

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas

from collapse_jax.laws import coalescent
from collapse_jax.results.estimate import simultaneous_z
from proofs_check import figure as shared
from proofs_check import registry
from proofs_check.papers.common.figures import replace_accumulate

FIGURES = registry.figures()
CURVES = [f"{metric}_{name}" for metric in ("risk", "variance") for name in ("replace", "accumulate")]

# Small enough for a smoke test, large enough that every branch of a drawing has something to draw.
SMALL = {
    "ferbach2024.modes": {"chains": 256, "generations": 4},
    "ferbach2024.moons": {"cells": 24, "generations": 5},
    "seddik2024.fig1": {"runs": 32, "snapshots": (0, 10, 40)},
    "seddik2024.fig2": {"n": (10, 40), "simulated": (10,), "S0": (0.1, 0.5), "chains": 512, "horizon": 6},
    "seddik2024.fig3": {"n": (10, 20), "simulated": (10,), "small_N": 10, "small_n": 10, "generations": 6, "chains": 2048},
    "seddik2024.fig4": {"S0": (0.1, 0.5), "generations": 6, "chains": 2048},
    "seddik2024.fig6": {"windows": (3,), "generations": 30, "chains": 2048},
    "gerstgrasser2024.linear": {"d": 2, "T": (12, 30), "simulated": (12,), "subsampled": (), "generations": 4, "chains": 2048},
    "barzilai2025.thm41": {"n": (1000,), "families": (1, 2), "generations": 4, "chains": 2048},
    "barzilai2025.fig123": {"n": (20,), "families": ("beta",), "generations": 10, "chains": 8192},
    "barzilai2025.fig4": {"theta": (0.1, 1.0), "generations": 10, "groups": 40},
    "barzilai2025.construction1": {"n": (100,), "fits": 3, "chains": 2048, "sizes": (100, 1000), "first_chains": 1 << 16,
                                   "walks": 1 << 14},
    "suresh2024.fig2": {"n": 20, "shown": 3, "gaussian": 30, "coin": 60, "chains": 8},
    "suresh2024.gaussian": {"generations": 30, "chains": 2048},
    "suresh2024.bernoulli": {"n": (60, 20), "p": (0.01, 0.05), "generations": 12, "chains": 1024},
    "suresh2024.poisson": {"rates": (1.0, 2.0), "generations": 12, "chains": 1024},
    "suresh2024.zipf": {"m": 30, "n": 30, "exponents": (1.0, 2.0), "shifts": (2.7, 5.0), "generations": 4, "chains": 512},
    "suresh2024.mixture": {"mu": (1.0, 2.0), "generations": 40, "shown": 8, "chains": 256},
    "benati2025.survival": {"n": 10, "generations": 40, "sizes": (10, 20), "chains": 1024},
    "fu2024.phase": {"chains": 512},
    "gillman2024.toy": {"chains": 256, "runs": 2, "generations": 20},
    "he2025.weights": {"chains": 512, "generations": 6},
    "kanabar2025.risk": {"generations": 8, "chains": 256},
    "kazdan2024.densities": {"shown": (1, 3, 6)},
    "suresh2024.texts": {"generations": 3, "chains": 128},
    "kazdan2024.symbols": {"K": (2, 10), "n": (10, 18, 32), "simulated": (10,), "chains": 64},
    "mad2023.fig10": {"n_real": 40, "n": 80, "d": 20, "chains": 4, "generations": 4},
    "mad2023.fig11": {"grid": 5},
    "mad2023.fig12": {"grid": 5},
    "mad2023.fig30": {"chains": 256, "generations": 12},
    "mad2023.fig31": {"chains": 8, "generations": 6},
    "marchi2024.bigram": {"n": 40, "n_real": 20, "generations": 4, "chains": 8},
    "marchi2024.phase": {"temperatures": (0.5, 1.0, 1.5), "generations": 10, "simulated": (0,), "symbols": (2, 3), "chains": 256},
    "xu2025.schedules": {"chains": 512, "generations": 10},
    "dohmatob2024demyst.fig5": {"chains": 8, "k": 200, "T": 100, "generations": 3},
    "dey2024.pathway": {"n": 4, "m": (2,), "generations": 4, "fits": 3, "chains": 2048, "median_chains": 1024},
    "dey2024.tables": {"generations": 4, "chains": 8},
    "barzilai2025.construction2": {"n": (20,), "horizon": 20, "chains": 2048},
    "schaeffer2025.profile": {"workflows": ("replace", "accumulate"), "generations": 9, "chains": 2048, "optimisation": 0},
}  # fmt: skip

# As small as they get; nets take many seconds to compile all the same.
NETS = {
    "bertrand2023.flow": {"chains": 2, "generations": 2},
    "gerstgrasser2024.fig2": {"chains": 2, "generations": 2},
    "gerstgrasser2024.fig4": {"chains": 2, "generations": 2},
    "gerstgrasser2024.fig5": {"chains": 2, "generations": 2},
    "neural.flips": {"kinds": ("language",), "chains": 2, "generations": 2},
    "seddik2024.fig5": {"chains": 2, "generations": 2, "short": 5, "long": 10, "tables": 64},
}


def config_of(id):
    """Small parameters; of a figure that has none here the quick ones, which take longer."""
    small = {**SMALL, **NETS}
    return FIGURES[id].config(quick=id not in small, seed=1, **small.get(id, {}))


EVERY = [
    pytest.param(id, marks=pytest.mark.slow if id not in SMALL else pytest.mark.wide if place % 3 else [])
    for place, id in enumerate(FIGURES)
    if id != "common.replace_accumulate"
]


@pytest.fixture(scope="module", autouse=True)
def fast_compilation_of_fixtures(cheap_options):
    """`fast_compilation`, for a whole module."""
    import jax

    compile_ = jax.stages.Lowered.compile
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jax.stages.Lowered, "compile", lambda lowered, *_: compile_(lowered, cheap_options))
        yield


@pytest.fixture(scope="module")
def made():
    """Data of a figure for the small parameters, simulated when first asked for."""
    found = {}

    def data(id):
        if FIGURES[id].missing:
            pytest.skip(FIGURES[id].missing)
        if id not in found:
            found[id] = FIGURES[id].data(**config_of(id))
        return found[id]

    return data


@pytest.fixture(scope="module")
def drawn():
    return replace_accumulate(Canvas().subplots(1, 2), chains=4096, generations=4, seed=1, n=20, d=3, T=40)


def agree(data, key, closed, comparisons=1000):
    deviation = (data[f"{key}_mean"] - closed) / data[f"{key}_stderr"]
    assert np.abs(deviation).max() < simultaneous_z(1e-6, comparisons), key


def within(estimate, stderr, golden, given=0.0):
    """One estimate against a number known to within `given`."""
    assert abs(estimate - golden) < simultaneous_z(1e-6, 100) * stderr + given


@pytest.mark.parametrize("curve", CURVES)
def test_simulation_agrees_with_closed_form(drawn, curve):
    agree(drawn[1], curve, drawn[1][f"{curve}_closed"], 4 * len(CURVES))


def test_closed_forms(drawn):
    data = drawn[1]
    np.testing.assert_allclose(data["risk_replace_closed"], 3 / 36 * np.arange(1, 5))
    np.testing.assert_allclose(data["risk_accumulate_closed"], 3 / 36 * np.cumsum(1 / np.arange(1, 5) ** 2))
    np.testing.assert_allclose(data["variance_replace_closed"], 0.95 ** np.arange(1, 5))
    np.testing.assert_allclose(data["variance_accumulate_closed"], np.cumprod(1 - 1 / (20 * np.arange(1, 5) ** 2)))
    np.testing.assert_allclose(data["risk_limit"], 3 / 36 * np.pi**2 / 6)
    np.testing.assert_allclose(data["variance_limit"], np.sinc(1 / np.sqrt(20)))


def test_bands_surround_means_and_curves_keep_to_their_side_of_the_limit(drawn):
    data = drawn[1]
    for curve in CURVES:
        assert np.all(
            (data[f"{curve}_lower"] < data[f"{curve}_mean"]) & (data[f"{curve}_mean"] < data[f"{curve}_upper"])
        )
    assert np.all(data["risk_accumulate_closed"] < data["risk_limit"])
    assert np.all(data["variance_accumulate_closed"] > data["variance_limit"])


def test_panels_are_labelled(drawn):
    for ax in drawn[0]:
        assert ax.get_xlabel() == "generation $t$"
        assert "units" in ax.get_ylabel()
        assert ax.get_title()
        assert len(ax.get_legend().get_texts()) == 4
        assert len({line.get_linestyle() for line in ax.lines if line.get_linestyle() != "None"}) == 3


@pytest.mark.parametrize(("wrong", "remedy"), [({"T": 4, "d": 3}, "T >= 5"), ({"n": 1}, "n >= 2")])
def test_undefined_quantities_are_refused(wrong, remedy):
    with pytest.raises(ValueError, match=remedy):
        replace_accumulate(Canvas().subplots(1, 2), **wrong)


def test_linear_refuses_a_risk_without_variance():
    with pytest.raises(ValueError, match="T >= 14"):
        FIGURES["gerstgrasser2024.linear"](T=(13,))


# Data of the papers' figures: simulated against closed forms, closed forms against golden numbers.


@pytest.mark.wide
def test_seddik_fig1_needs_a_total_of_1000(made):
    data = made("seddik2024.fig1")
    agree({"squares_mean": data["squares_mean"][1:], "squares_stderr": data["squares_stderr"][1:]}, "squares",
          data["squares_closed"][1:])  # fmt: skip
    assert data["p"].shape == (3, 81, 3)
    # with 1000 observations for every context hardly any would have collapsed
    lower = data["dirac"] - simultaneous_z(1e-6, 2) * data["dirac_stderr"]
    assert np.all(lower[[10, 40]] > coalescent.collapse_probability(np.ones(3) / 3, 1000, 40))


def test_seddik_fig2(made):
    data = made("seddik2024.fig2")
    golden = [17.46, 12.00]  # n = 10
    for i, square in enumerate((0.1, 0.5)):
        assert data[f"exact_S{square}"][0] == pytest.approx(golden[i], abs=0.006)
        assert data[f"lower_bound_S{square}"][0] == pytest.approx([9.3, 5.6][i], abs=0.06)
        waiting = 1 - coalescent.collapse_curve(coalescent.zipf(52, square), 10, 60)
        agree(data, f"time_S{square}", 1 + waiting.sum())  # what a run of 60 generations sees of E[T]
        assert np.all(data[f"exact_S{square}"] > 1.8 * data[f"lower_bound_S{square}"])
        assert np.all(data[f"exact_S{square}"] < data[f"upper_bound_S{square}"])


def test_seddik_fig2_exact_curve_at_the_largest_n():
    from proofs_check.papers.seddik2024 import theory

    p = coalescent.zipf(52, 0.1)
    assert coalescent.expected_collapse_time(p, 400) == pytest.approx(754.25, abs=0.01)
    assert theory.collapse_time_bounds(400, 0.1, 52)[0] == pytest.approx(367.1, abs=0.1)


@pytest.mark.grid
def test_seddik_fig3(made):
    data = made("seddik2024.fig3")
    key = "n10_N100"
    agree(data, f"sigma_{key}", data[f"corrected_{key}"])
    assert np.all(data[f"l1_{key}_mean"] < data[f"l1_bound_{key}"])
    assert float(data[f"l1_bound_{key}"]) == pytest.approx(0.1645, abs=1e-4)
    within(data[f"l1_{key}_mean"][-1], data[f"l1_{key}_stderr"][-1], 0.0967, given=1e-4)
    # at m = 2, the first generation for which equation (9) is stated
    np.testing.assert_allclose(data["printed_n10_N10"][1] / data["corrected_n10_N10"][1], 0.993786, atol=1e-6)
    assert np.all(data["printed_n10_N10"][1:] < data["corrected_n10_N10"][1:])
    agree(data, "sigma_n10_N10", data["corrected_n10_N10"])


def test_seddik_fig4(made):
    data = made("seddik2024.fig4")
    for square in (0.1, 0.5):
        pieces = {f"l2_{part}": data[f"l2_S{square}_{part}"][1:] for part in ("mean", "stderr")}
        agree(pieces, "l2", data[f"l2_closed_S{square}"][1:])
    np.testing.assert_allclose(data["l2_closed_S0.1"] / 0.9, data["l2_closed_S0.5"] / 0.5)
    assert data["l2_closed_S0.1"][-1] == pytest.approx(7.42e-4, abs=1e-6)


def test_seddik_fig6(made):
    data = made("seddik2024.fig6")
    for name in ("K3", "pool"):
        agree(data, f"sigma_{name}", data[f"exact_{name}"])
        assert data[f"paths_{name}"].shape == (30, 3)
    np.testing.assert_allclose(data["exact_pool"][[0, 1, 4, 9]], [0.19, 0.21025, 0.22701, 0.23365], atol=1e-5)
    assert data["exact_K3"][0] > data["exact_K3"][1] > data["exact_K3"][2]  # fewer observations at first


@pytest.mark.slow
def test_gerstgrasser_linear(made):
    data = made("gerstgrasser2024.linear")
    for workflow in ("replace", "accumulate"):
        for design in ("shared", "fresh"):
            agree(data, f"{workflow}_{design}_T12", data[f"{workflow}_{design}_closed_T12"])
    np.testing.assert_allclose(data["replace_shared_closed_T12"], 2 / 9 * np.arange(1, 5))
    assert np.all(data["accumulate_fresh_closed_T12"][1:] < data["accumulate_shared_closed_T12"][1:])
    np.testing.assert_allclose(data["subsample_leading_T30"] * 15, [1, 1.75, 2.08333, 2.27083], atol=1e-5)
    long = FIGURES["gerstgrasser2024.linear"].data(simulated=(), subsampled=())
    assert long["replace_shared_closed_T32"][-1] == pytest.approx(47.62, abs=0.01)
    assert long["accumulate_shared_closed_T32"][-1] == pytest.approx(0.7786, abs=1e-4)
    assert long["accumulate_fresh_closed_T32"][-1] == pytest.approx(0.6999, abs=1e-4)
    assert long["subsample_leading_T100"][-1] * 10 == pytest.approx(math.pi**2 / 2 - 2, rel=0.02)


def test_barzilai_thm41(made):
    data = made("barzilai2025.thm41")
    np.testing.assert_allclose(data["law0"][1] / data["law0"][1, 0], np.sqrt(np.cumsum(1 / np.arange(1, 5) ** 2)))
    np.testing.assert_allclose(data["law1"][:, 0], [0.674, 1.645, 2.576], atol=1e-3)
    lower, upper = data["error0_n1000_lower"], data["error0_n1000_upper"]
    assert np.all((lower < data["law0"]) & (data["law0"] < upper))
    # the limit law of the coin, whose quantiles are multiples of its lattice: a step of sqrt(n I) times 1 / (n I)
    step = 1 / math.sqrt(1000 * 0.21)
    lower, upper = data["error1_n1000_lower"] - step, data["error1_n1000_upper"] + step
    assert np.all((lower < data["law1"]) & (data["law1"] < upper))
    agree(
        {"e_mean": data["error0_n1000_mse"], "e_stderr": data["error0_n1000_mse_stderr"]}, "e", data["rms_limit"] ** 2
    )
    assert data["error1_n1000_lost"] == 0


def test_barzilai_fig123(made):
    data = made("barzilai2025.fig123")
    first = {f"e_{part}": data[f"beta_n20_{part}"][:1] for part in ("mean", "stderr")}
    agree(first, "e", data["first_rate_n20"])
    assert float(data["first_rate_n20"]) == pytest.approx(0.1901, abs=2e-4)
    within(data["beta_n20_mean"][-1], data["beta_n20_stderr"][-1], 0.2407, given=5e-4)


def test_barzilai_fig4_ratio_is_pivotal(made):
    data = made("barzilai2025.fig4")
    within(data["ratio"][0] - data["ratio"][1], math.hypot(*data["ratio_stderr"]), 0.0)
    assert data["mean_of_ratios"].shape == (2, 40)
    assert np.median(data["mean_of_ratios"]) > 1.5 * np.median(data["ratio_of_means"])


@pytest.mark.slow
def test_barzilai_construction1(made):
    data = made("barzilai2025.construction1")
    assert float(data["limit_second"]) == pytest.approx(1 - 0.241112, abs=1e-6)
    assert float(data["limit_mean"]) == pytest.approx(0.690269, abs=1e-6)
    within(data["walk_mean"], data["walk_stderr"], data["limit_mean"])
    assert data["survival_n100_lower"][0] > data["survival_n100_upper"][1]
    assert data["survival_n100_lower"][1] < 0.764 < data["survival_n100_upper"][1]
    assert np.all(data["claim1_lower"] <= data["claim1"])
    assert data["claim1_lower"][0, 1] > 1 / 1000  # with a = 1 the claim fails
    assert data["claim1_upper"][1, 0] < 1 / 100  # with a = 3 it holds


def test_barzilai_construction2(made):
    data = made("barzilai2025.construction2")
    exact = data["exact_n20"]
    assert np.all((data["survival_n20_lower"] < exact) & (exact < data["survival_n20_upper"]))
    np.testing.assert_allclose(data["limit"][:2], [2 / 3, 1 / 2])


def test_ferbach_modes(made):
    data = made("ferbach2024.modes")
    for name in ("two", "four", "all"):
        assert np.all(np.diff(data[f"{name}_mean_exact"]) > 0)
        assert np.all(data[f"{name}_mixed_mean_exact"][1:] < data[f"{name}_mean_exact"][1:])
    low, high = data["four_best_lower"], data["four_best_upper"]
    assert low[0] <= 1 / 8 <= high[0]


def test_ferbach_moons(made):
    data = made("ferbach2024.moons")
    np.testing.assert_allclose(data["four_maps"].sum((1, 2)), 1, rtol=1e-12)
    assert (
        abs(data["all_mixed_mean"][-1] - data["limit_mean"]) < abs(data["all_mixed_mean"][0] - data["limit_mean"]) / 50
    )


def test_demystified_fig5_is_linear_on_one_set_of_rows(made):
    data = made("dohmatob2024demyst.fig5")
    agree(data, "shared", data["shared_closed"])
    np.testing.assert_allclose(np.diff(data["shared_closed"], 2), 0, atol=1e-12)


def test_the_spectrum_of_a_fit_on_equal_covariances_is_that_of_real_data():
    from proofs_check.papers.mad2023.figures._spectrum import next_fit, real_fit

    found, law = next_fit(np.ones(120), 100, 900, 100, 1.0), real_fit(0.1)
    np.testing.assert_allclose(np.sqrt(found).mean(), np.sqrt(law).mean(), rtol=2e-3)  # the grid of 240 places
    np.testing.assert_allclose(found.mean(), 1, rtol=2e-3)
    np.testing.assert_allclose((found**2).mean(), 1.1, rtol=1e-2)


# Drawing and captions.


@pytest.mark.sample(3)
@pytest.mark.parametrize("id", EVERY)
def test_every_figure_draws_what_it_is_given(made, id):
    figure, data = FIGURES[id], made(id)
    panels = (1, 3) if id == "seddik2024.fig1" else figure.panels
    figure = dataclasses.replace(figure, panels=panels)
    axes = figure.axes()
    figure.draw(axes, data)
    curves = any(ax.lines for ax in axes)
    assert curves or all(ax.collections or ax.images for ax in axes)
    if id != "seddik2024.fig1":
        assert any(ax.get_xlabel() for ax in axes)
        assert axes[0].get_ylabel()
        assert not curves or any(ax.get_legend() for ax in axes)
    axes[0].figure.draw_without_rendering()
    caption = figure.caption(config_of(id), data)
    assert "eed" in caption or not any(key.endswith("_stderr") for key in data)
    assert caption.count("$") % 2 == 0
    canvas = Canvas(figsize=(6, 1))
    canvas.text(0, 0, "\n".join(shared._wrap(" ".join(caption.split()), 100)))
    canvas.draw_without_rendering()  # every formula parses


def test_every_figure_is_complete():
    assert {*SMALL, *NETS} <= set(FIGURES)
    for id, figure in FIGURES.items():
        assert figure.id == id
        assert figure.summary
        assert set(figure.config(quick=True)) == set(figure.config())
        assert json.dumps(figure.config())
    with pytest.raises(ValueError, match="no parameter 'chain'"):
        replace_accumulate.config(chain=3)
