"""Every case file: the recorded answer, and what must hold for any answer."""

from __future__ import annotations

import io
import os
import tokenize
from collections import Counter

import pytest
from case_files import FOLDER, TARGETS, Case, load, outcome, run, save

from wandb_keras_codemods import CODES, Migration, migrate

PATHS = sorted(FOLDER.glob("*.txt"))


def comments(source: str) -> Counter[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def check_migration(before: str, migration: Migration, target: str, **options: object) -> None:
    """Assert what holds for every migration."""
    compile(migration.code.lstrip("\ufeff"), "<after>", "exec")
    again = migrate(migration.code, target, **options)  # type: ignore[arg-type]
    assert again.code == migration.code, "the second run changes something"
    kept = Counter({text.rstrip(): n for text, n in comments(migration.code).items()})
    had = Counter({text.rstrip(): n for text, n in comments(before).items()})
    assert not had - kept, "a comment is lost"
    touched = {n for f in migration.findings for n in range(f.line, f.end_line + 1)}
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
        check_migration(case.before, migration, target, **case.options)


def test_there_are_enough_cases():
    cases = [load(path) for path in PATHS]
    assert len(cases) >= 120
    kept = [case for case in cases if not_migrated(case)]
    assert 3 * len(kept) >= len(cases)


def not_migrated(case: Case) -> bool:
    """Whether a case shows a refusal or that nothing is to be done."""
    said = " ".join(case.outcomes["wandb"].findings)
    return "WKM4" in said or "WKM101" not in said
