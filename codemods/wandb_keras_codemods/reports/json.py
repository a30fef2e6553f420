"""The JSON report: everything, for programs."""

from __future__ import annotations

import json
from typing import Any

from wandb_keras_codemods.files.outcome import Outcome
from wandb_keras_codemods.findings import CODES, Finding

from . import KIND_TITLES, Run


def render(run: Run) -> str:
    """Return the report; its ``version`` changes when a field changes its meaning."""
    document = {
        "version": 1,
        "tool": {"name": "wandb-keras-migrate", "version": run.version},
        "target": run.target,
        "scanned": run.scanned,
        "totals": {kind: run.count(kind) for kind in KIND_TITLES},
        "calls": run.calls(),
        "left": run.left,
        "files": [_file(outcome) for outcome in run.outcomes],
    }
    if run.notes:
        document["notes"] = list(run.notes)
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _file(outcome: Outcome) -> dict[str, Any]:
    return {
        "path": outcome.path,
        "kind": outcome.kind,
        "state": outcome.state,
        "findings": [_finding(finding) for finding in outcome.findings],
        "diff": "\n".join(outcome.diff()),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "kind": finding.kind,
        "title": CODES[finding.code].title,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "cell": finding.cell,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
    }
