"""Programs of every kind that once behaved otherwise after their migration.

Those that are written by hand run for both targets that rewrite, a single file for one of them
as all there is: then its public names are nobody else's, and more of it is rewritten. Of those that
are products of lists a part runs, each for one target; ``DIFFERENTIAL_ALL`` runs all of them for
all targets, both ways.
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


def _chosen() -> list[tuple[str, Program, str, bool]]:
    chosen, number = [], 0
    for kind, program in ALL:
        if EVERY == 1:
            ways = (False, True) if program.alone else (False,)
            chosen += [(kind, program, target, tree) for target in TARGETS for tree in ways]
            continue
        number += 1
        tree = program.alone and number % 2 == 0
        if not program.product:
            chosen.append((kind, program, "compat", tree))
            chosen.append((kind, program, "wandb", program.alone and not tree))
        elif number % EVERY == 0:
            chosen.append((kind, program, ROUND[number // EVERY % len(ROUND)], tree))
    return chosen


ALL = _programs()
CHOSEN = _chosen()


@pytest.mark.parametrize(
    ("program", "target", "tree"),
    [
        pytest.param(program, target, tree, id=f"{kind}: {program.name}-{target}{'-tree' * tree}")
        for kind, program, target, tree in CHOSEN
    ],
)
def test_it_does_the_same(program, target, tree):
    check(program, target, tree=tree, again=seldom(program))


def test_there_are_programs_of_every_kind():
    assert len(KINDS) == 18
    assert len(ALL) >= 5000
    for kind in KINDS:
        assert sum(kind == other for other, _ in ALL) >= 100, kind
