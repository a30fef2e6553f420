"""What is left for a human, as HTML: calls first, equal findings on one card, with their code."""

from __future__ import annotations

from html import escape
from typing import Iterable, Iterator, Sequence, Tuple

from wandb_keras_codemods.files.outcome import Outcome
from wandb_keras_codemods.findings import CODES, Finding

from . import TEXTS, Run
from .fragments import agreeing, code_link, place_link, plain

Place = Tuple[Outcome, Finding]

_SHOWN = 5  # pieces of code of one card; the others unfold
_LINES, _WIDE = 15, 200  # of a piece of code
_TITLES = (
    ("manual", "Code that stays as it is"),
    ("error", "Files that could not be processed"),
    ("metric", "Names of metrics"),
    ("requirement", "Requirements"),
    ("text", "Texts"),
)  # what would be lost if nobody looked at it comes first


def left(run: Run, anchors: dict[int, str]) -> Iterator[str]:
    """Yield the section of all that waits for a human.

    Args:
        run: What to report.
        anchors: By the id of each outcome, the id of its file on the page.
    """
    yield '<section id="left"><h2>What is left for you</h2>'
    waiting = [
        *run.waiting(),
        *((o, f) for o in run.outcomes for f in o.findings if f.kind == "error"),
    ]
    if not waiting:
        yield '<p class="none">Nothing. Review the diff, and you are done.</p>'
    for topic, title in _TITLES:
        cards = _equal(pair for pair in waiting if _topic(pair[1]) == topic)
        if cards:
            yield f'<div class="topic"><h3>{title}</h3>'
            for places in cards:
                yield _card(places, anchors)
            yield "</div>"
    yield "</section>"


def _topic(finding: Finding) -> str:
    return "text" if finding.code in TEXTS else finding.kind


def _equal(pairs: Iterable[Place]) -> list[list[Place]]:
    """Put the findings together that say the same."""
    found: dict[tuple[str, str, str], list[Place]] = {}
    for outcome, finding in pairs:
        said = (finding.code, finding.message, finding.suggestion)
        found.setdefault(said, []).append((outcome, finding))
    return list(found.values())


def _card(places: Sequence[Place], anchors: dict[int, str]) -> str:
    finding = places[0][1]
    pieces: dict[str, list[str]] = {}  # code -> links to where it stands
    for outcome, one in places:
        link = place_link(outcome, one, anchors[id(outcome)])
        pieces.setdefault(_code_of(outcome, one), []).append(link)
    shown = [_piece(links, source) for source, links in pieces.items()]
    more = shown[_SHOWN:]
    if len(more) > 1:
        rest = f"<summary>{len(more):,} more pieces of code</summary>{''.join(more)}"
        shown = [*shown[:_SHOWN], f"<details>{rest}</details>"]
    count = f'<span class="count">{len(places):,} places</span>' if len(places) > 1 else ""
    hint = f'<p class="hint">{escape(finding.suggestion)}</p>' if finding.suggestion else ""
    return (
        f'<article class="card item {finding.kind}" data-kinds="{finding.kind}">'
        f'<div class="line">{code_link(finding.code)} '
        f"<b>{escape(CODES[finding.code].title)}</b>{count}</div><p>{plain(finding.message)}</p>{hint}{''.join(shown)}</article>"
    )


def _piece(links: Sequence[str], source: str) -> str:
    block = f"<pre>{source}</pre>" if source else ""
    return f'<div class="piece">{", ".join(links)}{block}</div>'


def _code_of(outcome: Outcome, finding: Finding) -> str:
    """Return all lines that a finding is about, as far as a page can show them."""
    lines = [line.expandtabs().rstrip() for line in outcome.lines(finding)]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    shown = [plain(line[indent:][:_WIDE]) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        more = len(lines) - _LINES
        shown.append(f"… {more:,} more {agreeing(more, 'line', 'lines')}")
    return "\n".join(shown)
