"""Compare the lines of two texts, without the heuristics by which difflib drops frequent lines."""

from __future__ import annotations

import os
import re
from difflib import SequenceMatcher
from typing import Iterator, Literal, Sequence, Tuple

Opcode = Tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]

_GIT_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PLAIN = re.compile(r"[ !#-\[\]-~]+")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")


def lines(text: str) -> list[str]:
    r"""Split a text where Python and editors do, which a form feed is no place for.

    Example:
        >>> lines("a\x0cb\r\nc")
        ['a\x0cb', 'c']
    """
    return [line.rstrip("\r\n") for line in _LINE.findall(text)]


class Comparison(SequenceMatcher[str]):
    """Two lists of lines, and how the one becomes the other.

    What both begin and end with is put aside first, so that little is left to compare: without
    its heuristics difflib's time grows with the square of the lines that are alike.

    Args:
        old: The lines before.
        new: The lines after.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        most = min(len(old), len(new))
        self._start = next((n for n in range(most) if old[n] != new[n]), most)
        most -= self._start
        self._end = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
        self._whole = len(old), len(new)
        a, b = (part[self._start : len(part) - self._end] for part in (old, new))
        super().__init__(None, a, b, autojunk=False)

    def get_opcodes(self) -> list[Opcode]:
        """Return what is equal and what is not, as difflib's class of that name does."""
        start, end, (old, new) = self._start, self._end, self._whole
        found: list[Opcode] = [("equal", 0, start, 0, start)] if start else []
        for tag, i, j, k, m in super().get_opcodes():
            found.append((tag, i + start, j + start, k + start, m + start))
        if end:
            found.append(("equal", old - end, old, new - end, new))
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
    for group in Comparison(before, after).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (f" {line}" for line in before[i:j])
                continue
            yield from (f"-{line}" for line in before[i:j])
            yield from (f"+{line}" for line in after[k:m])


def patch(path: str, old: bytes, new: bytes, context: int = 3) -> bytes:
    r"""Return a patch that ``git apply`` takes, whatever the bytes are; empty when nothing changes.

    Args:
        path: The file, relative to the folder the patch is applied in.
        old: Its bytes before.
        new: Its bytes after.
        context: How many lines to show around a difference.

    Example:
        >>> patch("a.py", b"x\r\ny", b"x\r\nz").splitlines()[-3:]
        [b'\\ No newline at end of file', b'+z', b'\\ No newline at end of file']
    """
    if old == new:
        return b""
    # every byte becomes one character, and lines end where git's do
    before, after = (_GIT_LINE.findall(data.decode("latin-1")) for data in (old, new))
    head = (f"{sign} {_quoted(side + path)}\n" for sign, side in (("---", "a/"), ("+++", "b/")))
    return "".join([*head, *_hunks(before, after, context)]).encode("latin-1")


def applies(path: str) -> bool:
    """Tell whether git can apply the patch of a file in the folder that it was made in."""
    return not os.path.isabs(path) and not os.path.normpath(path).startswith("..")


def _hunks(before: Sequence[str], after: Sequence[str], context: int) -> Iterator[str]:
    for group in Comparison(before, after).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (_ended(f" {line}") for line in before[i:j])
                continue
            yield from (_ended(f"-{line}") for line in before[i:j])
            yield from (_ended(f"+{line}") for line in after[k:m])


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _quoted(path: str) -> str:
    """Return a path as git writes it into a patch, each byte a character."""
    name = os.fsencode(path.replace(os.sep, "/")).decode("latin-1")
    if _PLAIN.fullmatch(name):
        return f"{name}\t" if " " in name else name
    escaped = (c if _PLAIN.fullmatch(c) else f"\\{ord(c):03o}" for c in name)
    return f'"{"".join(escaped)}"'


def _range(start: int, end: int) -> str:
    """Return a range as diff writes it: the line before it, when it is empty."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"
