"""How statements hang together, drawn: papers first, then the statements inside each. Plain SVG with links."""

import html
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from proofs_check.claim import without_star
from proofs_check.overview import Overview
from proofs_check.relations import Edge
from proofs_check.site.contents import Contents
from proofs_check.site.marks import link, page_of, raw, table

__all__ = ["inside", "map_page"]

_BOX, _ROW, _COLUMN = (190, 46), 60, 240
_ARROWS = {"corrects": "corrects", "implies": "implies", "special case of": "special", "uses": "uses"}


def map_page(contents: Contents) -> str:
    """The page of the map: papers by year, ties between them, and every tie as a line of a table."""
    of = {id: item.claim.paper for id, item in contents.claims.items()}
    across = Counter((of[tie.start], of[tie.end]) for tie in contents.ties if of[tie.start] != of[tie.end])
    within = Counter(of[tie.start] for tie in contents.ties if of[tie.start] == of[tie.end])
    rows = [
        [link(tie.start, page_of(tie.start), "map"), tie.tie, link(tie.end, page_of(tie.end), "map")]
        for tie in contents.ties
    ]
    parts = [
        "---\nhide-toc: true\n---",
        "# Map",
        "Which statement corrects, implies, uses or is a special case of which. A box leads to the page of its paper, "
        "where its own statements are drawn. A line joins papers whose statements hang together, the thicker the more.",
        raw(_papers(contents, across, within)),
        "## Every tie",
        table(["statement", "tie", "statement"], rows),
    ]
    return "\n\n".join(parts) + "\n"


def _papers(contents: Contents, across: Mapping[tuple[str, str], int], within: Mapping[str, int]) -> str:
    """Papers in columns by year; statements of no paper stand last."""
    years = {item.paper.key: str(item.paper.year) if item.paper.authors else "no paper" for item in contents.items}
    columns: dict[str, list[str]] = defaultdict(list)
    for key, year in sorted(years.items(), key=lambda pair: (pair[1] == "no paper", pair[1], pair[0])):
        columns["to 2023" if year.isdigit() and int(year) < 2024 else year].append(key)
    folded = [(year, keys[k : k + 10]) for year, keys in columns.items() for k in range(0, len(keys), 10)]
    places, heads = {}, []
    for column, (year, keys) in enumerate(folded):
        heads.append(f'<text class="year" x="{20 + column * _COLUMN}" y="20">{year}</text>')
        places |= {key: (20 + column * _COLUMN, 36 + row * _ROW) for row, key in enumerate(keys)}
    lines = [_line(places[a], places[b], "uses", min(1 + count / 2, 5)) for (a, b), count in sorted(across.items())]
    boxes = []
    for key, place in places.items():
        item = contents.overview[key]
        ties = within[key] + sum(count for pair, count in across.items() if key in pair)
        about = f"{item.paper.citation}: {len(item.claims)} statements, {ties} ties"
        boxes.append(_box(place, f"papers/{key}.html", key, f"{len(item.claims)} statements, {ties} ties", about, ""))
    size = (20 + len(folded) * _COLUMN, 36 + max(len(keys) for _, keys in folded) * _ROW)
    return _svg(size, "Papers by year and the ties between their statements", [*heads, *lines, *boxes], " papers")


def inside(item: Overview, ties: Iterable[Edge]) -> str:
    """The statements of one paper that have ties, in columns along their ties; "" where none has."""
    own = {one.claim.id: one for one in item.claims}
    edges = [tie for tie in ties if tie.start in own and tie.end in own]
    if not edges:
        return ""
    places = _layers(edges)
    lines = [_line(places[tie.start], places[tie.end], _ARROWS[tie.tie]) for tie in edges]
    boxes = []
    for id, place in places.items():
        one = own[id]
        about = f"{id}: {one.word or 'not measured'}"
        name = id.partition(".")[2]
        boxes.append(_box(place, f"../statements/{id}.html", name, one.word, about, without_star(one.word)))
    width = max(x for x, _ in places.values()) + _BOX[0] + 20
    height = max(y for _, y in places.values()) + _ROW
    key = " ".join(f'<span class="tie {_ARROWS[tie]}">{tie}</span>' for tie in sorted({tie.tie for tie in edges}))
    drawing = _svg((width, height), f"Ties between the statements of {item.paper.citation}", [*lines, *boxes])
    return f'{drawing}<p class="key">{key}; arrows lead to what is corrected, implied or used.</p>'


def _layers(edges: Sequence[Edge]) -> dict[str, tuple[int, int]]:
    """Where each statement stands: its column is the length of the longest way to it, cycles cut."""
    nodes = sorted({id for tie in edges for id in (tie.start, tie.end)})
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for tie in edges:
            depth[tie.end] = min(max(depth[tie.end], depth[tie.start] + 1), 3)
    rows: Counter[int] = Counter()
    places = {}
    for id in _grouped(nodes, edges):
        column = depth[id]
        row = max(rows[column], *(rows[k] - 1 for k in range(column)), 0) if column else rows[0]
        places[id] = (10 + column * _COLUMN, 10 + row * _ROW)
        rows[column] = row + 1
    return places


def _grouped(nodes: Sequence[str], edges: Sequence[Edge]) -> list[str]:
    """The statements with those that they are tied to side by side."""
    near: dict[str, list[str]] = defaultdict(list)
    for tie in edges:
        near[tie.start].append(tie.end)
        near[tie.end].append(tie.start)
    found: dict[str, None] = {}
    stack = list(reversed(nodes))
    while stack:
        id = stack.pop()
        if id not in found:
            found[id] = None
            stack += sorted(near[id], reverse=True)
    return list(found)


def _line(start: tuple[int, int], end: tuple[int, int], kind: str, width: float = 1.5) -> str:
    (width_of_box, height), (a, b), (c, d) = _BOX, start, end
    if a == c:  # in one column: around its right side
        x = a + width_of_box
        path = f"M{x} {b + height / 2}C{x + 40} {b + height / 2} {x + 40} {d + height / 2} {x} {d + height / 2}"
    else:
        x, z = (a + width_of_box, c) if a < c else (a, c + width_of_box)
        bend = 50 if a < c else -50
        path = f"M{x} {b + height / 2}C{x + bend} {b + height / 2} {z - bend} {d + height / 2} {z} {d + height / 2}"
    return f'<path class="tie {kind}" d="{path}" stroke-width="{width:g}" marker-end="url(#tip)"/>'


def _box(place: tuple[int, int], target: str, name: str, below: str, about: str, kind: str) -> str:
    (x, y), (width, height) = place, _BOX
    shown = name if len(name) <= 25 else f"{name[:24]}…"
    return (
        f'<a href="{html.escape(target)}"><title>{html.escape(about)}</title>'
        f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
        f'<text x="{x + 10}" y="{y + 20}">{html.escape(shown)}</text>'
        f'<text class="below" x="{x + 10}" y="{y + 37}">{html.escape(below)}</text></a>'
    )


def _svg(size: tuple[int, int], label: str, parts: Sequence[str], kind: str = "") -> str:
    tip = '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    tip += '<path d="M0 0L8 4L0 8z"/></marker></defs>'
    body = "\n".join(parts)
    return (
        f'<div class="map{kind}" tabindex="0" role="region" aria-label="{html.escape(label)}">'
        f'<svg width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}">{tip}\n{body}\n</svg></div>'
    )
