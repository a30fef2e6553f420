"""Which runs of a project have the old names, the new ones, or both: told of a sample."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Callable

from .copies import PREFIX
from .names import RENAMED, Names
from .server import Project

SAMPLE = 100  # runs from each end of a project's list
_PAGE = 50


@dataclass
class Runs:
    """What was seen of a project's runs.

    Args:
        total: How many there are.
        looked_at: How many were looked at.
        old: Those of them that have old names alone.
        both: Those that have both.
        new: Those that have new names alone.
        last_old: When the newest with old names was created, as the server writes it.
        metrics: Names that some runs have as they are, and some behind ``epoch/``.
    """

    total: int = 0
    looked_at: int = 0
    old: int = 0
    both: int = 0
    new: int = 0
    last_old: str = ""
    metrics: list[str] = field(default_factory=list)

    def told(self) -> str:
        """Say it in one sentence.

        Example:
            >>> Runs(total=3, looked_at=3, old=2, new=1, last_old="2026-01-01T00:00:00Z").told()
            'Runs: 2 have old names, 1 new ones, 0 both (3 of 3 looked at). The newest with old \
names is of 2026-01-01.'
        """
        if not self.total:
            return "There are no runs."
        sample = f"{self.looked_at:,} of {self.total:,} looked at"
        if self.looked_at < self.total:
            sample += ", the oldest and the newest"
        said = f"Runs: {self.old:,} have old names, {self.new:,} new ones, {self.both:,} both"
        last = f" The newest with old names is of {self.last_old[:10]}." if self.last_old else ""
        return f"{said} ({sample}).{last}"


def look_at_runs(
    project: Project,
    names: Names,
    sample: int = SAMPLE,
    going_to: Callable[[int], object] = lambda total: None,
    done: Callable[[], object] = lambda: None,
) -> Runs:
    """Look at a sample of a project's runs.

    Args:
        project: The project.
        names: Which names change.
        sample: How many from each end of the list; all where there are not more than both.
        going_to: Is told how many runs there will be.
        done: Is called after each run.

    Raises:
        Unreachable: There is no such project, or the server does not answer.
    """
    seen: dict[str, Any] = {}
    runs = Runs()
    for order in ("-created_at", "+created_at"):
        runs.total, found = project.runs(order, _PAGE)
        wanted = min(runs.total, 2 * sample)
        if not seen:
            going_to(wanted)
        for run in islice(found, min(sample, wanted - len(seen))):
            seen[run.id] = run
            done()
    keys: set[str] = set()
    for run in seen.values():
        summary = [key for key in run.summary_metrics if isinstance(key, str)]
        keys.update(summary)
        _count(runs, names, summary, str(run.created_at or ""))
    behind = (key[len(PREFIX) :] for key in keys if key.startswith(PREFIX))
    runs.metrics = sorted(key for key in behind if key in keys)
    return runs


def _count(runs: Runs, names: Names, summary: list[str], created: str) -> None:
    found = map(names.renaming, summary)
    old = any(renaming is not None and renaming.state == RENAMED for renaming in found)
    new = any(key.startswith(PREFIX) for key in summary)
    runs.looked_at += 1
    runs.both += old and new
    runs.old += old and not new
    runs.new += new and not old
    if old:
        runs.last_old = max(runs.last_old, created)
