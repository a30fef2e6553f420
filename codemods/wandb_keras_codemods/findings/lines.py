"""The lines of a text, as Python and LibCST count them."""

from __future__ import annotations

import re

LINE_END = re.compile(r"\r\n|\r|\n")


def line_starts(text: str) -> list[int]:
    r"""Return the indices at which lines start.

    Example:
        >>> line_starts("a\r\nb\n")
        [0, 3, 5]
    """
    return [0, *(match.end() for match in LINE_END.finditer(text))]
