"""The sources of the recorded cases do the same after their migration, as far as they run.

Shim changes imports alone: a third of them runs for it, with ``DIFFERENTIAL_ALL`` all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from harness import TARGETS, check, runnable
from world import run

from programs import Program

sys.path.insert(0, str(Path(__file__).parents[1]))
from case_files import FOLDER, load


def _program(path: Path) -> Program:
    files = {"main.py": load(path).before}
    source = f"import wandb as _w\n_w.init()\n{files['main.py']}"
    if not files["main.py"].lstrip("\ufeff").startswith(("from __future__", '"""')):
        files = {"main.py": source}  # most of them leave the run to others
    program = Program(path.stem, files, unknown=True)
    done = run(runnable(program.files), program.main, unknown=True)
    return Program(path.stem, files, fails=done.error is not None, unknown=True)


# it reads a module that nothing in it imports, and fails; what takes its place is imported
FAILS_BEFORE_ALONE = "import_dotted_integration"
SHIM_EVERY = 1 if os.environ.get("DIFFERENTIAL_ALL") else 3
PROGRAMS = [
    _program(path) for path in sorted(FOLDER.glob("*.txt")) if path.stem != FAILS_BEFORE_ALONE
]


@pytest.mark.parametrize(
    ("program", "target"),
    [
        pytest.param(program, target, id=f"{program.name}-{target}")
        for number, program in enumerate(PROGRAMS)
        for target in TARGETS
        if target != "shim" or number % SHIM_EVERY == 0
    ],
)
def test_it_does_the_same(program, target):
    check(program, target, again=False)  # that the second time changes nothing test_cases shows


def test_most_of_them_run():
    failing = sorted(program.name for program in PROGRAMS if program.fails)
    assert 8 * len(failing) < len(PROGRAMS), failing
