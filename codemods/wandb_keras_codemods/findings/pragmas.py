"""Read ``# wandb-keras: ignore`` and ``# wandb-keras: ignore[CODE, ...]`` comments."""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from .finding import Finding
from .lines import LINE_END

WORD = "wandb-keras:"  # no comment without it is a pragma
_PRAGMA = re.compile(r"#\s*wandb-keras:\s*ignore\b(?:\s*\[([A-Za-z0-9,\s]*)\])?")


def codes_of(comment: str) -> frozenset[str] | None:
    """Return the codes that a comment ignores, empty for all; None when it is no pragma.

    Example:
        >>> codes_of("# wandb-keras: ignore[wkm601]"), codes_of("# wandb-keras: skip")
        (frozenset({'WKM601'}), None)
    """
    match = _PRAGMA.search(comment)
    if match is None:
        return None
    return frozenset(code.strip().upper() for code in (match[1] or "").split(",")) - {""}


class Comment(NamedTuple):
    """A comment: its line from 1, its column from 0, its text from the ``#`` on."""

    line: int
    column: int
    text: str


class _Pragma(NamedTuple):
    codes: frozenset[str] | None  # None: all
    start: int
    end: int


class Pragmas:
    """The pragmas of one file, and which of them were of use.

    A pragma on a line that would be edited keeps the line as it is whatever its codes are, and
    then nothing is said of that line. On any other line it silences the findings of its codes.

    Args:
        comments: The file's comments.

    Example:
        >>> pragmas = Pragmas.in_text("wandb<1  # wandb-keras: ignore[WKM601]")
        >>> pragmas.covers(1, 1, "WKM601"), pragmas.covers(1, 1, "WKM602"), pragmas.keeps(1, 1)
        (True, False, True)
    """

    def __init__(self, comments: Iterable[Comment] = ()) -> None:
        self._found: dict[int, _Pragma] = {}
        self._used: set[int] = set()
        self._kept: set[int] = set()
        for line, column, comment in comments:
            match = _PRAGMA.search(comment)
            if match is None:
                continue
            codes = None if match[1] is None else codes_of(comment)
            start = column + match.start()
            self._found[line] = _Pragma(codes, start + 1, start + 1 + len(match[0]))

    @classmethod
    def in_text(cls, text: str) -> Pragmas:
        """Read the pragmas of a text in which every ``#`` may start a comment."""
        if WORD not in text:
            return cls()
        return cls(
            Comment(number, line.index("#"), line[line.index("#") :])
            for number, line in enumerate(LINE_END.split(text), 1)
            if "#" in line
        )

    def keeps(self, first: int, last: int) -> bool:
        """Tell whether a pragma keeps lines as they are; then nothing is said of them."""
        lines = [line for line in self._found if first <= line <= last]
        self._kept.update(lines)
        return bool(lines)

    def covers(self, first: int, last: int, code: str) -> bool:
        """Tell whether a pragma on one of the lines silences a code."""
        covered = False
        for line, pragma in self._found.items():
            if first <= line <= last:
                if pragma.codes is None or code in pragma.codes:
                    self._used.add(line)
                    covered = True
                covered |= line in self._kept
        return covered

    def filter(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that no pragma silences, and one for each unused pragma."""
        kept = [
            finding
            for finding in findings
            if not (self._found and self.covers(finding.line, finding.end_line, finding.code))
        ]
        for line, (codes, start, end) in self._found.items():
            if line not in self._used | self._kept:
                what = "nothing" if codes is None else f"no {', '.join(sorted(codes))}"
                kept.append(
                    Finding("WKM215", f"there is {what} to ignore here", "Remove the comment.",
                            line, start, line, end)
                )  # fmt: skip
        return sorted(kept, key=lambda finding: (finding.line, finding.column))
