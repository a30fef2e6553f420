"""Break one decision about versions at a time: a test of some row has to turn red.

``nox -s "mutants(ROW)"`` runs those of a row, on a copy of the package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "compat" / "wandb_keras_compat"


class Mutant(NamedTuple):
    """A line of the package, what it becomes, and where a test notices."""

    row: str
    file: str
    line: str  # unique in its file
    becomes: str
    test: str


MUTANTS = [
    Mutant(
        "oldest",
        "_keras/__init__.py",
        'if module.startswith("tensorflow.python.keras."):  # until: TensorFlow 2.5 is dropped',
        'if module.startswith("nowhere."):',
        "callbacks/test_metrics_logger.py",
    ),
    Mutant(
        "oldest",
        "_keras/gradients/tensorflow.py",
        'if hasattr(model, "compute_loss"):  # until: TensorFlow 2.8 is dropped',
        "if True:",
        "_keras/test_gradients.py",
    ),
    Mutant(
        "oldest",
        "_keras/gradients/tensorflow.py",
        "except TypeError:  # until: TensorFlow 2.8 is dropped",
        "except ZeroDivisionError:",
        "_keras/test_gradients.py",
    ),
    Mutant(
        "oldest",
        "shim/run_script.py",
        "else:  # until: Python 3.10, before which a zip file's importer was only a loader",
        "elif importer is None:",
        "shim/test_run_script.py",
    ),
    Mutant(
        "oldest",
        "testing.py",
        "if wandb.__version__ not in WANDB_SERVICE_IN_PYTHON:  # until: wandb 0.17 is dropped",
        "if True:",
        "test_testing.py",
    ),
    Mutant(
        "keras3-jax",
        "_keras/__init__.py",
        'if getattr(keras, "__version__", None) in KERAS_FROM_3:',
        "if False:",
        "test_legacy.py",
    ),
    Mutant(
        "keras3-tensorflow",
        "environment/releases.py",
        'TF_WITH_KERAS_3 = Releases(since="2.16")  # tf.keras is Keras 3',
        'TF_WITH_KERAS_3 = Releases(since="99")',
        "environment/test_environment.py",
    ),
    Mutant(
        "keras3-jax",
        "environment/releases.py",
        'WANDB_CALLBACK = Releases(until="0.27.1")',
        'WANDB_CALLBACK = Releases(until="99")',
        "environment/test_environment.py",
    ),
    Mutant(
        "keras3-jax",
        "environment/releases.py",
        'WANDB_ON_NUMPY_2 = Releases(since="0.17.2")  # before: AttributeError at',
        'WANDB_ON_NUMPY_2 = Releases(since="99")  # before: AttributeError at',
        "doctor/test_doctor.py",
    ),
    Mutant(
        "oracle-2.12",
        "environment/releases.py",
        'WANDB_KERAS_MODULE = Releases(until="0.17.0")  # the module `wandb.keras`',
        'WANDB_KERAS_MODULE = Releases(until="99")',
        "environment/test_environment.py",
    ),
]


def survives(mutant: Mutant, folder: Path) -> bool:
    """Whether no test notices the mutant."""
    copy = folder / PACKAGE.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    source = (copy / mutant.file).read_text(encoding="utf-8")
    if source.count(mutant.line) != 1:
        raise SystemExit(f"{mutant.file} does not have this line once: {mutant.line}")
    (copy / mutant.file).write_text(source.replace(mutant.line, mutant.becomes), encoding="utf-8")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-qx", f"tests/compat/{mutant.test}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    last = (done.stdout.strip().splitlines() or [""])[-1]
    verdict = {0: "SURVIVES", 1: "killed"}.get(done.returncode, "ERROR")
    print(f"{verdict:8} {mutant.file}: {mutant.line.split('  #')[0]}  [{last}]", flush=True)
    return verdict != "killed"


def main() -> int:
    """Run the mutants of one row; the status is 1 if one is not noticed."""
    (row,) = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        chosen = [mutant for mutant in MUTANTS if mutant.row == row]
        survivors = [mutant for mutant in chosen if survives(mutant, Path(folder))]
    return int(bool(survivors))


if __name__ == "__main__":
    raise SystemExit(main())
