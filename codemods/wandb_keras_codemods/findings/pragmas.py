"""Read ``# wandb-keras: ignore`` and ``# wandb-keras: ignore[CODE, ...]`` comments."""

from __future__ import annotations

import io
import re
import tokenize
from typing import Iterable

from .finding import Finding

_PRAGMA = re.compile(r"#\s*wandb-keras:\s*ignore\b(?:\s*\[([A-Za-z0-9,\s]*)\])?")


class Pragmas:
    r"""The pragmas of one file, and which of them were of use.

    Args:
        text: The file's text.
        python: Whether comments are those of Python; else every ``#`` starts one.

    Example:
        >>> pragmas = Pragmas("import a  # wandb-keras: ignore[WKM102]\n")
        >>> pragmas.covers(1, 1, "WKM102"), pragmas.covers(1, 1, "WKM101")
        (True, False)
    """

    def __init__(self, text: str, python: bool = True) -> None:
        self._found: dict[int, tuple[frozenset[str] | None, int, int]] = {}
        self._used: set[int] = set()
        if "wandb-keras:" not in text:
            return
        for line, column, comment in _comments(text) if python else _hashes(text):
            match = _PRAGMA.search(comment)
            if match is None:
                continue
            codes = None
            if match[1] is not None:
                codes = frozenset(code.strip().upper() for code in match[1].split(",")) - {""}
            start = column + match.start()
            self._found[line] = (codes, start + 1, start + 1 + len(match[0]))

    def silences(self, first: int, last: int, code: str) -> bool:
        """Tell the same as ``covers``, but do not take the pragma for used."""
        used = set(self._used)
        covered = self.covers(first, last, code)
        self._used = used
        return covered

    def covers(self, first: int, last: int, code: str) -> bool:
        """Tell whether a pragma on one of the lines silences a code."""
        covered = False
        for line, (codes, _, _) in self._found.items():
            if first <= line <= last and (codes is None or code in codes):
                self._used.add(line)
                covered = True
        return covered

    def filter(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that no pragma silences, and one for each unused pragma."""
        kept = [
            finding
            for finding in findings
            if not (self._found and self.covers(finding.line, finding.end_line, finding.code))
        ]
        for line, (codes, start, end) in self._found.items():
            if line not in self._used:
                what = "nothing" if codes is None else f"no {', '.join(sorted(codes))}"
                kept.append(
                    Finding("WKM215", f"there is {what} to ignore here", "Remove the comment.",
                            line, start, line, end)
                )  # fmt: skip
        return sorted(kept, key=lambda finding: (finding.line, finding.column))


def _comments(text: str) -> list[tuple[int, int, str]]:
    found = []
    readline = io.StringIO(text.lstrip("\ufeff")).readline
    try:
        for token in tokenize.generate_tokens(readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0], token.start[1], token.string))
    except (tokenize.TokenError, SyntaxError):
        pass  # what does not parse is reported elsewhere
    return found


def _hashes(text: str) -> list[tuple[int, int, str]]:
    return [
        (number, line.index("#"), line[line.index("#") :])
        for number, line in enumerate(text.splitlines(), 1)
        if "#" in line
    ]
