"""Cases as text files: what a source becomes under each target, and what is said about it.

A case file starts with a line that says what it shows and an optional ``options:`` line. Then come
sections: ``### before``, and for one or several targets ``### wandb, compat`` with the findings as
``# 3:1 WKM101 message`` lines, ``###`` and the source after (``=`` when it is unchanged).

To add a case write its title and ``### before``, run the tests with RECORD_CASES=1 in the
environment, and review what was recorded.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wandb_keras_codemods import Migration, migrate
from wandb_keras_codemods.find.project import Project

FOLDER = Path(__file__).parent / "cases"
TARGETS = ("wandb", "compat", "shim")


@dataclass(frozen=True)
class Outcome:
    """What one target gives."""

    code: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One case file."""

    title: str
    options: dict[str, Any]
    before: str
    outcomes: dict[str, Outcome]


def run(case: Case, target: str) -> Migration:
    """Migrate a case as the only file of a run; with ``alone``, as a file others may read."""
    return migrate(case.before, target, **arguments(case))


def arguments(case: Case) -> dict[str, Any]:
    options = dict(case.options)
    if options.pop("alone", False):
        return options
    name = options.get("filename", "<string>")
    return {**options, "project": Project.of({name: case.before.encode()})}


def outcome(migration: Migration) -> Outcome:
    said = [f"{f.line}:{f.column} {f.code} {f.message}" for f in migration.findings]
    return Outcome(migration.code, tuple(said))


def load(path: Path) -> Case:
    head, *sections = path.read_text(encoding="utf-8").split("\n### ")
    title, *option_lines = head.split("\n")
    options: dict[str, Any] = {}
    for line in option_lines:
        if line.startswith("options:"):
            options = ast.literal_eval(line[len("options:") :].strip())
    name, _, before = sections[0].partition("\n")
    assert name == "before", path
    outcomes = {}
    for section in sections[1:]:
        names, _, body = section.partition("\n")
        said, _, code = body.partition("###\n")
        findings = tuple(line[2:] for line in said.split("\n") if line)
        after = before if code.strip() == "=" else code.removesuffix("\n")
        for target in names.split(", "):
            outcomes[target] = Outcome(after, findings)
    return Case(title, options, before, outcomes)


def save(path: Path, case: Case) -> None:
    """Record what the migration gives now; review the difference before you commit it."""
    grouped: dict[Outcome, list[str]] = {}
    for target in TARGETS:
        grouped.setdefault(outcome(run(case, target)), []).append(target)
    text = case.title + "\n"
    if case.options:
        text += f"options: {case.options!r}\n"
    text += f"\n### before\n{case.before}"
    for result, targets in grouped.items():
        said = "".join(f"# {finding}\n" for finding in result.findings)
        code = "=\n" if result.code == case.before else result.code + "\n"
        text += f"\n### {', '.join(targets)}\n{said}###\n{code}"
    path.write_bytes(text.encode("utf-8"))
