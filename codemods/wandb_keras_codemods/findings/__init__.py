"""What is said: codes, findings, pragmas, explanations; and the cheap test for candidates."""

from __future__ import annotations

from .codes import CODES, KINDS, Code
from .finding import LEGACY_WORDS, Finding, Migration, ParseFailure, mentions

__all__ = [
    "CODES",
    "KINDS",
    "LEGACY_WORDS",
    "Code",
    "Finding",
    "Migration",
    "ParseFailure",
    "mentions",
]
