"""Migrated notebooks run, and record what the unmigrated ones record."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from notebooks import NOTEBOOKS, execute, migrate

from wandb_keras_compat.compare import compare
from wandb_keras_compat.recording import Recording

TENSORFLOW = importlib.util.find_spec("tensorflow") is not None


@pytest.fixture(scope="module")
def legacy(tmp_path_factory):
    recordings: dict[Path, Recording] = {}

    def get(path: Path) -> Recording:
        if path not in recordings:
            folder = tmp_path_factory.mktemp(path.stem) / "legacy"
            recordings[path] = execute(path.read_bytes(), folder, shim=True)
        return recordings[path]

    return get


@pytest.mark.skipif(TENSORFLOW, reason="run in the row without TensorFlow, once is enough")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("target", ["shim", "compat"])
def test_the_same_is_recorded(path, target, legacy, tmp_path):
    recording = execute(migrate(path, target).new, tmp_path / target)
    assert len(recording.history) > 0
    assert compare(legacy(path), recording, tolerance=1e-4) == []


@pytest.mark.skipif(not TENSORFLOW, reason="wandb.integration.keras imports TensorFlow")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_official_trio_records_the_metrics_under_its_names(path, legacy, tmp_path):
    recording = execute(migrate(path, "wandb").new, tmp_path / "wandb")
    before = legacy(path)
    for key in ("loss", "accuracy"):
        after = recording.column(f"epoch/{key}")
        assert after
        assert after == pytest.approx(before.column(key), rel=1e-4)
