"""Tables of claims for the appendix of a paper: what was tested, at which setting, with what outcome."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from proofs_check import latex
from proofs_check.claim import Check, Claim, Experiment
from proofs_check.measured import Measured, parameters
from proofs_check.paper import Paper

COLUMNS: tuple[str, ...] = (
    "id",
    "paper",
    "statement",
    "setting",
    "verdict",
    "measured",
    "stale",
    "resolution",
    "chains",
    "seed",
    "evidence",
    "vacuous",
    "provenance",
    "source",
)


def setting(claim: Claim) -> str:
    """Protocol and parameters at which a claim is tested: "Bernoulli under Replace(n=5), squared error; p=0.3".

    **Args**: `claim`: any claim; its check is built, which imports JAX.

    **Returns**: one line of text.
    """
    check = claim.check()
    if isinstance(check, Check):
        metric = getattr(check.metric, "__name__", None) or getattr(check.metric, "name", None) or check.metric
        name = metric if isinstance(metric, str) else type(metric).__name__
        workflow = " ".join(repr(check.workflow).split())
        about = f"{type(check.family).__name__} under {workflow}, {name.strip('_').replace('_', ' ')}"
    elif isinstance(check, Experiment):
        about = check.protocol
    else:
        about = f"computed at {check.index} = {_indices(check.at)}"
    return f"{about}; {parameters(claim)}" if claim.parameters else about


def _indices(at: Sequence[int]) -> str:
    return ", ".join(map(str, at)) if len(at) <= 6 else f"{at[0]}, {at[1]}, .., {at[-1]}"


def rows(found: Sequence[Measured], tested: Callable[[Claim], str] = setting) -> list[dict[str, str]]:
    """One dictionary of texts per claim, with the keys `COLUMNS`; what was not measured is empty.

    **Args**: `found`: claims beside what was measured of them; `tested`: claim -> its setting, where that is known.

    **Returns**: the rows, in order.
    """
    return [
        {
            "id": item.claim.id,
            "paper": item.claim.paper,
            "statement": item.claim.statement,
            "setting": tested(item.claim),
            "verdict": item.word,
            "measured": item.entry.date[:10] if item.entry else "",
            "stale": item.stale,
            "resolution": item.resolution,
            "chains": str(item.entry.chains) if item.entry else "",
            "seed": str(item.entry.seed) if item.entry else "",
            "evidence": " + ".join(item.evidence),
            "vacuous": item.vacuous,
            "provenance": item.claim.provenance,
            "source": item.claim.source,
        }
        for item in found
    ]


def to_csv(found: Sequence[Measured], tested: Callable[[Claim], str] = setting) -> str:
    """Comma-separated values under a line of headers.

    **Args**: `found`: claims beside what was measured of them; `tested`: as in `rows`.

    **Returns**: the text.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(found, tested))
    return stream.getvalue().rstrip("\n")


def to_markdown(found: Sequence[Measured], papers: Mapping[str, Paper]) -> str:
    """One table per paper, with statements as GitHub shows LaTeX.

    **Args**: `found`: claims beside what was measured of them, those of a paper together; `papers`: records by key.

    **Returns**: the text.
    """
    return "\n\n".join(
        "\n".join(
            [
                f"**{_about(key, papers)}**\n",
                "| claim | statement | setting | verdict | resolution | vacuous | provenance |",
                "|---|---|---|---|---|---|---|",
                *(_markdown_row(item) for item in group),
            ]
        )
        for key, group in groupby(found, lambda item: item.claim.paper)
    )


def _markdown_row(item: Measured) -> str:
    # a bar would end the cell
    statement = item.claim.statement.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    cells = [
        f"`{item.claim.id}`",
        f"${statement}$",
        f"`{setting(item.claim)}`",
        item.verdict,
        item.resolution,
        item.vacuous,
        item.claim.provenance,
    ]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def to_latex(
    found: Sequence[Measured],
    papers: Mapping[str, Paper],
    *,
    fragment: bool = False,
    tested: Callable[[Claim], str] = setting,
) -> str:
    """A longtable in a document that compiles as it is, or with `fragment` alone, after what it needs.

    **Args**: `found`: the claims; `papers`: the records of their papers by key; `fragment`: to be put into a paper;
    `tested`: as in `rows`.

    **Returns**: LaTeX.
    """
    body = [r"\begin{longtable}{@{}%", *latex.COLUMNS, r"@{}}", latex.head(), r"\endhead", r"\bottomrule", r"\endfoot"]
    for key, group in groupby(found, lambda item: item.claim.paper):
        body.append(latex.heading(_about(key, papers)))
        body += [_latex_row(item, tested(item.claim)) for item in group]
    body.append(r"\end{longtable}")
    table = "\n".join([latex.FIT, *body])
    return f"{latex.NEEDS}\n{table}" if fragment else f"{latex.BEFORE}\n{table}\n{latex.AFTER}"


def _latex_row(item: Measured, tested: str) -> str:
    verdict = item.word or UNWRITTEN
    if item.entry:
        verdict += rf"\newline {item.entry.date[:10]}" + r" (stale)" * bool(item.stale)
    if item.vacuous:
        verdict += rf"\newline {latex.escape(item.vacuous)}"
    return latex.row(
        rf"\texttt{{{latex.breakable(item.claim.id)}}}\newline {latex.escape(item.claim.provenance)}",
        rf"\fit{{{item.claim.statement}}}\newline {latex.escape(tested)}",
        verdict,
        latex.escape(item.resolution) or "--",
    )


UNWRITTEN = "not measured"


def _about(key: str, papers: Mapping[str, Paper]) -> str:
    paper = papers.get(key)
    if paper is None:
        return key or "claims of no paper"
    return f"{paper.citation}: {paper.title}, {paper.where}" if paper.authors else paper.title
