"""Say what became of one file: its kind, its state, the old and the new text, the findings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Callable, Iterator

from wandb_keras_codemods.findings import Finding

from .differences import lines, unified

UNCHANGED, PENDING, WRITTEN, FAILED = "unchanged", "pending", "written", "failed"
SKIPPED = "skipped"  # it was to be written, and was not
CELL_HEAD = "# %% cell {}"  # the line before each cell of a notebook that a person reads
LEFT = ("manual", "metric", "requirement")  # kinds that wait for a human


@dataclass(frozen=True)
class Outcome:
    """One file that was looked at.

    Args:
        path: As it is shown: relative to the working directory where it lies below it.
        kind: ``"python"``, ``"notebook"``, ``"markdown"``, ``"yaml"``, ``"requirements"``,
            ``"commands"`` or ``"configuration"``.
        before: The old text as a person reads it; of a notebook, its code cells.
        after: The new text, likewise.
        findings: What is to be said, in the order of the places.
        state: ``"unchanged"``, ``"pending"``, ``"written"``, ``"skipped"`` or ``"failed"``.
        old: The file's bytes.
        new: The bytes it should have.
        places: Of a notebook, the line of the JSON text for each finding; else empty.
    """

    path: str
    kind: str
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    findings: tuple[Finding, ...] = ()
    state: str = UNCHANGED
    old: bytes = field(default=b"", repr=False)
    new: bytes = field(default=b"", repr=False)
    places: tuple[int, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the file's content should be another."""
        return self.old != self.new

    def with_state(self, state: str, *findings: Finding) -> Outcome:
        """Return the same outcome in another state, with findings put in front."""
        places = (*(1 for _ in findings), *self.places) if self.places else ()
        found = (*findings, *self.findings)
        return replace(self, state=state, findings=found, places=places)

    def only(self, kind: str) -> Outcome:
        """Return the same outcome with the findings of one kind."""
        return self._where(lambda finding: finding.kind == kind)

    def without(self, code: str) -> Outcome:
        """Return the same outcome without the findings of one code."""
        if not self.codes(code):
            return self
        return self._where(lambda finding: finding.code != code)

    def without_kind(self, kind: str) -> Outcome:
        """Return the same outcome without the findings of one kind."""
        return self._where(lambda finding: finding.kind != kind) if self.count(kind) else self

    def _where(self, wanted: Callable[[Finding], bool]) -> Outcome:
        kept = [index for index, finding in enumerate(self.findings) if wanted(finding)]
        return replace(
            self,
            findings=tuple(self.findings[index] for index in kept),
            places=tuple(self.places[index] for index in kept) if self.places else (),
        )

    def located(self) -> Iterator[tuple[Finding, int, int]]:
        """Yield the findings with first and last line in the file itself."""
        for index, finding in enumerate(self.findings):
            if self.places:
                yield finding, self.places[index], self.places[index]
            else:
                yield finding, finding.line, finding.end_line

    def lines(self, finding: Finding) -> list[str]:
        """Return the old lines that a finding is about; none if they are not shown to people."""
        shown = lines(self.before)
        first = finding.line - 1
        if finding.cell is not None:
            head = CELL_HEAD.format(finding.cell)
            first += shown.index(head) + 1 if head in shown else len(shown)
        return shown[first : first + 1 + finding.end_line - finding.line]

    def codes(self, *codes: str) -> int:
        """Count the findings of some codes."""
        return sum(finding.code in codes for finding in self.findings)

    def count(self, *kinds: str) -> int:
        """Count the findings of some kinds."""
        return sum(finding.kind in kinds for finding in self.findings)

    def diff(self, context: int = 3) -> list[str]:
        """Return the unified diff, a line each without its line ending."""
        if self.before == self.after:
            return []
        shown = self.path.lstrip("/").encode("unicode_escape").decode("ascii")
        return list(unified(self.before, self.after, (f"a/{shown}", f"b/{shown}"), context))


def failure(path: str, kind: str, code: str, message: str, suggestion: str = "") -> Outcome:
    """Make the outcome of a file that could not be processed and is left as it is."""
    finding = Finding(code, message, suggestion, 1, 1, 1, 1)
    return Outcome(path, kind, findings=(finding,), state=FAILED)
