"""Logistic regression on two tables, first labels real, then those of models: discard and augment, and who is lost."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, points, record
from proofs_check.papers.dey2024 import theory
from proofs_check.papers.dey2024.tables import TABLES, separable, split

_LOOPS = ("discard", "augment")
_GROWTH = {"discard": lambda t: t - 1, "augment": lambda t: theory.augment(t) - 1}


def from_first(model, truth):
    r"""$\frac1m \sum_i \mathrm{KL}(p_{\hat\beta_1}(x_i) \| p_{\hat\beta_t}(x_i))$ over the rows that are fitted."""
    import jax
    import jax.numpy as jnp

    first, now = truth.points @ truth.beta, jnp.einsum("md,...d->...m", truth.points, model.beta)
    gain = jax.nn.sigmoid(first) * (first - now) - jax.nn.softplus(first) + jax.nn.softplus(now)
    return jnp.mean(gain, -1)


def lost(model, truth):
    """Whether some fit so far had no maximum-likelihood estimate."""
    return model.separated | model.unsolved


def _data(*, chains: int = 128, generations: int = 20, seed: int = 0, order: int = 123456) -> Data:
    from collapse_jax import Accumulate, Replace, simulate
    from proofs_check.papers.dey2024.families import Rows

    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "tables": np.asarray(list(TABLES))}
    for number, name in enumerate(TABLES):
        rows, labels, *_ = split(name, order)
        everything = split(name, order, columns=1000)
        data[f"{number}_shape"] = np.asarray(rows.shape)
        data[f"{number}_all_separable"] = np.asarray(separable(everything.fit_rows, everything.fit_labels))
        beta = _estimate(rows, labels)
        for loop, workflow in (("discard", Replace(len(rows))), ("augment", Accumulate(len(rows)))):
            key = f"{number}_{loop}"
            run = simulate(
                Rows(beta, rows, labels),
                workflow,
                [from_first, lost],
                generations=generations,
                chains=chains,
                block=min(chains, 64),  # a block of thousands would be computed for the few that are shown
                seed=seed,
                progress=False,
            )
            record(data, key, run["from_first"], 2 * len(TABLES))
            data[f"{key}_lost"] = run["lost"].mean
            growth = np.asarray([_GROWTH[loop](int(k)) for k in t], float)
            data[f"{key}_closed"] = rows.shape[1] / (2 * len(rows)) * growth
    return data


def _estimate(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The fit on the real labels."""
    import jax
    import jax.numpy as jnp

    from collapse_jax.data import Trials
    from proofs_check.papers.dey2024.families import Rows

    with jax.enable_x64(True):
        empty = jax.tree.map(jnp.asarray, Rows(np.zeros(rows.shape[1]), rows))
        fitted = empty.fit(Trials(jnp.ones(len(rows)), jnp.asarray(labels)))
        beta = np.asarray(fitted.beta)
    if not np.all(np.isfinite(beta)):
        raise ValueError("the real labels are separated, so that there is no first fit; use fewer columns")
    return beta


def _draw(axes: Any, data: Data) -> None:
    t = data["t"]
    for number, name in enumerate(data["tables"]):
        error, share = axes[number], axes[len(data["tables"]) + number]
        for style, loop in zip(STYLES, _LOOPS, strict=False):
            key = f"{number}_{loop}"
            kept = data[f"{key}_lost"] == 0
            error.plot(t[1:], data[f"{key}_closed"][1:], color=style["color"], linewidth=1.2, label=f"{loop}, limit")
            kept[0] = False  # fit 1 is what the others are compared with
            shown = {f"{key}_{part}": data[f"{key}_{part}"][kept] for part in ("mean", "lower", "upper")}
            if kept.any():
                points(error, t[kept], shown, key, style, f"{loop}, all chains fitted")
            share.plot(t, data[f"{key}_lost"], color=style["color"], marker=style["marker"], markersize=3.5,
                       markerfacecolor="white", linewidth=1, label=loop)  # fmt: skip
        m, d = data[f"{number}_shape"]
        error.set_title(f"{name}: {m} rows, {d - 1} columns", fontsize=9)
        error.set_yscale("log")
        error.set_ylim(1e-3, 50)
        error.set_ylabel(r"KL per row from fit 1")
        share.set_ylim(-0.04, 1.04)
        share.set_ylabel("chains with separated labels")
        for ax in (error, share):
            ax.set_xlabel("generation $t$")
            ax.set_xlim(0.5, t[-1] + 0.5)
            ax.xaxis.get_major_locator().set_params(integer=True)
            ax.legend(frameon=False, fontsize=7.5, loc="upper left", ncols=2 if ax is error else 1)
            bare(ax)


def _caption(config: dict[str, Any], data: Data) -> str:
    whole = [str(name) for i, name in enumerate(data["tables"]) if data[f"{i}_all_separable"]]
    said = (
        f"With all columns of the table {', '.join(whole)} the real labels are separated already, so that no fit exists there; the first "
        "ten columns are used. "
        if whole
        else "The first ten columns are used. "
    )
    return (
        "Logistic regression on the tables of scikit-learn, 70 % of the rows, unpenalised: fit 1 on the real labels, every later one on "
        "labels of models for the same rows. Top: divergence from fit 1 while every chain has a fit, beside $\\frac{d}{2m}(t - 1)$ and "
        "$\\frac{d}{2m}(1/2^2 + \\dots + 1/t^2)$, the limits of many rows. Bottom: chains whose labels have been separated, which "
        f"have no maximum-likelihood estimate and leave the theorem. {said}{config['chains']:,} chains, limits of all means at once "
        f"with probability {1 - ALPHA:.0%} (seed {config['seed']})."
    )


tables = Figure(
    "dey2024.tables",
    "logistic regression on two real tables: discard ends in separation, augment does not",
    _data,
    _draw,
    _caption,
    panels=(2, 2),
    size=(8.0, 5.0),
    quick={"chains": 16},
    needs=("sklearn", "tables"),
)
