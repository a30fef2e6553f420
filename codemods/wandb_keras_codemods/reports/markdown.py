"""The Markdown report, for pull requests."""

from __future__ import annotations

import re

from wandb_keras_codemods.files.outcome import LEFT, Outcome
from wandb_keras_codemods.findings import CODES

from . import KIND_TITLES, Run

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def render(run: Run) -> str:
    """Return the report."""
    lines = ["# Migration of WandbCallback", "", f"Target `{run.target}`: {run.headline()}.", ""]
    lines += ["| File | Migrated | Changed | Lost | Left for you | State |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | --- |"]
    for outcome in run.outcomes:
        counts = [outcome.count(*kinds) for kinds in (("migrated",), ("changed",), ("lost",), LEFT)]
        cells = " | ".join(str(count) if count else "" for count in counts)
        lines.append(f"| {_text(outcome.path)} | {cells} | {outcome.state} |")
    for kind, title in KIND_TITLES.items():
        if kind != "migrated" and run.count(kind):
            lines += ["", f"## {title}", ""]
            lines += [line for outcome in run.outcomes for line in _findings(outcome, kind)]
    shown = [outcome for outcome in run.outcomes if outcome.before != outcome.after]
    if shown:
        lines += ["", "## Diff"]
    for outcome in shown:
        diff = "\n".join(outcome.diff())
        ticks = max(map(len, re.findall(r"`+", diff)), default=0)
        fence = "`" * max(3, ticks + 1)
        lines += ["", f"### {_text(outcome.path)}", "", f"{fence}diff", diff, fence]
    return "\n".join(lines) + "\n"


def _findings(outcome: Outcome, kind: str) -> list[str]:
    found = []
    for finding in outcome.findings:
        if finding.kind == kind:
            cell = "" if finding.cell is None else f", cell {finding.cell}"
            place = f"{_text(outcome.path)}{cell}, line {finding.line}"
            said = ". ".join(
                _text(part.rstrip(".")) for part in (finding.message, finding.suggestion) if part
            )
            found.append(
                f"- **{finding.code}** {_text(CODES[finding.code].title)}, {place}: {said}."
            )
    return found


def _text(text: str) -> str:
    """Escape a text, so that it is nothing but text."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
