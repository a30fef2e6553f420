"""Migrated scripts run, and record what the unmigrated ones record under the shim."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

import zygote
from wandb_keras_codemods import migrate
from wandb_keras_codemods.find.project import Project
from wandb_keras_compat.compare import ABSENT, compare
from wandb_keras_compat.recording import read

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
# The target wandb is upstream's trio, which needs TensorFlow.
TENSORFLOW = importlib.util.find_spec("tensorflow") is not None


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a script, unmigrated or migrated to a target, and return what it recorded."""

    @lru_cache(maxsize=None)
    def record(path, target):
        folder = tmp_path_factory.mktemp(f"{path.stem}-{target}")
        script = folder / path.name
        source = path.read_text(encoding="utf-8")
        if target != "unmigrated":
            alone = Project.of({path.name: source.encode()})  # nobody else reads its names
            migration = migrate(source, target, filename=path.name, project=alone)
            assert migration.changed
            source = migration.code
        script.write_text(source, encoding="utf-8")
        launcher = ["-m", "wandb_keras_compat", "run", "--ours"] if target == "unmigrated" else []
        done = zygote.python(*launcher, script, folder=folder)
        assert done.returncode == 0, done.stderr[-3000:]
        return read(folder)

    return record


@pytest.mark.skipif(TENSORFLOW, reason="run in the row without TensorFlow, once is enough")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("target", ["shim", "compat"])
def test_nothing_changes(run, path, target):
    before, after = run(path, "unmigrated"), run(path, target)
    assert before.history
    assert compare(before, after, tolerance=1e-5) == []


METRICS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")
RENAMED = {metric: f"epoch/{metric}" for metric in METRICS}
# What upstream's trio does not log, and what it adds; docs/arguments.md says so.
LOST = re.compile(r"(parameters/|gradients/|examples|validation_predictions|lr|learning_rate).*")
ADDED = re.compile(r"epoch/(lr|learning_rate)")


def rows_of_epochs(recording):
    rows = [row for row in recording.history if {"epoch", "epoch/epoch"} & set(row.values)]
    return replace(recording, history=tuple(rows))


@pytest.mark.skipif(not TENSORFLOW, reason="upstream's trio needs TensorFlow")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_metrics_move_under_epoch(run, path):
    before, after = map(rows_of_epochs, (run(path, "unmigrated"), run(path, "wandb")))
    assert len(before.history) == 3
    found = compare(before, after, rename=RENAMED, tolerance=1e-5)
    history = [difference for difference in found if difference.where == "history"]
    known = [d for d in history if (LOST if d.b == ABSENT else ADDED).fullmatch(d.key)]
    assert history == known
