"""Compare the lines of two texts, without the heuristics by which difflib drops frequent lines."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Iterator, Sequence

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")


def lines(text: str) -> list[str]:
    r"""Split a text where Python and editors do, which a form feed is no place for.

    Example:
        >>> lines("a\x0cb\r\nc")
        ['a\x0cb', 'c']
    """
    return [line.rstrip("\r\n") for line in _LINE.findall(text)]


def compare(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    """Return a matcher of two lists of lines that knows its opcodes.

    What both begin and end with is put aside first, so that little is left to compare: without
    its heuristics difflib's time grows with the square of the lines that are alike.

    Args:
        old: The lines before.
        new: The lines after.
    """
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner = SequenceMatcher(
        None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False
    )
    found = [(tag, i + start, j + start, k + start, m + start)
             for tag, i, j, k, m in inner.get_opcodes()]  # fmt: skip
    if start:
        found.insert(0, ("equal", 0, start, 0, start))
    if end:
        found.append(("equal", len(old) - end, len(old), len(new) - end, len(new)))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    matcher.opcodes = _joined(found)
    return matcher


def _joined(opcodes: list[tuple[str, int, int, int, int]]) -> list[tuple[str, int, int, int, int]]:
    """Make one opcode of equal ones that follow each other."""
    found: list[tuple[str, int, int, int, int]] = []
    for opcode in opcodes:
        if found and found[-1][0] == opcode[0] == "equal":
            _, i, _, k, _ = found.pop()
            opcode = ("equal", i, opcode[2], k, opcode[4])
        found.append(opcode)
    return found


def unified(old: str, new: str, names: tuple[str, str], context: int = 3) -> Iterator[str]:
    """Yield a unified diff, a line each without its line ending.

    Args:
        old: The text before.
        new: The text after.
        names: What the two are called.
        context: How many lines to show around a difference.
    """
    before, after = lines(old), lines(new)
    yield f"--- {names[0]}"
    yield f"+++ {names[1]}"
    for group in compare(before, after).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (f" {line}" for line in before[i:j])
                continue
            yield from (f"-{line}" for line in before[i:j])
            yield from (f"+{line}" for line in after[k:m])


def _range(start: int, end: int) -> str:
    """Return a range as diff writes it: the line before it, when it is empty."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
