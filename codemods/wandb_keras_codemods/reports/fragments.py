"""Pieces of HTML that the parts of the page share: text, links to codes and files, numbers."""

from __future__ import annotations

from html import escape

from wandb_keras_codemods.files.outcome import Outcome
from wandb_keras_codemods.findings import CODES, Finding

# kind -> what one of them is called, and several
NOUNS = {
    "error": ("file not processed", "files not processed"),
    "manual": ("place left as it is", "places left as they are"),
    "metric": ("metric name", "metric names"),
    "requirement": ("requirement", "requirements"),
    "lost": ("loss", "losses"),
    "changed": ("change", "changes"),
    "migrated": ("place migrated", "places migrated"),
}  # most urgent first


def plain(value: str) -> str:
    """Return a text that is nothing but text, with what does not print written as an escape."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return escape(shown)


def code_link(code: str) -> str:
    """Return a code as a link to what it means."""
    return f'<a class="code {CODES[code].kind}" href="#{code}">{code}</a>'


def code_tag(code: str) -> str:
    """Return a code that is no link: where it is explained, and in what unfolds when clicked."""
    return f'<span class="code {CODES[code].kind}">{code}</span>'


def place_link(outcome: Outcome, finding: Finding, anchor: str) -> str:
    """Return the place of a finding as a link to its file."""
    cell = "" if finding.cell is None else f", cell {finding.cell}"
    return f'<a class="place" href="#{anchor}">{plain(outcome.path)}{cell}, line {finding.line}</a>'


def agreeing(count: int, one: str, several: str) -> str:
    """Return the noun that agrees with a number."""
    return one if count == 1 else several
