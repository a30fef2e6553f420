"""The old and the new text of a file side by side, as an HTML table."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import escape
from typing import Iterator, Sequence

from wandb_keras_codemods.files.differences import Comparison, lines
from wandb_keras_codemods.files.outcome import Outcome

_CONTEXT = 3
_FOLDED = 500  # longer gaps are left out, shorter ones unfold
_WORDS = re.compile(r"\w+|\s+|.")
_ALIKE = 0.35
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]")


def table(outcome: Outcome, folded: int = _FOLDED) -> str:
    """Return the table of a file's diff.

    Args:
        outcome: The file; its cells, if it is a notebook.
        folded: The most lines of a gap that unfolds; of longer ones only the number is told.
    """
    old, new = lines(outcome.before), lines(outcome.after)
    rows: list[str] = []
    opcodes = Comparison(old, new).get_opcodes()
    for number, (tag, i, j, k, m) in enumerate(opcodes):
        if tag == "equal":
            first, last = number == 0, number == len(opcodes) - 1
            rows += _equal(
                old[i:j],
                (i + 1, k + 1),
                0 if first else _CONTEXT,
                0 if last else _CONTEXT,
                folded,
            )
        else:
            rows += _changed(old[i:j], new[k:m], i + 1, k + 1)
    head = '<colgroup><col class="no"><col><col class="no"><col></colgroup><tbody>'
    return f'<div class="scroll"><table class="diff">{head}{"".join(rows)}</tbody></table></div>'


def _equal(
    lines: Sequence[str], starts: tuple[int, int], before: int, after: int, folded: int
) -> Iterator[str]:
    old, new = starts
    hidden = len(lines) - before - after
    if hidden <= 1:
        before, hidden = len(lines), 0
    for number, line in enumerate(lines):
        if number == before and hidden:
            yield from _gap(lines[before : before + hidden], old + before, new + before, folded)
        if before <= number < before + hidden:
            continue
        yield _row("", old + number, _show(line), new + number, _show(line))


def _gap(lines: Sequence[str], old: int, new: int, folded: int) -> Iterator[str]:
    many = f"{len(lines):,} unchanged lines"
    if len(lines) > folded:
        yield f'<tr class="gap"><td colspan="4">{many}</td></tr>'
        return
    yield f'<tr class="gap"><td colspan="4"><button type="button">{many}</button></td></tr>'
    yield '</tbody><tbody class="folded">'
    for number, line in enumerate(lines):
        yield _row("", old + number, _show(line), new + number, _show(line))
    yield "</tbody><tbody>"


def _changed(old: Sequence[str], new: Sequence[str], first: int, second: int) -> Iterator[str]:
    pairs = _pairs(old, new)
    for i, j in pairs:
        left = right = ""
        if i is not None and j is not None:
            left, right = _words(old[i], new[j])
        elif i is not None:
            left = _show(old[i])
        elif j is not None:
            right = _show(new[j])
        kind = "both" if i is not None and j is not None else "old" if i is not None else "new"
        yield _row(
            kind,
            None if i is None else first + i,
            left,
            None if j is None else second + j,
            right,
        )


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Put lines that are alike beside each other, in order."""
    pairs: list[tuple[int | None, int | None]] = []
    j = 0
    for i, line in enumerate(old):
        match = next(
            (k for k in range(j, min(j + 8, len(new))) if _likeness(line, new[k]) > _ALIKE), None
        )
        if match is None:
            pairs.append((i, None))
            continue
        pairs += [(None, k) for k in range(j, match)]
        pairs.append((i, match))
        j = match + 1
    return pairs + [(None, k) for k in range(j, len(new))]


def _likeness(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old.strip(), new.strip(), autojunk=False)
    if matcher.real_quick_ratio() <= _ALIKE or len(old) + len(new) > 2_000:
        return 0.0
    return matcher.ratio()


def _words(old: str, new: str) -> tuple[str, str]:
    """Mark the words in which two lines differ."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    left: list[str] = []
    right: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before, after = _show("".join(a[i:j])), _show("".join(b[k:m]))
        if tag != "equal":
            before = f"<del>{before}</del>" if before else ""
            after = f"<ins>{after}</ins>" if after else ""
        left.append(before)
        right.append(after)
    return "".join(left), "".join(right)


def _row(kind: str, old: int | None, left: str, new: int | None, right: str) -> str:
    sides = []
    for number, text, side in ((old, left, "l"), (new, right, "r")):
        if number is None:
            sides.append('<td class="no"></td><td class="none"></td>')
        else:
            sides.append(f'<td class="no">{number}</td><td class="{side}">{text}</td>')
    return f'<tr class="{kind}">{"".join(sides)}</tr>' if kind else f"<tr>{''.join(sides)}</tr>"


def _show(text: str) -> str:
    return escape(_CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode(), text))
