"""Write what was found into files: JSON, SARIF, Markdown, HTML."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from typing import Sequence

from wandb_keras_codemods.files.outcome import FAILED, LEFT, PENDING, WRITTEN, Outcome
from wandb_keras_codemods.findings import Finding

FORMATS = {
    ".json": "json",
    ".sarif": "sarif",
    ".md": "markdown",
    ".html": "html",
}
KIND_TITLES = {
    "error": "Could not be processed",
    "manual": "Left for you",
    "metric": "Metric names",
    "requirement": "Requirements",
    "lost": "Lost",
    "changed": "Changed",
    "migrated": "Migrated",
}  # most urgent first


@dataclass(frozen=True)
class Run:
    """Everything one run found.

    Args:
        target: The target of the migration.
        wrote: Whether it was to write.
        outcomes: The files with something to say, in the order they were found.
        scanned: How many files were looked at.
        version: The version of the tool.
    """

    target: str
    wrote: bool
    outcomes: Sequence[Outcome]
    scanned: int
    version: str

    def count(self, *kinds: str) -> int:
        """Count the findings of some kinds."""
        return sum(outcome.count(*kinds) for outcome in self.outcomes)

    def files(self, *states: str) -> list[Outcome]:
        """Return the files in some states."""
        return [outcome for outcome in self.outcomes if outcome.state in states]

    @property
    def left(self) -> int:
        """How many findings wait for a human."""
        return self.count(*LEFT)

    def headline(self) -> str:
        """Say in one sentence how it stands."""
        changed, failed = self.files(PENDING, WRITTEN), self.files(FAILED)
        verb = "migrated" if self.wrote else "can be migrated"
        parts = [f"{_files(len(self.files(WRITTEN) if self.wrote else changed))} {verb}"]
        if self.left:
            parts.append(f"{self.left} finding{'s' * (self.left > 1)} left for you")
        if failed:
            parts.append(f"{_files(len(failed))} could not be processed")
        return f"{', '.join(parts)} ({self.scanned:,} looked at)"


def _files(number: int) -> str:
    return f"{number:,} file{'s' * (number != 1)}"


def where(outcome: Outcome, finding: Finding) -> str:
    """Return ``path:line:column``, with the cell for notebooks."""
    cell = "" if finding.cell is None else f":cell {finding.cell}"
    return f"{outcome.path}{cell}:{finding.line}:{finding.column}"


def render(run: Run, path: str) -> str:
    """Return a report's text.

    Args:
        run: What to report.
        path: Where it will be; its ending decides the format.

    Raises:
        KeyError: The ending is none of ``FORMATS``.
    """
    name = FORMATS[os.path.splitext(path)[1].lower()]
    module = importlib.import_module(f"{__name__}.{name}")
    text: str = module.render(run)
    return text
