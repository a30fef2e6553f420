"""Programs of every kind that once behaved otherwise after their migration.

Those that are written by hand run for both targets that rewrite. Of those that are products of
lists a part runs, each for one target; ``DIFFERENTIAL_ALL`` runs all of them for all targets.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import pytest
from harness import TARGETS, check, seldom

from programs import Program, unique

KINDS = sorted(path.stem for path in (Path(__file__).parent / "kinds").glob("k*.py"))
EVERY = 1 if os.environ.get("DIFFERENTIAL_ALL") else 9
# shim changes imports alone: it needs less
ROUND = ("compat", "wandb", "compat", "wandb", "shim")


def _programs() -> list[tuple[str, Program]]:
    found = []
    for kind in KINDS:
        programs = unique(importlib.import_module(f"kinds.{kind}").PROGRAMS)
        found += [(kind, program) for program in programs]
    return found


def _chosen() -> list[tuple[str, Program, str]]:
    chosen, number = [], 0
    for kind, program in ALL:
        if EVERY == 1:
            chosen += [(kind, program, target) for target in TARGETS]
        elif program.product:
            number += 1
            if number % EVERY == 0:
                chosen.append((kind, program, ROUND[number // EVERY % len(ROUND)]))
        else:
            chosen += [(kind, program, target) for target in ("compat", "wandb")]
    return chosen


ALL = _programs()
CHOSEN = _chosen()


@pytest.mark.parametrize(
    ("program", "target"),
    [
        pytest.param(program, target, id=f"{kind}: {program.name}-{target}")
        for kind, program, target in CHOSEN
    ],
)
def test_it_does_the_same(program, target):
    check(program, target, again=seldom(program))


def test_there_are_programs_of_every_kind():
    assert len(KINDS) == 18
    assert len(ALL) >= 5000
    for kind in KINDS:
        assert sum(kind == other for other, _ in ALL) >= 100, kind
