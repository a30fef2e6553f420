"""The examples run as they stand, and record what they say; README's error messages are the real ones."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import wandb_keras_compat
import zygote
from wandb_keras_compat.recording import read

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
METRICS = {"accuracy", "loss", "val_accuracy", "val_loss"}
TRIO = {f"epoch/{name}" for name in METRICS | {"epoch", "learning_rate"}}

FOUND = wandb_keras_compat.detect()
pytestmark = pytest.mark.skipif(FOUND.callbacks_on is None, reason="there is no Keras here")
pytest.importorskip("sklearn", reason="the examples' data is scikit-learn's")


def python(folder, *arguments):
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    settings = {"WANDB_DIR": str(folder), "WANDB_MODE": "offline", "WANDB_SILENT": "true"}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **settings, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def record(tmp_path):
    """Run an example as ``python EXAMPLE`` and return what it recorded."""

    def run(name):
        done = zygote.python(EXAMPLES / name, folder=tmp_path)
        assert done.returncode == 0, done.stderr[-3000:]
        return read(tmp_path)

    return run


def test_migrated_to_compat(record):
    recording = record("migrated_compat.py")
    assert set(recording.keys()) == {*METRICS, "epoch"}
    assert len(recording.history) == 3
    assert {"best_epoch", "best_val_loss", "graph"} <= set(recording.summary)
    assert "model-best.h5" in {file.path for file in recording.files}
    assert {artifact.name for artifact in recording.artifacts} == {"model-mlp"}  # not model-None


def test_migrated_to_wandb(record, request):
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip("wandb.integration.keras imports TensorFlow")
    why = ""
    if FOUND.callbacks_on.flavour == "keras 3" and FOUND.wandb.version.startswith("0.17."):
        why = "wandb 0.17's own WandbModelCheckpoint gives Keras 3 options it does not take"
    elif FOUND.callbacks_on.version.startswith(("2.13.", "2.14.")):
        why = "the ModelCheckpoint of Keras 2.13 and 2.14 saves no best model as .keras"
    if why:
        request.applymarker(pytest.mark.xfail(reason=why, raises=AssertionError, strict=True))
    recording = record("migrated_wandb.py")
    assert set(recording.keys()) == TRIO
    assert {artifact.name for artifact in recording.artifacts} == {"run_<RUN_ID>_model"}


def test_evaluation_table(record):
    recording = record("evaluation_table.py")
    assert set(recording.keys()) == TRIO
    names = [artifact.name for artifact in recording.artifacts]
    assert names == ["val", "run_<RUN_ID>_pred", "run_<RUN_ID>_pred"]
    pictures = [f.path for f in recording.artifacts[0].contents if f.path.endswith(".png")]
    assert len(pictures) == 25


def test_jax_without_tensorflow(record):
    if os.environ.get("KERAS_BACKEND") != "jax":
        pytest.skip("runs in the row of JAX")
    recording = record("jax_without_tensorflow.py")
    assert set(recording.keys()) >= {*TRIO, "batch/loss", "batch/batch_step"}
    assert {key for key in set(recording.keys()) if key.startswith("gradients/")} == {
        f"gradients/{layer}/{kind}.gradient"
        for layer in ("hidden", "digits")
        for kind in ("kernel", "bias")
    }
    assert any("best" in artifact.aliases for artifact in recording.artifacts)


def test_notebook(tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="one row has a kernel for notebooks")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    notebook = nbformat.read(EXAMPLES / "legacy_notebook.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("wandb.teardown()"))
    where = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    recording = read(tmp_path)
    weights = {
        f"parameters/{layer}.{kind}"
        for layer in ("hidden", "digits")
        for kind in ("weights", "bias")
    }
    assert set(recording.keys()) == {*METRICS, "epoch", *weights}
    assert "best_val_loss" in recording.summary


FAILING_IMPORTS = """
import traceback
for statement in [
    "from wandb.keras import WandbCallback",
    "from wandb.integration.keras import WandbCallback",
    "import wandb; wandb.keras.WandbCallback",
]:
    try:
        exec(statement)
    except Exception as error:
        print("SAID", traceback.format_exception_only(type(error), error)[-1], end="")
"""


def test_the_error_messages_in_the_readme_are_the_real_ones(tmp_path):
    if FOUND.wandb is None or FOUND.wandb.legacy_callback:
        pytest.skip("this wandb still has WandbCallback")
    if FOUND.tensorflow is None:
        pytest.skip("here the want of TensorFlow is what the messages name")
    done = python(tmp_path, "-c", FAILING_IMPORTS)
    said = re.findall(r"^SAID (.*?)(?: \(/.*\)|\. Did you mean.*)?$", done.stdout, re.MULTILINE)
    assert len(said) == 3
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(said) <= set(readme.split("```text\n")[1].split("```")[0].splitlines())


def words(text):
    """Return the words of a text; numbers that are not whole to three digits."""
    found = []
    for word in text.split():
        try:
            found.append(word if word.lstrip("-").isdigit() else f"{float(word):.3g}")
        except ValueError:
            found.append(word)
    return found


def test_the_outputs_in_the_readme_are_the_real_ones(tmp_path):
    keras, wandb = FOUND.callbacks_on, FOUND.wandb.version
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    here = (keras.version.rpartition(".")[0], wandb.rpartition(".")[0])
    if (
        here not in re.findall(r"\(Keras (.+), wandb (.+)\)", readme)
        or keras.backend != "tensorflow"
    ):
        pytest.skip("README shows what another row prints")
    _, table, compared = re.findall(r"^```text\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    command = ("-m", "wandb_keras_compat", "run", "--offline")
    for name, script in {"before": "legacy_mlp.py", "after": "migrated_compat.py"}.items():
        (tmp_path / name).mkdir()
        done = zygote.python(*command, "--show", EXAMPLES / script, folder=tmp_path / name)
        assert done.returncode == 0, done.stderr
        shown, expected = words(done.stdout), words(table)
        start = shown.index(expected[0])
        assert shown[start : start + len(expected)] == expected
    done = python(tmp_path, "-m", "wandb_keras_compat", "compare", "before", "after")
    assert done.stdout.endswith(f"\n{compared}")
    assert compared in (ROOT / "MIGRATION.md").read_text(encoding="utf-8")
