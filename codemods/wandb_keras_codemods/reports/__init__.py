"""Write what was found into files: JSON, SARIF, Markdown, HTML."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from typing import Sequence

from wandb_keras_codemods.files.outcome import (
    FAILED,
    LEFT,
    PENDING,
    SKIPPED,
    WRITTEN,
    Outcome,
)
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
CALL, IMPORT = "WKM101", "WKM102"


@dataclass(frozen=True)
class Subject:
    """What a run is about, in the words of its report.

    Args:
        title: Of the page.
        noun: One of the things that were looked at.
        codes: The codes of what is done there.
        done: What that is, as the heading of a column.
        work: What that is, in a sentence: one, many, and the verb, to which a d is put.
        becomes: What becomes of such a thing, before and after.
        none: Is said when nothing is found.
        hint: Is said when something would change.
    """

    title: str
    noun: str
    codes: tuple[str, ...]
    done: str
    work: tuple[str, str, str]
    becomes: tuple[str, str]
    none: str
    hint: str


CODE = Subject(
    title="WandbCallback migration",
    noun="file",
    codes=(CALL,),
    done="Calls migrated",
    work=("call", "calls", "migrate"),
    becomes=("would change", "changed"),
    none="No file uses the legacy callback.",
    hint="Nothing was written. Apply the migration with --write.",
)
TEXTS = ("WKM413", "WKM414", "WKM422")  # mentions, which come after what is code


def urgency(finding: Finding) -> int:
    """Return where a finding that is left stands: calls, names of metrics, bounds, mentions."""
    return len(LEFT) if finding.code in TEXTS else LEFT.index(finding.kind)


@dataclass(frozen=True)
class Sum:
    """One code, which is said once a run: how often and in which files.

    Args:
        code: The code.
        places: Its findings, each with its file.
        noun: What a file is called here.
    """

    code: str
    places: Sequence[tuple[Outcome, Finding]]
    noun: str = "file"

    @property
    def files(self) -> int:
        """How many files it is in."""
        return len({outcome.path for outcome, _ in self.places})

    def counted(self) -> str:
        """Say how often, for example ``"12 in 5 files"``, or where when it is once."""
        if len(self.places) == 1:
            return where(*self.places[0])
        return f"{len(self.places)} in {_things(self.files, self.noun)}"


@dataclass(frozen=True)
class Run:
    """Everything one run found.

    Args:
        target: The target of the migration.
        wrote: Whether it was to write.
        outcomes: The files with something to say, in the order they were found.
        scanned: How many files were looked at.
        version: The version of the tool; empty where no report tells it.
        subject: What it is about.
        notes: Sentences to begin the report with.
    """

    target: str
    wrote: bool
    outcomes: Sequence[Outcome]
    scanned: int
    version: str
    subject: Subject = CODE
    notes: Sequence[str] = ()

    def count(self, *kinds: str) -> int:
        """Count the findings of some kinds."""
        return sum(outcome.count(*kinds) for outcome in self.outcomes)

    def calls(self) -> int:
        """Count the calls that are migrated; moved imports are none."""
        return sum(outcome.codes(*self.subject.codes) for outcome in self.outcomes)

    def waiting(self) -> list[tuple[Outcome, Finding]]:
        """Return what is left for a human, the most urgent first."""
        found = [
            (outcome, finding)
            for outcome in self.outcomes
            for finding in outcome.findings
            if finding.kind in LEFT
        ]
        return sorted(found, key=lambda pair: urgency(pair[1]))

    def sums(self, *kinds: str) -> list[Sum]:
        """Return the codes of some kinds, each once."""
        places: dict[str, list[tuple[Outcome, Finding]]] = {}
        for outcome in self.outcomes:
            for finding in outcome.findings:
                if finding.kind in kinds:
                    places.setdefault(finding.code, []).append((outcome, finding))
        return [Sum(code, found, self.subject.noun) for code, found in sorted(places.items())]

    def files(self, *states: str) -> list[Outcome]:
        """Return the files in some states."""
        return [outcome for outcome in self.outcomes if outcome.state in states]

    @property
    def left(self) -> int:
        """How many findings wait for a human."""
        return self.count(*LEFT)

    def headline(self) -> str:
        """Say in one sentence how it stands."""
        done = bool(self.files(WRITTEN)) or (self.wrote and not self.files(SKIPPED))
        changed, failed = self.files(PENDING, WRITTEN, SKIPPED), self.files(FAILED)
        if done:
            changed = self.files(WRITTEN)
        calls = self.calls()
        one, many, verb = self.subject.work
        parts = [f"{calls:,} {one if calls == 1 else many} {'' if done else 'can be '}{verb}d"]
        if not calls:
            parts = []
        parts.append(f"{_things(len(changed), self.subject.noun)} {self.subject.becomes[done]}")
        if self.left:
            parts.append(f"{self.left} finding{'s' * (self.left > 1)} left for you")
        if failed:
            parts.append(f"{_things(len(failed), self.subject.noun)} could not be processed")
        return f"{', '.join(parts)} ({self.scanned:,} looked at)"


def _things(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


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
