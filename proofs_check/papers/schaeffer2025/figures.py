"""Which workflows collapse by which definition: seven collapse profiles side by side, for two families."""

from typing import Any

import numpy as np

from proofs_check.figure import Data, Figure

__all__ = ["profiles"]

_WORDS = ("no", "yes", "undecided", "not defined")
_WORKFLOWS = {
    "replace": ("Replace", {}),
    "replace, more each time": ("ReplaceMultiple", {}),
    "last three samples": ("Window", {"k": 3}),
    "accumulate, subsample": ("AccumulateSubsample", {}),
    "accumulate": ("Accumulate", {}),
    "fixed real data": ("FixedReal", {"n_real": True}),
    "fresh real data": ("FreshReal", {"n_real": True}),
}
_TITLES = {"gaussian": "Gaussian, unbiased variance", "coin": "coin"}


def _data(
    *, n: int = 20, p: float = 0.1, generations: int = 36, factor: float = 10.0, chains: int = 1 << 17, seed: int = 0
) -> Data:
    """Words as numbers, their place in "no", "yes", "undecided", "not defined": (workflows, definitions) per family."""
    import collapse_jax as cj
    from collapse_jax.engine.profile import profile

    families = {"gaussian": cj.Gaussian(ddof=1), "coin": cj.Bernoulli(p)}
    data = {"workflows": np.asarray(list(_WORKFLOWS)), "generations": np.arange(1, generations + 1)}
    for key, family in families.items():
        words, risks, errors = [], [], []
        for name, options in _WORKFLOWS.values():
            own = {option: n if value is True else value for option, value in options.items()}
            workflow = getattr(cj, name)(n, **own)
            found = profile(family, workflow, generations=generations, chains=chains, seed=seed, factor=factor,
                            optimisation=0, progress=False)  # fmt: skip
            words.append([_WORDS.index(answer.word) for answer in found.values()])
            risk = next(iter(found.run.values()))
            risks.append(risk.mean)
            errors.append(risk.standard_error)
        data[f"{key}_words"] = np.asarray(words)
        data[f"{key}_risk_mean"], data[f"{key}_risk_stderr"] = np.asarray(risks), np.asarray(errors)
    return data


def _draw(axes: Any, data: Data) -> None:
    from collapse_jax.results.profile import mark_column

    for ax, (key, title) in zip(axes, _TITLES.items(), strict=True):
        for at, codes in enumerate(data[f"{key}_words"].tolist()):
            mark_column(ax, at, [_WORDS[code] for code in codes])
        names = data["workflows"].tolist()
        ax.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        ax.set_xlim(-0.6, len(names) - 0.4)
        ax.set_title(title)
        for row in range(1, data[f"{key}_words"].shape[1]):
            ax.axhline(row - 0.5, color="#dddddd", linewidth=0.6, zorder=0)
    axes[1].set_yticks(axes[1].get_yticks(), [])


def _caption(config: dict[str, Any], data: Data) -> str:
    both = (data["gaussian_words"], data["coin_words"])
    split = sum(len({word for word in row if word < 2}) > 1 for words in both for row in words.tolist())
    return (
        "Eight definitions of model collapse (rows) for seven workflows (columns): filled where a workflow collapses, open "
        f"where it does not, ? undecided, a dash where the definition does not apply. Gaussian with mean and unbiased "
        f"variance fitted, risk $W_2^2$; coin with $p = {config['p']:g}$, risk $(\\hat p - p)^2$; $n = {config['n']}$ observations per "
        f"generation and as many real ones, {config['generations']} generations; catastrophic is a factor "
        f"{config['factor']:g}. Of the {sum(map(len, both))} columns the definitions disagree in {split}. Divergence means at "
        f"least logarithmic growth up to the last generation. {config['chains']:,} chains; each column with error probability 1 %; "
        f"seed {config['seed']}."
    )


profiles = Figure(
    "schaeffer2025.profile",
    "eight definitions of model collapse beside seven workflows",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.6, 4.2),
    quick={"chains": 1 << 14},
)
