"""One process trains models of Keras 3 and of tf_keras with the same callbacks, whichever is chosen."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from wandb_keras_compat.recording import read

pytest.importorskip("tf_keras", reason="needs two Kerases in one row")
pytest.importorskip("keras", "3", reason="needs two Kerases in one row")

SCRIPT = """
import sys
import keras, numpy as np, tf_keras, wandb
from wandb_keras_compat import WandbCallback, WandbModelCheckpoint, detect
chosen = detect().callbacks_on.module
assert chosen == sys.argv[1], chosen
x = np.random.RandomState(0).rand(16, 4).astype("float32")
wandb.init(project="p", name="two")
for module in (keras, tf_keras):
    layers = module.layers
    model = module.Sequential([layers.Input((4,)), layers.Dense(3, name=module.__name__)])
    model.compile("adam", "mse")
    everything = WandbCallback(
        monitor="loss", log_weights=True, log_gradients=True, training_data=(x, x[:, :3]),
        log_best_prefix=module.__name__ + "_",
    )
    checkpoint = WandbModelCheckpoint(module.__name__ + ".keras")
    model.fit(x, x[:, :3], verbose=0, callbacks=[everything, checkpoint])
wandb.finish()
"""


@pytest.mark.parametrize(("legacy", "chosen"), [("1", "tf_keras"), (None, "keras")])
def test_models_of_both_record_the_same(tmp_path, legacy, chosen):
    settings = {"WANDB_DIR": str(tmp_path), "WANDB_MODE": "offline", "WANDB_SILENT": "true"}
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path if entry)
    environment = {**os.environ, **settings, "PYTHONPATH": path}
    environment.pop("TF_USE_LEGACY_KERAS", None)
    if legacy is not None:
        environment["TF_USE_LEGACY_KERAS"] = legacy
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, chosen],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    recording = read(tmp_path)
    assert len(recording.history) == 2
    for module, row in zip(("keras", "tf_keras"), recording.history):
        assert set(row.values) == {
            "epoch",
            "loss",
            f"gradients/{module}/kernel.gradient",
            f"gradients/{module}/bias.gradient",
            f"parameters/{module}.weights",
            f"parameters/{module}.bias",
        }
        assert f"{module}_loss" in recording.summary
    names = [artifact.name for artifact in recording.artifacts]
    assert names == ["model-two", "run_<RUN_ID>_model"] * 2
