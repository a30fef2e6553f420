"""Target wandb: what a migrated program records differs by what the report announced, no less, no more.

Runs where W&B's own callbacks do. Each difference between the legacy run and the migrated one has to
be announced by a code, and each code that announces one has to show in the recordings.
"""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

import notebooks
import pytest

import zygote
from wandb_keras_codemods import migrate
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.findings import Finding
from wandb_keras_compat.compare import ABSENT, compare
from wandb_keras_compat.recording import Recording, read

ROOT = Path(__file__).parents[2]
if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("W&B's own trio needs TensorFlow", allow_module_level=True)
ALL = [
    ROOT / "examples" / "legacy_mlp.py",
    *sorted((Path(__file__).parent / "scripts").glob("*.py")),
    *notebooks.NOTEBOOKS,
]
# what has to pass before a change lands takes a script with a table; the workflow takes all
SHORT = {"table"} if int(os.environ.get("GRID_EVERY", "1")) > 1 else set()
PROGRAMS = [path for path in ALL if path.stem in SHORT or not SHORT]

# code -> what it says of the recordings: the keys that go, and those that come
GONE = {
    "WKM201": r"history/(epoch|loss|accuracy|val_loss|val_accuracy|lr|learning_rate)",
    "WKM213": r"history/(loss|accuracy|epoch)",
    "WKM202": r"(files|artifacts|artifact)/.*model.*",
    "WKM210": r"(history/validation_predictions|(files|artifacts)/.*(validation|media).*)",
    "WKM301": r"history/parameters/.*",
    "WKM302": r"history/gradients/.*",
    "WKM303": r"(summary/graph.*|files/media/graph/.*)",
    "WKM304": r"summary/GFLOPs",
    "WKM305": r"summary/(best_|top_).*",
    "WKM306": r"(history/examples|files/media/images/.*)",
}
COME = {
    "WKM201": r"history/epoch/(epoch|loss|accuracy|val_loss|val_accuracy|lr|learning_rate)",
    "WKM213": r"history/batch/.*",
    "WKM202": r"artifacts/run_<RUN_ID>_model",
    "WKM210": r"artifacts/(val|run_<RUN_ID>_pred|run-<RUN_ID>-.*)",
}


class Program(NamedTuple):
    """A script or notebook, what becomes of it, and what both recorded."""

    source: str
    findings: Sequence[Finding]
    before: Recording
    after: Recording

    @property
    def codes(self) -> set[str]:
        return {finding.code for finding in self.findings}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Run a program, unmigrated with our callbacks and migrated to W&B's; each once."""
    made: dict[Path, Program] = {}

    def run(path: Path) -> Program:
        if path not in made:
            folder = tmp_path_factory.mktemp(path.stem)
            made[path] = (notebook if path.suffix == ".ipynb" else script)(path, folder)
        return made[path]

    return run


def script(path: Path, folder: Path) -> Program:
    source = path.read_text(encoding="utf-8")
    alone = Project.of({path.name: source.encode()})
    migration = migrate(source, "wandb", filename=path.name, project=alone)
    assert migration.changed
    before = record(source, folder / "before", "-m", "wandb_keras_compat", "run", "--ours")
    return Program(source, migration.findings, before, record(migration.code, folder / "after"))


def record(source: str, folder: Path, *launcher: str) -> Recording:
    folder.mkdir()
    (folder / "train.py").write_text(source, encoding="utf-8")
    done = zygote.python(*launcher, folder / "train.py", folder=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return read(folder)


def notebook(path: Path, folder: Path) -> Program:
    outcome = notebooks.migrate(path, "wandb")
    before = notebooks.execute(outcome.old, folder / "before", shim=True)
    after = notebooks.execute(outcome.new, folder / "after")
    return Program(outcome.before, outcome.findings, before, after)


def places(recording: Recording) -> Iterator[str]:
    """Yield what a run recorded: keys of the history and the summary, artifacts."""
    keys = {key for row in recording.history for key in row.values}
    yield from (f"history/{key}" for key in keys if not key.startswith("_"))
    # the summary repeats the last row
    yield from (f"summary/{key}" for key in recording.summary if key not in keys and key[0] != "_")
    yield from (f"artifacts/{artifact.name}" for artifact in recording.artifacts)


def announced(table: dict[str, str], codes: set[str], place: str) -> set[str]:
    return {code for code in codes if code in table and re.fullmatch(table[code], place)}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_recordings_differ_by_what_was_announced(recorded, path):
    program = recorded(path)
    codes = program.codes
    old, new = set(places(program.before)), set(places(program.after))
    shown: set[str] = set()
    for table, found in ((GONE, old - new), (COME, new - old)):
        for place in sorted(found):
            why = announced(table, codes, place)
            assert why, f"{place} was not announced by {sorted(codes)}"
            shown |= why
    silent = {code for code in codes & (GONE.keys() | COME.keys()) if code not in shown}
    if not any(place.startswith("history/val_") for place in old):
        silent.discard("WKM305")  # without validation there never was a best value of what it gives
    # a key that stays elsewhere in the run cannot go: refused calls go on recording
    refused = any(finding.kind == "manual" for finding in program.findings)
    assert not silent or refused, f"{sorted(silent)} announced what the recordings do not show"


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_the_metrics_are_the_same_under_their_new_names(recorded, path):
    program = recorded(path)
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    rename = {name: f"epoch/{name}" for name in names}
    found = compare(program.before, program.after, rename=rename, tolerance=1e-5)
    wrong = [
        d for d in found if d.where == "history" and d.key in rename.values() and d.b != ABSENT
    ]
    assert not wrong or "log_batch_frequency" in program.source, wrong
