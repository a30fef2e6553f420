"""The Markdown report, for pull requests: it fits into a comment."""

from __future__ import annotations

import re
from typing import Iterator

from wandb_keras_codemods.files.outcome import LEFT, Outcome
from wandb_keras_codemods.findings import CODES, Finding

from . import CALL, KIND_TITLES, Run

LARGEST = 60_000  # bytes; GitHub takes 65,536 characters
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")
_ROWS, _LISTED = 100, 25_000  # rows of the table of files; bytes of what is left


def render(run: Run) -> str:
    """Return the report; of what does not fit the largest comes first and the rest is counted."""
    lines = ["# Migration of WandbCallback", "", f"Target `{run.target}`: {run.headline()}.", ""]
    lines += _table(run)
    failed = [(o, f) for o in run.outcomes for f in o.findings if f.kind == "error"]
    for title, pairs in ((KIND_TITLES["error"], failed), (KIND_TITLES["manual"], run.waiting())):
        if pairs:
            found = (_finding(outcome, finding) for outcome, finding in pairs)
            lines += ["", f"## {title}", "", *_fitting(found, len(pairs), _LISTED, "findings")]
    for kind in ("lost", "changed"):
        sums = run.sums(kind)
        if sums:
            lines += ["", f"## {KIND_TITLES[kind]}", ""]
        for one in sums:
            said = f"{_text(CODES[one.code].title)}: {_text(one.counted())}"
            lines.append(f"- **{one.code}** {said}")
    shown = [outcome for outcome in run.outcomes if outcome.before != outcome.after]
    if shown:
        lines += ["", "## Diff"]
        room = LARGEST - _size("\n".join(lines)) - 200
        diffs = sorted(map(_diff, shown), key=_size, reverse=True)
        lines += _fitting(diffs, len(diffs), room, "files")
    return "\n".join(lines) + "\n"


def _table(run: Run) -> Iterator[str]:
    yield "| File | Calls migrated | Changed | Lost | Left for you | State |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    rows = sorted(run.outcomes, key=lambda outcome: -len(outcome.findings))
    if len(rows) <= _ROWS:
        rows = list(run.outcomes)
    for outcome in rows[:_ROWS]:
        counts = [
            outcome.codes(CALL),
            *(outcome.count(*kinds) for kinds in (("changed",), ("lost",), LEFT)),
        ]
        cells = " | ".join(str(count) if count else "" for count in counts)
        yield f"| {_text(outcome.path)} | {cells} | {outcome.state} |"
    if len(rows) > _ROWS:
        yield f"| and {len(rows) - _ROWS} more files | | | | | |"


def _fitting(pieces: Iterator[str] | list[str], number: int, room: int, what: str) -> list[str]:
    """Return as many of the pieces as there is room for, in order, and how many there are more."""
    taken: list[str] = []
    left_out = 0
    for piece in pieces:
        size = _size(piece) + 1
        if size > room:
            left_out += 1
            continue
        room -= size
        taken.append(piece)
    if left_out:
        taken += ["", f"Of {number:,} {what} {left_out:,} are not shown here: they do not fit."]
    return taken


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _finding(outcome: Outcome, finding: Finding) -> str:
    cell = "" if finding.cell is None else f", cell {finding.cell}"
    place = f"{_text(outcome.path)}{cell}, line {finding.line}"
    parts = (finding.message, finding.suggestion)
    said = ". ".join(_text(part.rstrip(".")) for part in parts if part)
    return f"- **{finding.code}** {_text(CODES[finding.code].title)}, {place}: {said}."


def _diff(outcome: Outcome) -> str:
    diff = "\n".join(outcome.diff())
    ticks = max(map(len, re.findall(r"`+", diff)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"\n### {_text(outcome.path)}\n\n{fence}diff\n{diff}\n{fence}"


def _text(text: str) -> str:
    """Escape a text, so that it is nothing but text."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
