"""A finding as text: what a person reads, and a claim in Python that can be decided and searched."""

import inspect
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from proofs_check.conjecture.fit import Fit
from proofs_check.conjecture.observed import Observed
from proofs_check.conjecture.study import WORDS, Confirmation, Finding

__all__ = ["claim_text", "report"]

_MUTANT = 0.2  # of the stated value: how far a mutant is off at some generation
_NEAREST = 3

_CLAIM = """{imports}from collapse_jax.laws.domain import {kinds}
from proofs_check import Check, claim
{form_import}

@claim(
    "{id}",
    statement=r"E\\,[\\text{{{metric}}}]_t = {latex}",
    relation="==",
    provenance="derived",
    source="fitted to {means} simulated means by `collapse conjecture`: a conjecture, derived from nothing",
    domain=domain({ranges}),
)
def {function}({defaults}):
    family, workflow = {name}.build({given})
{setup}    return Check(
        family,
        workflow,
        metric={name}.metric,
        generations=generations,
        predicted=lambda t: {predicted},
        mutants={{
{mutants}        }},
        at=tuple(t for t in {at} if t <= generations),
    )
"""


def report(finding: Finding, name: str = "conjecture") -> str:
    """The finding in words.

    **Args**: `finding`; `name`: what it is called.

    **Returns**: lines.
    """
    seen, fresh = finding.observed, finding.fresh
    lines = [f"{name}: {finding.word}: {WORDS[finding.word]}", f"  fitted to {_extent(seen)}, seed {finding.seed}"]
    lines += [f"  confirmed by {_extent(fresh)}, seed {finding.seed + 1}"] if finding.kept else []
    for one, confirmation in finding.leading:
        lines += [_headline(one, confirmation), *(_constant(one, constant) for constant in one.model.constants)]
    leading = [one for one, _ in finding.leading]
    others = [one.model.form.name for one, _ in finding.kept if one not in leading]
    if others:
        lines.append(f"  not told apart from it, with more constants: {'; '.join(others)}")
    if not finding.kept:
        nearest = sorted(finding.fits, key=lambda one: one.distance / one.freedom)[:_NEAREST]
        lines += [f"  nearest, and excluded: {_fit_of(one)}" for one in nearest]
    lines.append(
        f"  {len(finding.fits) - len(finding.kept)} of {len(finding.fits)} forms excluded; alpha {finding.alpha:g}, "
        f"resolution {finding.resolution:g}"
    )
    return "\n".join(lines)


def _extent(seen: Observed) -> str:
    design = {name: sorted({cell[name] for cell in seen.cells}) for name in seen.cells[0]}
    over = "; ".join(f"{name} = {', '.join(f'{value:g}' for value in values)}" for name, values in design.items())
    lost = f", {seen.left_out} more left out (few chains carry them)" if seen.left_out else ""
    at = f"t = {seen.t[0]} .. {seen.t[-1]}"
    return f"{seen.points} means{lost} at {'; '.join(filter(None, [over, at]))}, {seen.chains:,} chains each"


def _fit_of(one: Fit) -> str:
    return f"{one.model.form.name}, chi2 {one.distance:.4g} of {one.freedom} degrees of freedom, p = {one.p:.2g}"


def _headline(one: Fit, confirmation: Confirmation) -> str:
    off = f"within {confirmation.off:.2g} of the stated value" if confirmation.off < math.inf else "relative to 0"
    return f"  {_fit_of(one)}; confirmed with p = {confirmation.p:.2g}, {off}"


def _constant(one: Fit, name: str) -> str:
    interval = f"[{one.low[name]:.5g}, {one.high[name]:.5g}]"
    if name not in one.guesses:
        return f"    {name} in {interval}, about {_rounded(one, name)}"
    guess = one.guesses[name]
    return f"    {name} in {interval}; guess: {name} = {guess}, as simple by coincidence with chance {guess.chance:.2g}"


def _rounded(one: Fit, name: str) -> float:
    """A fitted constant, to about a tenth of its interval."""
    half = (one.high[name] - one.low[name]) / 2
    value = one.constants[name]
    if not 0 < half < math.inf:
        return value
    return round(value, max(0, 1 - math.floor(math.log10(half)))) if half < 10 else value


