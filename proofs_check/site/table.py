"""One table of all statements that narrows down while one types, by word, paper, topic, kind, verdict and protocol."""

import html
from collections.abc import Mapping, Sequence

from proofs_check.claim import without_star
from proofs_check.export import to_csv
from proofs_check.filters import data, filters
from proofs_check.measured import Measured
from proofs_check.render import badge, mathml
from proofs_check.search import plain, protocol_names, text
from proofs_check.site.contents import Contents
from proofs_check.site.marks import page_of, raw

__all__ = ["csv_of", "table_page"]


def table_page(contents: Contents) -> str:
    """The page of all statements."""
    found = [(item, keys(item, contents)) for item in contents.claims.values()]
    rows = "\n".join(_row(item, values, contents) for item, values in found)
    controls = filters("statements", [values for _, values in found])
    head = '<thead><tr><th scope="col">word</th><th scope="col">statement</th><th scope="col">kind</th></tr></thead>'
    body = f'{controls}<table id="statements" class="statements">{head}<tbody>{rows}</tbody></table>'
    lead = (
        f"All {len(found)} statements. Words may be parts of ids, of statements in LaTeX, of names of authors, "
        "families and workflows; every choice stands in the address, which can be kept. The words are those of "
        "the ledger."
    )
    return f"---\nhide-toc: true\n---\n\n# Statements\n\n{lead}\n\n{raw(body)}\n"


def csv_of(contents: Contents) -> str:
    """The same as comma-separated values."""
    return to_csv(list(contents.claims.values()))


def keys(item: Measured, contents: Contents) -> dict[str, list[str]]:
    """By what a statement can be chosen, besides its words."""
    claim, paper = item.claim, contents.overview[item.claim.paper].paper
    families, workflows = _models()
    used = protocol_names(claim)
    return {
        "verdict": [without_star(item.word) or "not measured", *([item.word] if item.word.endswith("*") else [])],
        "paper": [paper.key],
        "topic": list(paper.topics),
        "kind": [claim.regime],
        "evidence": list(item.evidence),
        "provenance": [claim.provenance],
        "family": [name for name in used if name in families],
        "workflow": [name for name in used if name in workflows],
    }


def _models() -> tuple[set[str], set[str]]:
    from collapse_jax import exported

    return set(exported("families")), set(exported("workflows"))


def _row(item: Measured, values: Mapping[str, Sequence[str]], contents: Contents) -> str:
    claim, paper = item.claim, contents.overview[item.claim.paper].paper
    words = f"{text(claim, paper)} {plain(' '.join(paper.topics))}"
    about = [claim.regime, " + ".join(item.evidence), *values["family"], *values["workflow"]]
    word = badge(item.word) if item.word else "not measured"
    return (
        f'<tr id="{html.escape(claim.id)}" {data(words, values)}><td>{word}</td>'
        f'<td><a href="{page_of(claim.id)}.html">{html.escape(claim.id)}</a>'
        f'<div class="math">{mathml(claim.statement)}</div></td>'
        f"<td>{'<br>'.join(html.escape(one) for one in about if one)}</td></tr>"
    )
