"""One self-contained page about a set of outcomes: no scripts, fonts or images from anywhere else."""

import base64
import datetime
import hashlib
import html
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any, get_args

import numpy as np

from proofs_check import search
from proofs_check.claim import PROVENANCE, STAR, Claim, Verdict, without_star
from proofs_check.filters import data, filters, script
from proofs_check.outcome import Outcome
from proofs_check.plan import Plan
from proofs_check.prepared import LAW_TOLERANCE
from proofs_check.registry import papers
from proofs_check.render import OBSERVED, STATED, badge, mathml, plot
from proofs_check.report_table import csv_of, latex_of
from proofs_check.statement import REFUTED, SUPPORTED, UNDECIDED

_TITLE = "Claims about model collapse, checked"
_LICENCE = {
    "exact": "limits exact for every law",
    "law": "the exact law beside the simulation",
    "bound": "a range that no chain can leave",
    "variance": "a known variance",
    "tail": "none: right of the mean without its extreme quantiles",
}
_RELATION = {"==": "equality", "<=": "upper bound", ">=": "lower bound", "between": "two bounds", "law": "distribution"}


def page_of(folder: str | os.PathLike) -> Path:
    """The file that `write_report` writes."""
    return Path(folder) / "index.html"


def write_report(outcomes: Sequence[Outcome], folder: str | os.PathLike, *, plan: Plan, seconds: float) -> Path:
    """Write `folder`/index.html about these outcomes and return its path; `seconds` is what the checks took in all.

    **Raises**: ValueError if the folder cannot be made or written.
    """
    from collapse_jax.results import files

    page = page_of(folder)
    text = _page(outcomes, plan, seconds)
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        files.write(page, text.encode())
    except OSError as error:
        raise ValueError(f"cannot write {page}: {error.strerror}; choose a folder that can be written") from None
    return page


def _page(outcomes: Sequence[Outcome], plan: Plan, seconds: float) -> str:
    outcomes = sorted(outcomes, key=lambda outcome: (outcome.claim.paper, outcome.claim.id))
    surprises = sum(not outcome.as_expected for outcome in outcomes)
    dot = f'<circle cx="14" cy="7" r="3" fill="{OBSERVED}"/><path d="M14 1V13" stroke="{OBSERVED}" fill="none"/>'
    code = script()
    skeleton = Template(files("proofs_check").joinpath("report.html").read_text(encoding="utf-8"))
    return skeleton.substitute(
        title=_TITLE,
        policy=f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'",
        script=code,
        sums=_sums(outcomes),
        filter=filters("claims", [_keys(outcome) for outcome in outcomes]),
        csv=_text(csv_of(outcomes)),
        latex=_text(latex_of(outcomes)),
        headline=f"{surprises} did not come out as expected." if surprises else "All came out as expected.",
        counts=_counts(outcomes),
        facts=_facts(outcomes, plan, seconds),
        key=_swatch(dot),
        line=_swatch(f'<path d="M2 7H26" stroke="{STATED}" stroke-width="2" fill="none"/>'),
        bound=_swatch(f'<path d="M2 7H26" stroke="{STATED}" stroke-width="2" stroke-dasharray="5 3" fill="none"/>'),
        provenance="; ".join(f"<em>{key}</em>, {_text(meaning)}" for key, meaning in PROVENANCE.items()),
        index="".join(f"<li>{_link(outcome.claim)} {badge(outcome.verdict, plain=True)}</li>" for outcome in outcomes),
        sections="\n".join(_section(paper, list(group)) for paper, group in groupby(outcomes, lambda o: o.claim.paper)),
    )


def _sums(outcomes: Sequence[Outcome]) -> str:
    """The words in one line, which stays in view."""
    words = Counter(outcome.verdict for outcome in outcomes)
    shown = "".join(f"<li>{count} {badge(word, plain=True)}</li>" for word, count in words.items())
    return f"{shown}<li>{sum(outcome.as_expected for outcome in outcomes)} of {len(outcomes)} as expected</li>"


def _keys(outcome: Outcome) -> dict[str, list[str]]:
    """By what a card can be chosen, besides its words."""
    claim = outcome.claim
    return {
        "verdict": [without_star(outcome.verdict), *([outcome.verdict] if outcome.verdict.endswith(STAR) else [])],
        "paper": [claim.paper or "your claims"],
        "kind": [claim.regime],
        "evidence": list(outcome.evidence),
        "outcome": ["as expected" if outcome.as_expected else "not as expected"],
    }


