"""The SARIF 2.1.0 report, for code scanning."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Iterator
from urllib.parse import quote

from wandb_keras_codemods.files.outcome import Outcome
from wandb_keras_codemods.findings import CODES, Finding

from . import Run

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {
    "error": "error",
    "manual": "warning",
    "metric": "warning",
    "lost": "warning",
    "requirement": "note",
    "changed": "note",
    "migrated": "note",
}


def render(run: Run) -> str:
    """Return the report."""
    used = sorted({f.code for outcome in run.outcomes for f in outcome.findings})
    driver = {
        "name": "wandb-keras-migrate",
        "version": run.version,
        "rules": [_rule(code) for code in used],
    }
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "working directory"}}},
                "invocations": [{"executionSuccessful": not run.files("failed")}],
                "results": [
                    result for outcome in run.outcomes for result in _results(outcome, used)
                ],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _rule(name: str) -> dict[str, Any]:
    code = CODES[name]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in code.title.replace(".", " ").split()),
        "shortDescription": {"text": f"{code.title[:1].upper()}{code.title[1:]}."},
        "fullDescription": {"text": code.explanation},
        "defaultConfiguration": {"level": _LEVELS[code.kind]},
        "properties": {"tags": ["wandb", "keras", code.kind]},
    }


def _results(outcome: Outcome, rules: list[str]) -> Iterator[dict[str, Any]]:
    seen: dict[str, int] = {}
    for finding, first, last in outcome.located():
        message = f"{finding.message}. {finding.suggestion}".strip(" .") + "."
        if finding.cell is not None:
            message = f"Cell {finding.cell}, line {finding.line}: {message}"
        identity = f"{outcome.path}\0{finding.code}\0{finding.message}"
        seen[identity] = seen.get(identity, 0) + 1
        digest = hashlib.sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "replace"))
        yield {
            "ruleId": finding.code,
            "ruleIndex": rules.index(finding.code),
            "level": _LEVELS[finding.kind],
            "message": {"text": message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": _artifact(outcome.path),
                        "region": _region(finding, first, last),
                    }
                }
            ],
            "partialFingerprints": {"findingHash/v1": digest.hexdigest()[:32]},
        }


def _region(finding: Finding, first: int, last: int) -> dict[str, int]:
    if finding.cell is not None:
        return {"startLine": first}
    region = {"startLine": first, "startColumn": finding.column, "endLine": last}
    if (last, finding.end_column) > (first, finding.column):
        region["endColumn"] = finding.end_column
    return region


def _artifact(path: str) -> dict[str, str]:
    uri = quote(path.replace(os.sep, "/").encode("utf-8", "surrogateescape"))
    if os.path.isabs(path):
        return {"uri": f"file://{uri}" if uri.startswith("/") else f"file:///{uri}"}
    return {"uri": uri, "uriBaseId": "SRCROOT"} if not uri.startswith("../") else {"uri": uri}
