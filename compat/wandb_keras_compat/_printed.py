"""Text that is safe to print, whatever people or logs have put into it."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

# Categories of characters that a terminal acts on, or that change what others look like: controls,
# formats (bidirectional marks), halves of pairs, separators of lines and paragraphs.
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def safe(text: object) -> str:
    r"""Return a text in one line, with what is not plain text in it written as an escape.

    Example:
        >>> print(safe("loss\x1b[31m\n"))
        loss\x1b[31m\n
    """
    text = str(text)
    if text.isprintable():
        return text
    return "".join(
        c.encode("unicode_escape").decode() if unicodedata.category(c) in _UNSAFE else c
        for c in text
    )


def coloured(stream: TextIO) -> bool:
    """Tell whether a stream is to be coloured: a terminal, unless NO_COLOR or FORCE_COLOR say else.

    Args:
        stream: Where text goes.
    """
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def say(text: str, stream: TextIO | None = None) -> None:
    """Print a text; what the stream cannot encode is written as an escape.

    Args:
        text: What to print.
        stream: Where to; by default the process's output.
    """
    stream = sys.stdout if stream is None else stream
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)


def counted(number: int, noun: str) -> str:
    """Return a number with what it counts.

    Example:
        >>> counted(1, "row"), counted(1200, "summary key"), counted(0, "file")
        ('1 row', '1,200 summary keys', '0 files')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"
