"""Fixtures: the row's Keras, small data and models, and an isolated offline run."""

from __future__ import annotations

import importlib
import os

import pytest

from training import seed

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["WANDB_MODE"] = "offline"
os.environ["WANDB_SILENT"] = "true"
os.environ["WANDB_CONSOLE"] = "off"
os.environ["WANDB_ERROR_REPORTING"] = "false"
os.environ.pop("WANDB_DIR", None)  # each run has a folder of its own


@pytest.fixture(scope="session")
def keras():
    """The Keras this row is about, as users import it."""
    from wandb_keras_compat import detect

    chosen = detect().callbacks_on
    if chosen is None:
        pytest.skip("this environment has no Keras: compat's training tests run in the rows")
    head, _, tail = chosen.module.partition(".")
    module = importlib.import_module(head)
    return getattr(module, tail) if tail else module


@pytest.fixture(autouse=True)
def drawn_again(request):
    """Let each test begin with the same weights where the gate repeats what it draws."""
    if "DIFFERENTIAL_SEED" in os.environ and "keras" in request.fixturenames:
        seed(request.getfixturevalue("keras"))


@pytest.fixture
def data():
    """``(x, y), (xv, yv)``: x is (32, 4) float32, y is (32,) in 0..2; 16 of each to validate."""
    import numpy as np

    random = np.random.RandomState(0)
    x, y = random.rand(32, 4).astype("float32"), random.randint(0, 3, 32)
    xv, yv = random.rand(16, 4).astype("float32"), random.randint(0, 3, 16)
    return (x, y), (xv, yv)


@pytest.fixture
def mlp(keras):
    """A compiled classifier of 4 inputs and 3 classes.

    On JAX without jit, which takes a second for each model; models that callbacks meet there compiled are
    those of programs/ and oracle/.
    """
    jitted = os.environ.get("KERAS_BACKEND") != "jax"
    model = keras.Sequential(
        [
            keras.layers.Input((4,)),
            keras.layers.Dense(8, activation="relu", name="hid"),
            keras.layers.Dense(3, activation="softmax", name="out"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        **({} if jitted else {"jit_compile": False}),
    )
    return model


@pytest.fixture
def offline_run(tmp_path, monkeypatch):
    """Call it to start a run in a temporary directory; ``.finish()`` returns its recording.

    The client's service goes on between tests: ending it takes longer than most trainings.
    """
    import wandb

    from wandb_keras_compat import recording

    monkeypatch.chdir(tmp_path)

    class OfflineRun:
        def __init__(self, **options):
            self.run = wandb.init(project="p", dir=str(tmp_path), **options)
            os.environ.pop("WANDB_SERVICE", None)  # processes that a test starts have their own

        def finish(self):
            directory = os.path.dirname(self.run.dir)
            wandb.finish()
            return recording.read(directory, wait=60)

    yield OfflineRun
    if wandb.run is not None:
        wandb.finish()


@pytest.fixture
def told(monkeypatch):
    """What the user is warned of."""
    import wandb

    messages = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: messages.append(message))
    return messages


@pytest.fixture(autouse=True)
def forget_warnings(monkeypatch):
    """Let every test see the warnings that users see once a process."""
    try:
        from wandb_keras_compat import _run, legacy
    except ImportError:  # no wandb or no Keras here: nothing was told
        return
    monkeypatch.setattr(_run, "_told", set())
    monkeypatch.setattr(legacy, "_told_to_migrate", True)
