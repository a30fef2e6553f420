"""Annotations for a GitHub workflow's log."""

from __future__ import annotations

from typing import Iterator

from wandb_keras_codemods.findings import CODES

from . import Run

_LEVELS = {"error": "error", "manual": "warning", "metric": "warning", "requirement": "warning"}
_TOLD = ("lost", "changed")


def lines(run: Run) -> Iterator[str]:
    """Yield a workflow command for each finding that needs a human, and one notice of the rest."""
    for outcome in run.outcomes:
        for finding, first, last in outcome.located():
            if finding.kind not in _LEVELS:
                continue
            place = {"file": outcome.path, "line": str(first), "endLine": str(last)}
            if finding.cell is None and first == last:
                place["col"] = str(finding.column)
                place["endColumn"] = str(finding.end_column)
            place["title"] = f"{finding.code} {CODES[finding.code].title}"
            properties = ",".join(f"{key}={_property(value)}" for key, value in place.items())
            level = _LEVELS[finding.kind]
            cell = "" if finding.cell is None else f"Cell {finding.cell}, line {finding.line}: "
            text = f"{cell}{finding.message}"
            if finding.suggestion:
                text += f"\n{finding.suggestion}"
            yield f"::{level} {properties}::{_data(text)}"
    said = [f"{run.headline()}."]
    said += [f"{one.code} {CODES[one.code].title}: {one.counted()}" for one in run.sums(*_TOLD)]
    yield f"::notice title=WandbCallback migration::{_data(chr(10).join(said))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
