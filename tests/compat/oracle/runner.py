"""Train one scenario in a process of its own, with upstream's callback or with ours."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Mapping

import zygote
from wandb_keras_compat import detect, recording

from .scenarios import Scenario

UPSTREAM, OURS = "upstream", "ours"
OFFLINE = "upstream-offline"  # without the server's answers
LIMIT_S = 240.0
# Notices of either side that the class, or a way to use it, has no future.
_NOTICES = (
    "WandbCallback is deprecated",
    "save_model argument by default",
    "data_type argument",
    "wandb-keras-migrate",
)


@dataclass(frozen=True)
class Outcome:
    """What a training left behind: its recording, what it warned of, and how it ended."""

    recording: recording.Recording
    warnings: tuple[str, ...]
    error: str | None


def oracle_row() -> str | None:
    """Return TensorFlow's minor version where upstream is the oracle, or None."""
    from .scenarios import UPSTREAM_CAN

    found = detect()
    minor = ".".join((found.tensorflow or "").split(".")[:2])
    upstream = found.wandb is not None and found.wandb.legacy_callback
    return minor if upstream and minor in UPSTREAM_CAN else None


def train(
    scenario: Scenario, sides: tuple[str, ...], folder: Path, limit: float = LIMIT_S
) -> list[Outcome]:
    """Train on all sides at once; return an outcome for each.

    Raises:
        TimeoutError: If a training does not end within ``limit`` seconds.
    """
    processes = []
    for side in sides:
        directory = folder / side
        directory.mkdir(parents=True)
        process = zygote.context().Process(target=_train, args=(scenario, side, str(directory)))
        process.start()
        processes.append((process, directory))
    outcomes = []
    for process, directory in processes:
        process.join(limit)
        if process.is_alive():
            process.kill()
            process.join()
            raise TimeoutError(f"the training did not end within {limit:.0f} s")
        outcomes.append(_outcome(directory, process.exitcode))
    return outcomes


def each(scenarios: Iterable[Scenario], *sides: str) -> list[Any]:
    """Return values for ``parametrize``: the arguments of ``trainings``."""
    import pytest

    return [pytest.param((scenario, sides), id=scenario.id) for scenario in scenarios]


def _outcome(directory: Path, exitcode: int | None) -> Outcome:
    end = directory / "end.json"
    if not end.exists():
        output = (directory / "output.txt").read_text(errors="replace")[-3000:]
        raise RuntimeError(f"the training died with status {exitcode}:\n{output}")
    ended = json.loads(end.read_text())
    try:
        recorded = recording.read(directory)
    except recording.RecordingError as nothing:
        raise RuntimeError(f"{nothing}; the training ended with: {ended['error']}") from None
    return Outcome(recorded, tuple(ended["warnings"]), ended["error"])


def _train(scenario: Scenario, side: str, directory: str) -> None:
    output = os.open(os.path.join(directory, "output.txt"), os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(directory)
    for name in ("WANDB_DIR", "WANDB_DATA_DIR", "WANDB_CACHE_DIR"):
        os.environ[name] = directory
    import wandb

    told: list[str] = []
    wandb.termwarn = wandb.termerror = lambda text, *a, **k: told.append(str(text))

    def heard(message: Any, *arguments: Any, **options: Any) -> None:
        if _in_callback():
            told.append(str(message))

    warnings.showwarning = heard
    error = None
    try:
        _fit(scenario, side)
    except Exception as caught:
        error = "".join(traceback.format_exception_only(type(caught), caught)).strip()
        traceback.print_exc()
    wandb.finish()
    wandb.teardown()
    kept = [text for text in dict.fromkeys(told) if not any(n in text for n in _NOTICES)]
    with open("end.json", "w") as file:
        json.dump({"warnings": kept, "error": error}, file)


def _in_callback() -> bool:
    """Whether code of a callback is being run, so that what is warned of is its doing."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename.replace(os.sep, "/")
        if "/wandb_keras_compat/" in name or "/wandb/integration/keras/" in name:
            return True
        frame = frame.f_back
    return False


def _start(options: Mapping[str, Any]) -> None:
    """Start a run; on a busy machine the service of wandb 0.16 may refuse its first connection."""
    import wandb

    for seconds in (1, 5, None):
        try:
            wandb.init(project="p", **options)
            return
        except Exception as refused:
            if type(refused).__name__ != "ManagerConnectionRefusedError" or seconds is None:
                raise
            time.sleep(seconds)


def _fit(scenario: Scenario, side: str) -> None:
    import random

    import numpy as np

    from row_keras import keras

    from . import objects

    _start(scenario.run)
    random.seed(0)
    np.random.seed(0)
    _seed(keras)
    model, training, validation = objects.build(scenario.model, keras)
    arguments = {
        name: objects.resolve(value, training, validation)
        for name, value in scenario.arguments.items()
    }
    callback = _callback(scenario.callback, side, validation)(**arguments)
    fit = {"epochs": 2, "batch_size": 8, "validation_data": validation, **scenario.fit}
    model.fit(*training, callbacks=[callback], verbose=1, **fit)


def _seed(keras: Any) -> None:
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(0)
    else:
        keras.utils.set_random_seed(0)


def _callback(name: str, side: str, validation: Any) -> Any:
    if side != OURS:
        import wandb.integration.keras as home

        if side == UPSTREAM:
            _as_if_online()
    else:
        import wandb_keras_compat as home  # type: ignore[no-redef]
    if name == "EvalTable":
        return _eval_table(home.WandbEvalCallback, validation)
    return getattr(home, name)


def _eval_table(base: Any, validation: Any) -> Any:
    """Return an evaluation callback as the documentation writes it."""
    import wandb

    x, y = validation

    class EvalTable(base):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(["n", "image", "target"], ["epoch", "n", "image", "target", "guess"])

        def add_ground_truth(self, logs: Any = None) -> None:
            for n, target in enumerate(y):
                self.data_table.add_data(n, wandb.Image(x[n]), int(target))

        def add_model_predictions(self, epoch: int, logs: Any = None) -> None:
            guesses = self.model.predict(x, verbose=0).argmax(axis=-1)
            table = self.data_table_ref
            for n in table.get_index():
                row = table.data[n]
                self.pred_table.add_data(epoch, *row, int(guesses[n]))

    return EvalTable


def _as_if_online() -> None:
    """Let upstream's evaluation tables work offline, where W&B refuses ``use_artifact``.

    The artifact is logged, and fetching it back gives the table that was put into it, as online.
    """
    import wandb
    from wandb.sdk.wandb_run import Run

    kept: Any = {}
    add = wandb.Artifact.add

    def remember(self: Any, table: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        kept[id(self), name] = self, table
        return add(self, table, name, *args, **kwargs)

    wandb.Artifact.add = remember
    wandb.Artifact.wait = lambda self, *args, **kwargs: self
    wandb.Artifact.get = lambda self, name: kept[id(self), name][1]
    Run.use_artifact = lambda self, artifact, *args, **kwargs: self.log_artifact(artifact)