def _counts(outcomes: Sequence[Outcome]) -> str:
    words = Counter(outcome.verdict for outcome in outcomes)
    mutants = [without_star(verdict) for outcome in outcomes for verdict in outcome.mutants.values()]
    trapped = [outcome for outcome in outcomes if outcome.claim.expected == UNDECIDED]
    left = sum(without_star(verdict) != REFUTED for outcome in trapped for verdict in outcome.mutants.values())
    aside = f' <small class="soft">({left} left open, of claims expected UNDECIDED)</small>' if left else ""
    shown = [verdict for verdict in get_args(Verdict) if words[verdict] or not verdict.endswith(STAR)]
    tiles = [(str(words[verdict]), badge(verdict, plain=True)) for verdict in shown]
    tiles += [
        (f"{sum(outcome.as_expected for outcome in outcomes)} of {len(outcomes)}", "as expected"),
        (f"{mutants.count(REFUTED)} of {len(mutants)}", f"mutants refuted{aside}"),
    ]
    return "".join(f"<li><strong>{number}</strong>{label}</li>" for number, label in tiles)


def _facts(outcomes: Sequence[Outcome], plan: Plan, seconds: float) -> str:
    from collapse_jax.results import versions

    found = versions()
    return _list(
        {
            "Family-wise alpha": f"{plan.alpha:g}, shared evenly by the claims",
            "Resolution": _percent(plan.resolution),
            "Chains": f"{sum(outcome.chains for outcome in outcomes):,} in all, at most {plan.max_chains:,} per claim",
            "Time": f"{seconds:,.0f} s",
            "Seed, engine, sampler": f"{plan.seed}, {_text(plan.engine)}, {_text(plan.sampler)}",
            "Date": f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC",
            "Versions": f"collapse_jax {found['collapse_jax']}, jax {found['jax']}, Python {found['python']}",
        }
    )


def _section(paper: str, outcomes: Sequence[Outcome]) -> str:
    """The claims of one paper, under its title or else what the module that states them says about itself."""
    about = papers().get(paper)
    if about is not None and about.authors:
        authors = _text(" and ".join(about.authors))
        lead = f"{authors} ({about.year}): <cite>{_text(about.title)}</cite>, {_text(about.where)}"
    else:
        lead = _text((outcomes[0].claim.setup.__globals__.get("__doc__") or "").strip().split("\n\n")[0])
    title, cards = _text(paper) or "your claims", "\n".join(map(_card, outcomes))
    return f'<section data-group><h2>{title}</h2><p class="soft">{lead}</p>\n{cards}</section>'


def _card(outcome: Outcome) -> str:
    claim = outcome.claim
    anchor = _anchor(claim)
    differs = without_star(outcome.verdict) != claim.expected or claim.expected != SUPPORTED
    expectation = f' <span class="soft">expected {claim.expected}</span>' if differs else ""
    lines = []
    if without_star(outcome.verdict) == REFUTED and claim.provenance != "text":
        lines.append(
            "<strong>This form is refuted.</strong> Its wording was not read in the paper, so the published "
            "statement is not judged."
        )
    if outcome.clause:
        lines.append(f"<strong>*</strong> {_text(outcome.clause)}.")
    if outcome.reason:
        lines.append(f"<strong>Why:</strong> {_text(outcome.reason)}.")
    lines.append(_text(claim.note))
    mutants = "".join(
        f"<li>{_text(name)}: {'refuted' if verdict == REFUTED else badge(verdict, plain=True)}</li>"
        for name, verdict in outcome.mutants.items()
    )
    left = max(outcome.allowance, default=0.0)
    resolution = f"{_percent(outcome.resolution)} asked, {_percent(outcome.reached)} reached; {outcome.relative_to}"
    facts = {
        "Kind": _text(", ".join(dict.fromkeys((_RELATION[claim.relation], claim.regime)))),
        "Provenance": f"{claim.provenance}: {_text(PROVENANCE[claim.provenance])}",
        "Source": _text(claim.source),
        "Resolution": resolution if outcome.chains else "",
        "Licence": _LICENCE.get(outcome.licence, ""),
        "Chains": f"{outcome.chains:,} in {outcome.seconds:.1f} s" if outcome.chains else "",
        "Without sampling": _without_sampling(outcome),
        "Observed / stated" if claim.relation == "==" else "Tightness": _ratio(outcome.tightness),
        "Vacuous": _text(outcome.vacuous),
        "Left open": f"{_number(left)} at most, by the statement" * bool(left),
        "Mutants": f'<ul class="mutants">{mutants}</ul>' if mutants else "",
        "Nearest refuted": f"{outcome.nearest:.2g} resolutions off" if math.isfinite(outcome.nearest) else "",
    }
    looks = f"{outcome.looks} look{'s' * (outcome.looks != 1)}"
    more = {
        "Protocol": _code(outcome.protocol),
        "Parameters": _code(", ".join(f"{name}={value!r}" for name, value in outcome.parameters.items())),
        "Domain": _text(str(claim.domain)),
        "Error share": f"{outcome.alpha:.3g}, over {looks}" * bool(outcome.looks),
        "Seed, engine, sampler": _text(f"{outcome.seed}, {outcome.engine}, {outcome.sampler}" * bool(outcome.looks)),
        "LaTeX": _code(claim.statement),
    }
    words = search.text(claim, papers().get(claim.paper))
    return f"""<article id="{anchor}" {data(words, _keys(outcome))}{"" if outcome.as_expected else ' class="surprise"'}>
<header><h3>{_link(claim)}</h3><p>{badge(outcome.verdict)}{expectation}</p></header>
<div class="math" tabindex="0">{mathml(claim.statement)}</div>
{"".join(f"<p>{line}</p>" for line in lines if line)}
<div class="body"><div><dl>{_list(facts)}</dl>
<details><summary>Protocol and numbers</summary><dl>{_list(more)}</dl>{_table(outcome)}</details>
</div>{_figure(outcome)}</div></article>"""


