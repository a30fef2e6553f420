"""Say what was found: coded findings, the outcome of a migration, the cheap test for candidates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import AnyStr, Generic

from .codes import CODES, Code

__all__ = ["CODES", "Code", "Finding", "Migration", "ParseFailure", "mentions"]


@dataclass(frozen=True)
class Finding:
    """One thing to tell about one place of a source; lines and columns start at 1.

    Args:
        code: A key of ``CODES``.
        message: What stands there.
        suggestion: What to do about it; empty when nothing is.
        line: First line.
        column: First column, in characters.
        end_line: Last line.
        end_column: The column after the last character.
        cell: The notebook cell, or None outside notebooks.
    """

    code: str
    message: str
    suggestion: str
    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None

    @property
    def kind(self) -> str:
        """The kind of its code."""
        return CODES[self.code].kind


@dataclass(frozen=True)
class Migration(Generic[AnyStr]):
    """A migrated source and all that is to be said about it.

    Args:
        code: The new source; the old one when nothing changed.
        findings: In the order of their places.
        source: The old source.
    """

    code: AnyStr
    findings: tuple[Finding, ...]
    source: AnyStr = field(repr=False)

    @property
    def changed(self) -> bool:
        """Whether the code differs from its source."""
        return self.code != self.source


class ParseFailure(Exception):
    """The source is no Python that can be parsed; it is left as it is.

    Args:
        message: What the parser said.
        line: The line it stopped at, from 1.
        column: The column it stopped at, from 1.
    """

    code = "WKM901"

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


LEGACY_WORDS = re.compile(rb"Wand[bB](?:Keras)?Callback|wandb\.keras|wandb_keras(?!_)")


def mentions(data: bytes) -> bool:
    """Tell whether a file's bytes may use the legacy callbacks; False is certain.

    Args:
        data: The bytes of a Python file, notebook or Markdown file in an ASCII superset.

    Example:
        >>> mentions(b"from wandb.keras import WandbCallback")
        True
    """
    if b"wandb" in data:
        return LEGACY_WORDS.search(data) is not None
    return b".WandbCallback" in data or b".WandbKerasCallback" in data  # of what a file imports
