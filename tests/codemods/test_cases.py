"""Every case file: the recorded answer, and what must hold for any answer."""

from __future__ import annotations

import io
import os
import tokenize
from collections import Counter
from typing import Collection

import libcst as cst
import pytest
from case_files import FOLDER, TARGETS, Case, arguments, load, outcome, run, save

from wandb_keras_codemods import CODES, Migration, migrate
from wandb_keras_codemods.find.module import Module

PATHS = sorted(FOLDER.glob("*.txt"))


def comments(source: str, without: Collection[int] = ()) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(
        token.string.rstrip()
        for token in tokens
        if token.type == tokenize.COMMENT and token.start[0] not in without
    )


def lost_comments(before: str, migration: Migration) -> Counter[str]:
    """Return the comments that are gone, but for those of an import that is: beside and above."""
    had, kept = comments(before, of_removed(before, migration)), comments(migration.code)
    gone = had - kept
    # of an argument that is gone the comment is kept with the argument's name
    named = Counter(text.partition(": ")[2] for text in (kept - had).elements())
    return Counter(text.lstrip("# ") for text in gone.elements()) - named


def of_removed(before: str, migration: Migration) -> set[int]:
    """Return the lines of imports that are gone, of what stands above them, and of a gap below."""
    gone = [f for f in migration.findings if f.code == "WKM207" or "left out" in f.message]
    removed = {line for f in gone for line in range(f.line, f.end_line + 1)}
    lines = before.splitlines()
    for line in sorted(removed):
        while line > 1 and lines[line - 2].lstrip()[:1] in ("", "#"):
            line -= 1
            removed.add(line)
    for line in sorted(removed):
        while line < len(lines) and not lines[line].strip():
            line += 1
            removed.add(line)
    return removed


def around_parentheses(before: str, migration: Migration) -> set[int]:
    """Return the lines of statements in which a construction stood in parentheses of its own."""
    module = Module(cst.parse_module(before.lstrip("\ufeff")))
    places = {(f.line, f.column) for f in migration.findings if f.code == "WKM101"}
    lines: set[int] = set()
    for call in module.all(cst.Call):
        start = module.position(call).start
        if call.lpar and (start.line, start.column + 1) in places:
            place = module.position(module.statement(call))
            lines.update(range(place.start.line - len(call.lpar), place.end.line + 1))
    return lines


def check_migration(before: str, migration: Migration, target: str, **options: object) -> None:
    """Assert what holds for every migration."""
    compile(migration.code.lstrip("\ufeff"), "<after>", "exec")
    again = migrate(migration.code, target, **options)  # type: ignore[arg-type]
    assert again.code == migration.code, "the second run changes something"
    assert not lost_comments(before, migration), "a comment is lost"
    touched = {n for f in migration.findings for n in range(f.line, f.end_line + 1)}
    touched |= around_parentheses(before, migration) | of_removed(before, migration)
    rest = iter(migration.code.splitlines(keepends=True))
    lines = before.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if number not in touched and number != len(lines):
            assert any(line == other for other in rest), f"line {number} is not as it was"
    assert all(finding.code in CODES for finding in migration.findings)
    assert list(migration.findings) == sorted(
        migration.findings, key=lambda f: (f.line, f.column, f.code, f.message)
    )


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_case(path):
    case = load(path)
    if os.environ.get("RECORD_CASES"):
        save(path, case)
        case = load(path)
    assert sorted(case.outcomes) == sorted(TARGETS)
    for target in TARGETS:
        migration = run(case, target)
        assert outcome(migration) == case.outcomes[target], target
        check_migration(case.before, migration, target, **arguments(case))


def test_there_are_enough_cases():
    cases = [load(path) for path in PATHS]
    assert len(cases) >= 120
    kept = [case for case in cases if not_migrated(case)]
    assert 3 * len(kept) >= len(cases)


def not_migrated(case: Case) -> bool:
    """Whether a case shows a refusal or that nothing is to be done."""
    said = " ".join(case.outcomes["wandb"].findings)
    return "WKM4" in said or "WKM101" not in said
