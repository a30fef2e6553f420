"""The notebooks that are migrated, and how they are run: each in a kernel of its own."""

from __future__ import annotations

import os
from pathlib import Path

import nbclient
import nbformat

from wandb_keras_codemods.files.outcome import Outcome
from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate
from wandb_keras_compat.recording import Recording, read

ROOT = Path(__file__).parents[2]
NOTEBOOKS = [
    ROOT / "examples" / "legacy_notebook.ipynb",
    *sorted((ROOT / "tests" / "codemods" / "files" / "notebooks").glob("*.ipynb")),
]
LOADS = "%load_ext wandb_keras_compat"  # makes legacy imports work; what is migrated has none


def execute(text: bytes, folder: Path, shim: bool = False) -> Recording:
    """Run a notebook and return what it recorded.

    Args:
        text: The notebook.
        folder: Where it runs and records.
        shim: Whether legacy imports are to work.
    """
    folder.mkdir()
    notebook = nbformat.reads(text.decode("utf-8"), as_version=4)
    nbformat.validate(notebook)
    notebook.cells = [cell for cell in notebook.cells if cell.source != LOADS]
    first = "import os; os.environ.update(WANDB_MODE='offline', WANDB_SILENT='true')\n"
    if shim:
        first += LOADS
    notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    notebook.cells.append(nbformat.v4.new_code_cell("wandb.teardown()"))
    os.environ["WANDB_DIR"] = str(folder)
    nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return read(folder)


def migrate(path: Path, target: str) -> Outcome:
    """Return what becomes of a notebook."""
    outcome = process(Candidate(str(path), "notebook", path.read_bytes()), Options(target))
    assert outcome.state == "pending"
    assert not outcome.count("error")
    return outcome