def _without_sampling(outcome: Outcome) -> str:
    if outcome.law is None:
        return ""
    what = "what is computed" if outcome.chains == 0 else "the exact law"
    says = {SUPPORTED: "agrees with the statement to", REFUTED: "is off by more than", UNDECIDED: "is at its edge to"}
    tolerance = outcome.resolution if outcome.chains == 0 else LAW_TOLERANCE
    return f"{what} {says[outcome.law]} {tolerance:.0e}"


def _ratio(tightness: Any) -> str:
    """Estimate over prediction at the last generation."""
    if tightness is None:
        return ""
    if isinstance(tightness, Sequence):
        low, high = map(_number, tightness)
        return f"estimate is {low} times the lower and {high} times the upper bound, at the last t"
    return f"{_number(tightness)} at the last t"


def _table(outcome: Outcome) -> str:
    """The plotted numbers, for who reads no plots; a law has none but its distance."""
    if outcome.claim.relation == "law" or not outcome.generations:
        return ""
    head = "".join(f"<th>{name}</th>" for name in (outcome.index, "mean", "std. error", "lower", "upper", "stated"))
    columns = (outcome.observed, outcome.stderr, outcome.lower, outcome.upper)
    rows = "".join(
        f"<tr><td>{t}</td>{''.join(f'<td>{_number(value)}</td>' for value in values)}<td>{_stated(stated)}</td></tr>"
        for t, stated, *values in zip(outcome.generations, outcome.predicted, *columns, strict=True)
    )
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _figure(outcome: Outcome) -> str:
    if not outcome.generations:
        return ""
    name = outcome.quantity.replace("_", " ")
    if outcome.claim.relation == "law":
        return (
            f'<figure><p class="soft">No plot: the whole distribution of <em>{_text(name)}</em> at '
            f"t = {outcome.generations[0]} is tested. With the margin of Dvoretzky, Kiefer and Wolfowitz, the true and "
            f"the stated distribution function are at most {_number(outcome.reached)} apart.</p></figure>"
        )
    if not np.isfinite(outcome.observed).any():
        return '<figure><p class="soft">No plot: the simulated mean is not finite.</p></figure>'
    return f'<figure><div class="plot">{plot(outcome, name, _anchor(outcome.claim))}</div></figure>'


def _anchor(claim: Claim) -> str:
    """The id itself where HTML and URLs take it; other characters by their code, so that anchors stay distinct."""
    return re.sub(r"[^\w.]", lambda match: f"-{ord(match[0]):x}-", claim.id, flags=re.ASCII)


def _link(claim: Claim) -> str:
    """The id as a link to its card, with places where a narrow screen may break it."""
    name = re.sub(r"([._])", r"\1<wbr>", _text(claim.id))
    return f'<a href="#{_anchor(claim)}">{name}</a>'


def _list(facts: dict[str, str]) -> str:
    return "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items() if value)


def _swatch(shapes: str) -> str:
    return f'<svg width="28" height="14" viewBox="0 0 28 14" aria-hidden="true">{shapes}</svg>'


def _stated(value: Any) -> str:
    return " to ".join(map(_number, value)) if isinstance(value, Iterable) else _number(value)


def _number(value: float) -> str:
    return "not finite" if math.isnan(value) else f"{value:.5g}".replace("-", "−").replace("inf", "∞")


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %" if math.isfinite(value) else "none"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _text(value: str) -> str:
    return html.escape(value)