def claim_text(finding: Finding, name: str, id: str) -> str:
    """The recovered form as a claim, to stand below the conjecture in its file.

    **Args**: `finding`: of a conjecture; `name`: what the conjecture is called there; `id`: of the claim.

    **Returns**: Python.

    **Raises**: ValueError where no single form leads.
    """
    one = finding.found
    if one is None:
        raise ValueError(f"{name} is {finding.word}: there is no one form to state; use more chains or another design")
    cell, at = _place(finding.observed)
    values = {key: _written(one, key) for key in one.model.constants}
    mutants = {
        f"{key} = {text}": {**values, key: text} for key in values if (text := _mutated(one, key, finding, cell, at))
    }
    needs_math = any("math." in text for text in values.values())
    design = {key: _kind(key, finding) for key in cell}
    ranges = ", ".join(f"{key}={kind}({bound})" for key, (kind, bound) in design.items())
    defaults = ", ".join([*(f"{key}={value!r}" for key, value in cell.items()), f"generations={max(at)}"])
    named = one.model.form.name
    of_library = named != "formula"
    tex = ",\\; ".join(f"{_symbol(key)} = {_latex(one, key, values)}" for key in values)
    powers = "".join(rf"\, {key}^{{{_symbol(f'e_{key}')}}}" for key in one.model.powers)
    return _CLAIM.format(
        imports="import math\n\n" if needs_math else "",
        kinds=", ".join([*sorted({kind for kind, _ in design.values()}), "domain"]),
        form_import="from proofs_check.conjecture import FORMS\n" if of_library else "",
        id=id,
        metric=_metric(finding).replace("_", " "),
        latex=rf"{one.model.form.latex}{powers}, \quad {tex}",
        means=finding.observed.points,
        ranges=ranges,
        function=id.rpartition(".")[2],
        defaults=defaults,
        name=name,
        given=", ".join(f"{key}={key}" for key in cell),
        setup=f"    form = FORMS[{json.dumps(named)}]\n" if of_library else "",
        predicted=_call(one, values, name, finding),
        mutants="".join(
            f"            {json.dumps(label)}: lambda t: {_call(one, given, name, finding)},\n"
            for label, given in mutants.items()
        ),
        at=tuple(at),
    )


def _metric(finding: Finding) -> str:
    metric = finding.conjecture.metric
    return metric if isinstance(metric, str) else getattr(metric, "__name__", type(metric).__name__)


def _place(seen: Observed) -> tuple[dict[str, Any], list[int]]:
    """The cell with the most means to be trusted, and their generations."""
    kept = np.isfinite(seen.mean)
    index = int(np.argmax(kept.sum(1)))
    return seen.cells[index], [t for t, ok in zip(seen.t, kept[index], strict=True) if ok]


def _written(one: Fit, name: str) -> str:
    return one.guesses[name].python if name in one.guesses else repr(_rounded(one, name))


def _latex(one: Fit, name: str, values: Mapping[str, str]) -> str:
    return one.guesses[name].latex if name in one.guesses else values[name]


def _symbol(name: str) -> str:
    head, _, tail = name.partition("_")
    return rf"{head}_{{{tail}}}" if tail else head


def _mutated(one: Fit, name: str, finding: Finding, cell: Mapping[str, Any], at: list[int]) -> str:
    """Another value of a constant, at which the law is off by a fifth at some generation; "" if none is found."""
    value = one.constants[name]

    def law(constant: float) -> np.ndarray:
        given = {**one.constants, name: constant}
        return np.asarray([float(one.model.at(t, cell, given)) for t in at])

    shift = 0.05 * max(abs(value), 0.5)
    stated = law(value)
    for _ in range(12):
        other = float(f"{value + shift:.3g}")
        with np.errstate(all="ignore"):
            off = np.abs(law(other) - stated) / np.abs(stated)
        if np.all(np.isfinite(off)) and off.max() >= _MUTANT:
            return repr(other)
        shift *= 1.5
    return ""


def _kind(name: str, finding: Finding) -> tuple[str, str]:
    """The range of a parameter: nothing was seen below the least value of the design."""
    values = finding.conjecture.design[name]
    whole = all(isinstance(value, int) for value in values)
    return ("Integers", f"{min(values)}") if whole else ("Interval", f'"[{min(values)}, oo)"')


def _call(one: Fit, values: Mapping[str, str], name: str, finding: Finding) -> str:
    constants = ", ".join(f"{key}={values[key]}" for key in one.model.form.constants)
    formula = finding.conjecture.formula
    if one.model.form.name == "formula" and formula is not None:
        wanted = [key for key in inspect.signature(formula).parameters if key in finding.conjecture.design]
        return f"{name}.formula(t=t, {''.join(f'{key}={key}, ' for key in wanted)}{constants})"
    powers = "".join(f" * {key} ** ({values[f'e_{key}']})" for key in one.model.powers)
    return f"form(t, {one.model.size or 1}, {constants}){powers}"
