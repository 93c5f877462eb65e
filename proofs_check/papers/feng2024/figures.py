"""The Gaussian parts of Figures 3 and 4: weak verifiers and the amount of data; the breakdown point."""

import math
from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.feng2024 import planar, theory

# Figure 3

_GENERATOR = 1.2
_VERIFIERS = {"perfect": 0.0, "off by pi/12": math.pi / 12, "away, 0.6": -0.6}
_INKS = dict(zip((*_VERIFIERS, "none"), STYLES, strict=False))
_LABELS = {
    "perfect": r"$v = \mu$",
    "off by pi/12": r"towards $g$, $\pi/12$",
    "away, 0.6": "away from $g$, 0.6",
    "none": "none",
}


def _amounts(*, chains: int = 1_024, seed: int = 0) -> Data:
    """A schedule of sizes is a curve over them, as the generator is fixed."""
    import collapse_jax as cj
    from proofs_check.papers.feng2024.metrics import agreement

    sizes = (8, 8, 16, 32, 64, 128, 256, 512, 1_024)
    data: Data = {"N": np.array(sizes[1:]), "bayes": np.array(planar.agreement(1.0, 0.0))}
    data["generator"] = np.array(planar.agreement(1.0, _GENERATOR))
    truth = cj.LinearClassifier([1.0, 0.0], ridge=1e-6, penalty="per_sample")
    for name in _INKS:
        angle = _VERIFIERS.get(name)
        verifier = None if angle is None else [math.cos(angle), math.sin(angle)]
        around = cj.SelfLabelled(cj.Replace(sizes), [math.cos(_GENERATOR), math.sin(_GENERATOR)], verifier)
        run = cj.simulate(truth, around, agreement, generations=len(sizes), chains=chains, seed=seed, progress=False)
        record(data, name, run["agreement"], len(_INKS))
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"{name}_{part}"] = data[f"{name}_{part}"][1:]
        limit = _GENERATOR if angle is None else planar.classifier(1.0, _GENERATOR, angle)
        data[f"{name}_limit"] = np.array(planar.agreement(1.0, limit))
    return data


def _draw_amounts(axes: Any, data: Data) -> None:
    [ax] = axes
    ax.set_xscale("log")
    for name, style in _INKS.items():
        points(ax, data["N"], data, name, style, _LABELS[name])
        ax.axhline(float(data[f"{name}_limit"]), color=style["color"], linewidth=1)
    ax.axhline(1, color="#999999", linewidth=0.8, linestyle=":")
    ax.set_xlabel("labelled data $N$")
    ax.set_ylabel("agreement with Bayes")
    ax.legend(
        frameon=False, fontsize=7.5, title="verifier", title_fontsize=7.5, loc="lower right", bbox_to_anchor=(1, 0.12)
    )
    bare(ax)


def _caption_amounts(config: dict[str, Any], data: Data) -> str:
    return (
        f"Two Gaussian classes, $|\\mu| = 1$, d = 2, labels of a linear generator at angle {_GENERATOR} from $\\mu$, kept where a linear "
        "verifier agrees. Lines: the limit of infinitely many data, by quadrature; marks: "
        f"{config['chains']:,} chains, limits together at 99 %. More data do not mend what the verifier lets through; one that errs "
        f"away from the generator does best. Seed {config['seed']}."
    )


fig3 = Figure("feng2024.fig3", "weak verifiers: more data do not mend the labels", _amounts, _draw_amounts, _caption_amounts,
              size=(5.2, 3.5), quick={"chains": 256})  # fmt: skip


# Figure 4

_COUNTS = (30, 300, 100_000)
_WRONG = (0.2, 0.4, 0.55, 0.65, 0.75, 0.8, 0.9)


def _point(*, chains: int = 1_024, seed: int = 0, d: int = 4, phi: float = 0.9, psi: float = 0.3) -> Data:
    import collapse_jax as cj
    from proofs_check.papers.feng2024.metrics import agreement

    angles = np.linspace(-1.2, 1.0, 60)
    quality, reached = [], []
    for v in angles:
        found = planar.kept(1.0, _GENERATOR, float(v))
        kept = found.right_kept / found.right, found.wrong_kept / (1 - found.right)
        quality.append(theory.breakdown(*kept))
        reached.append(planar.agreement(1.0, planar.classifier(1.0, _GENERATOR, float(v))))
    data: Data = {
        "p": np.array(_WRONG), "point": np.array(theory.breakdown(phi, psi)), "angles": angles,
        "quality": np.array(quality), "reached": np.array(reached),
    }  # fmt: skip
    truth = cj.LinearClassifier([1.0] + [0.0] * (d - 1))
    sizes, found = (_COUNTS[0], *_COUNTS), []
    for one in _WRONG:
        around = cj.Verified(cj.Replace(sizes), one, phi, psi)
        run = cj.simulate(truth, around, agreement, generations=len(sizes), chains=chains, seed=seed, progress=False)
        record(data, "one", run["agreement"], len(_WRONG))
        found.append({part: data.pop(f"one_{part}")[1:] for part in ("mean", "stderr", "lower", "upper")})
    for place, count in enumerate(_COUNTS):
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"N_{count}_{part}"] = np.array([one[part][place] for one in found])
    return data


def _draw_point(axes: Any, data: Data) -> None:
    left, right = axes
    for count, style in zip(_COUNTS, STYLES, strict=False):
        points(left, data["p"], data, f"N_{count}", style, f"$N = {count:,}$".replace(",", "\\,"))
    point = float(data["point"])
    left.plot([0, point, point, 1], [1, 1, 0, 0], color="#444444", linewidth=1.2, label="Theorem 4.2")
    left.set_xlabel("share of wrong labels $p$")
    left.set_ylabel("agreement with Bayes")
    right.plot(data["angles"], data["reached"], color=STYLES[0]["color"], label="agreement reached")
    right.plot(data["angles"], data["quality"], "--", color=STYLES[1]["color"], label="$p_*$ of the verifier")
    right.axhline(1, color="#444444", linewidth=1, linestyle=":", label="Theorem 4.2, if bits did not see $x$")
    right.axvline(0, color="#999999", linewidth=0.8, linestyle=":")
    right.set_xlabel(r"angle of a linear verifier from $\mu$, generator at 1.2")
    right.set_ylim(0.4, 1.06)
    for ax in axes:
        ax.legend(frameon=False, fontsize=7.5)
        bare(ax)


def _caption_point(config: dict[str, Any], data: Data) -> str:
    return (
        f"Left: bits that know only whether the label is right, d = {config['d']}, $|\\mu| = 1$, $\\phi = {config['phi']}$, $\\psi = "
        f"{config['psi']}$: agreement steps from 1 to 0 at $p_* = {float(data['point']):.2f}$ as N grows; at $p_*$ it is 1/2 at every N. "
        f"Marks: {config['chains']:,} chains, limits together at 99 %. Right: linear verifiers at d = 2, infinitely many data: "
        f"p = 0.36 is below $p_*$ throughout, and yet agreement falls short of 1 but for v opposite to g. Seed {config['seed']}."
    )


fig4 = Figure("feng2024.fig4", "the breakdown point, where bits do not see x and where they do", _point, _draw_point,
              _caption_point, panels=(1, 2), size=(8.0, 3.3), quick={"chains": 256})  # fmt: skip
