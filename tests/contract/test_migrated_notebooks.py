"""Migrated notebooks run, and record what the unmigrated ones record."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import nbclient
import nbformat
import pytest

from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate
from wandb_keras_compat.compare import compare
from wandb_keras_compat.recording import Recording, read

NOTEBOOKS = sorted((Path(__file__).parents[1] / "codemods" / "files" / "notebooks").glob("*.ipynb"))
TENSORFLOW = importlib.util.find_spec("tensorflow") is not None


def execute(text: bytes, folder: Path, shim: bool = False) -> Recording:
    """Run a notebook in a kernel of its own and return what it recorded."""
    folder.mkdir()
    notebook = nbformat.reads(text.decode("utf-8"), as_version=4)
    nbformat.validate(notebook)
    first = "import os; os.environ.update(WANDB_MODE='offline', WANDB_SILENT='true')\n"
    if shim:
        first += "from wandb_keras_compat import shim; shim.install()"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    notebook.cells.append(nbformat.v4.new_code_cell("wandb.teardown()"))
    os.environ["WANDB_DIR"] = str(folder)
    nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return read(folder)


@pytest.fixture(scope="module")
def legacy(tmp_path_factory):
    recordings: dict[Path, Recording] = {}

    def get(path: Path) -> Recording:
        if path not in recordings:
            folder = tmp_path_factory.mktemp(path.stem) / "legacy"
            recordings[path] = execute(path.read_bytes(), folder, shim=True)
        return recordings[path]

    return get


def migrated(path: Path, target: str) -> bytes:
    outcome = process(Candidate(str(path), "notebook", path.read_bytes()), Options(target))
    assert outcome.state == "pending"
    assert not outcome.count("error")
    return outcome.new


@pytest.mark.skipif(TENSORFLOW, reason="run in the row without TensorFlow, once is enough")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("target", ["shim", "compat"])
def test_the_same_is_recorded(path, target, legacy, tmp_path):
    recording = execute(migrated(path, target), tmp_path / target)
    assert len(recording.history) > 0
    assert compare(legacy(path), recording, tolerance=1e-4) == []


@pytest.mark.skipif(not TENSORFLOW, reason="wandb.integration.keras imports TensorFlow")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_official_trio_records_the_metrics_under_its_names(path, legacy, tmp_path):
    recording = execute(migrated(path, "wandb"), tmp_path / "wandb")
    before = legacy(path)
    for key in ("loss", "accuracy"):
        after = recording.column(f"epoch/{key}")
        assert after
        assert after == pytest.approx(before.column(key), rel=1e-4)
