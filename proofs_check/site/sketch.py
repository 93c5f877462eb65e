"""What a statement says at the tested generations, beside its mutants and the exact value, if it is known: an SVG."""

import html
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from proofs_check.claim import Check, Claim, Computed, Experiment

__all__ = ["sketch"]

_WIDTH, _HEIGHT = 460, 230
_MOST = 40  # places on a curve; more do not show
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 12, 12, 40


def sketch(claim: Claim) -> str:
    """The curves, drawn with the colours of the page; none for laws and experiments, which state no curves."""
    if claim.relation == "law":
        return ""
    check = claim.check()
    if isinstance(check, Experiment):
        return ""
    at, index = _indices(check)
    at = at[:: max(1, len(at) // _MOST)]
    stated = _values(check.predicted, at)
    mutants = [_values(rule, at) for rule in check.mutants.values()]
    exact = check.value if isinstance(check, Computed) else check.law
    dots = None if exact is None else _values(exact, at)[:, :1]
    shown = np.concatenate([stated, *([] if dots is None else [dots])], axis=1)
    if not np.isfinite(shown).any():
        return ""
    frame = _Frame(at, shown, mutants)
    marks = [frame.axes(index)]
    marks += [frame.line(column, "mutant") for one in mutants for column in one.T]
    marks += [frame.line(column, "stated" if claim.relation == "==" else "stated bound") for column in stated.T]
    marks += [] if dots is None else [frame.dots(dots[:, 0])]
    about = f"{claim.id}: what is stated{'' if dots is None else ', the exact value'} and the mutants, against {index}"
    body = "\n".join(filter(None, marks))
    return (
        f'<svg class="sketch" role="img" aria-label="{html.escape(about)}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">\n{body}\n</svg>'
    )


def _indices(check: Check | Computed) -> tuple[list[int], str]:
    if isinstance(check, Computed):
        return list(check.at), check.index
    return list(check.at or range(1, check.generations + 1)), "t"


def _values(rule: Any, at: Sequence[int]) -> np.ndarray:
    """One row per index; two columns for a pair of bounds."""
    return np.array([np.atleast_1d(np.asarray(rule(int(k)), float)).ravel() for k in at])


class _Frame:
    """Where numbers lie in the picture: logarithmic where what is shown spans three decades."""

    def __init__(self, at: Sequence[int], shown: np.ndarray, mutants: Sequence[np.ndarray]):
        self.at = np.asarray(at, float)
        finite = shown[np.isfinite(shown)]
        low, high = float(finite.min()), float(finite.max())
        self.log = low > 0 and high > 1e3 * low
        self.log_x = len(at) > 2 and self.at[0] > 0 and self.at[-1] > 30 * self.at[0] and _uneven(self.at)
        others = np.concatenate([one.ravel() for one in mutants]) if mutants else finite
        if not self.log:  # mutants belong to the picture as far as they are near
            room = max(high - low, 0.15 * max(abs(high), abs(low)), 1e-300)
            near = others[(others > low - room) & (others < high + room)]
            low, high = min([low, *near]), max([high, *near])
            margin = 0.08 * max(high - low, 0.05 * max(abs(high), abs(low)), 1e-300)
            low, high = low - margin, high + margin
        else:
            low, high = math.log10(low) - 0.2, math.log10(high) + 0.2
        self.low, self.high = low, high

    def x(self, value: Any) -> Any:
        scale = np.log if self.log_x else np.asarray
        first, last = scale(self.at[0]), scale(self.at[-1])
        share = (scale(value) - first) / (last - first) if last > first else 0.5 + 0 * np.asarray(value)
        return _LEFT + 8 + share * (_WIDTH - _LEFT - _RIGHT - 16)

    def y(self, value: Any) -> Any:
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = np.log10(value) if self.log else np.asarray(value)
        return _TOP + (self.high - scaled) / (self.high - self.low) * (_HEIGHT - _TOP - _BOTTOM)

    def inside(self, y: float) -> bool:
        return bool(np.isfinite(y) and _TOP - 1 <= y <= _HEIGHT - _BOTTOM + 1)

    def line(self, values: np.ndarray, kind: str) -> str:
        """A path that leaves out what lies off the picture; a single index gets a bar, which has a length."""
        x, y = np.atleast_1d(self.x(self.at)), self.y(values)
        if len(x) == 1:
            x, y = np.array([x[0] - 40, x[0] + 40]), np.repeat(y, 2)
        steps, pen = [], False
        for a, b in zip(x, y, strict=True):
            if self.inside(b):
                steps.append(f"{'L' if pen else 'M'}{a:.1f} {b:.1f}")
            pen = self.inside(b)
        return f'<path class="{kind}" d="{"".join(steps)}"/>' if steps else ""

    def dots(self, values: np.ndarray) -> str:
        pairs = zip(np.atleast_1d(self.x(self.at)), self.y(values), strict=True)
        return "".join(f'<circle class="exact" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in pairs if self.inside(b))

    def axes(self, index: str) -> str:
        right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
        parts = [f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>']
        for value in self._levels():
            y = self.y(value)
            parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
            parts.append(f'<path class="axis" d="M{_LEFT - 3} {y:.1f}H{_LEFT}"/>')
        for value in self._places():
            x = float(np.squeeze(self.x(value)))
            parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{_short(value)}</text>')
        parts.append(
            f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 6}" text-anchor="middle">{html.escape(index)}</text>'
        )
        return "\n".join(parts)

    def _levels(self) -> list[float]:
        if self.log:
            powers = range(math.ceil(self.low), math.floor(self.high) + 1)
            return [10.0**k for k in powers][:: max(1, len(powers) // 5)]
        step = _nice((self.high - self.low) / 4)
        first = math.ceil(self.low / step)
        return [k * step for k in range(first, math.floor(self.high / step) + 1)]

    def _places(self) -> list[float]:
        if len(self.at) <= 6:
            return list(self.at)
        picks = np.linspace(0, len(self.at) - 1, 5).round().astype(int)
        return self.at[picks].tolist()


def _uneven(at: np.ndarray) -> bool:
    gaps = np.diff(at)
    return bool(gaps.max() > 3 * gaps.min())


def _nice(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return power * next(nice for nice in (1, 2, 5, 10) if nice * power >= step)


def _short(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
