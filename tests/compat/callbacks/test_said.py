"""What could not be recorded is said, once a run, whatever is muted, with its cause and a remedy."""

import errno
import os
import re
import subprocess
import sys

import numpy as np
import pytest


def fit(model, data, *callbacks, **options):
    (x, y), validation = data
    options = {"epochs": 2, "batch_size": 8, "verbose": 0, "validation_data": validation, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options)


@pytest.fixture
def told(monkeypatch):
    import wandb

    messages = []
    monkeypatch.setattr(wandb, "termwarn", lambda message, **_: messages.append(message))
    return messages


SCRIPT = """
import os, sys
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="{silent}")
import numpy as np
import wandb
from wandb_keras_compat import detect
head, _, tail = detect().callbacks_on.module.partition(".")
keras = __import__(head)
keras = getattr(keras, tail) if tail else keras
from wandb_keras_compat import WandbCallback
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
run = wandb.init(project="p")
x = np.zeros((8, 4), "float32")
model.fit(x, x[:, :1], verbose=0, callbacks=[WandbCallback(monitor="val_loss", save_graph=False)])
wandb.finish()
"""
SENTENCE = "No 'val_loss' among the logs"


def environment(tmp_path):
    return {**os.environ, "WANDB_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore"}


@pytest.mark.parametrize("silent", ["true", "false"])
def test_a_script_says_it_once_also_when_silent(silent, keras, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(silent=silent)],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stderr.count(SENTENCE) == 1, done.stderr


def test_a_notebook_says_it_also_when_silent(keras, tmp_path):
    nbformat = pytest.importorskip("nbformat", reason="this row has no notebooks")
    client = pytest.importorskip("nbclient", reason="this row has no notebooks")
    pytest.importorskip("ipykernel", reason="this row has no notebooks")
    cell = nbformat.v4.new_code_cell(SCRIPT.format(silent="true"))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(tmp_path).items():
            patch.setenv(name, value)
        client.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
        ).execute()
    shown = "".join(
        output.text
        for output in notebook.cells[0].outputs
        if output.output_type == "stream" and output.name == "stderr"
    )
    assert shown.count(SENTENCE) == 1, shown


def test_what_is_said_is_a_record_of_the_logger_when_muted(offline_run, mlp, data, caplog):
    from wandb_keras_compat import WandbCallback

    offline_run()
    fit(mlp, data, WandbCallback(monitor="val_typo", save_graph=False))
    records = [r for r in caplog.records if r.name == "wandb_keras_compat"]
    assert [r.levelname for r in records] == ["WARNING"]
    assert "val_typo" in records[0].getMessage()


@pytest.mark.parametrize("frequency", [2, [2, 3]])
@pytest.mark.parametrize("name", ["legacy", "checkpoint"])
def test_epochs_that_do_not_validate_are_no_reason_to_warn(
    name, frequency, offline_run, mlp, data, told
):
    from wandb_keras_compat import WandbCallback, WandbModelCheckpoint, _keras

    run = offline_run()
    if name == "legacy":
        callback = WandbCallback(save_graph=False)
    elif _keras.builds_on_keras_3():
        pytest.skip("Keras 3 saves when there is nothing to compare, and says so")
    else:
        callback = WandbModelCheckpoint("m.h5", save_best_only=True)
    fit(mlp, data, callback, epochs=3, validation_freq=frequency)
    assert run.finish().artifacts
    assert told == []


def test_an_epoch_that_should_validate_and_lacks_the_metric_is_told(offline_run, mlp, data, told):
    from wandb_keras_compat import WandbCallback

    offline_run()
    fit(mlp, data, WandbCallback(save_graph=False), validation_data=None, validation_freq=2)
    assert len(told) == 1
    assert "'val_loss'" in told[0]


def test_a_fit_of_ones_own_may_know_no_frequency(keras, offline_run, data, told):
    from wandb_keras_compat import WandbCallback

    class Own(keras.Sequential):
        def fit(self, x, y, callbacks=(), validation_freq=None):
            for callback in callbacks:
                callback.set_model(self)
                callback.on_train_begin()
                callback.on_epoch_begin(0)
                callback.on_epoch_end(0, {"loss": 1.0})
                callback.on_train_end()

    run = offline_run()
    Own([keras.layers.Input((4,)), keras.layers.Dense(1)]).fit(
        *data[0], callbacks=[WandbCallback(save_graph=False)]
    )
    assert run.finish().column("epoch") == [0]
    assert len(told) == 1
    assert "'val_loss'" in told[0]


class Unsaveable(RuntimeError):
    """What a layer without a config raises."""


@pytest.mark.parametrize("name", ["legacy", "checkpoint"])
def test_a_model_without_config_gets_no_advice_about_space(name, keras, offline_run, data, told):
    from wandb_keras_compat import WandbCallback, WandbModelCheckpoint

    class Layer(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 1.0

        def get_config(self):
            raise Unsaveable("this layer has no config")

    model = keras.Sequential([keras.layers.Input((4,)), Layer(), keras.layers.Dense(3)])
    model.compile("sgd", "sparse_categorical_crossentropy")
    offline_run()
    callback = WandbCallback() if name == "legacy" else WandbModelCheckpoint("m-{epoch}.h5")
    fit(model, data, callback, epochs=3)
    saving = [message for message in told if "this layer has no config" in message]
    assert saving
    assert len(told) == len(set(told))
    for message in saving:
        assert message.endswith("training goes on."), message


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EACCES, "check that the path exists and may be written to"),
        (errno.EIO, None),
    ],
)
def test_the_remedy_fits_the_reason(number, advice, offline_run, mlp, data, told, monkeypatch):
    from wandb_keras_compat import WandbModelCheckpoint

    def save(*_, **__):
        raise OSError(number, os.strerror(number))

    offline_run()
    monkeypatch.setattr(mlp, "save", save)
    fit(mlp, data, WandbModelCheckpoint("m-{epoch}.h5"), epochs=3)
    assert len(told) == 1
    assert os.strerror(number) in told[0]
    assert told[0].endswith(f"training goes on, {advice}." if advice else "training goes on.")


def failing_layer(keras, fails):
    class Fails(keras.layers.Layer):
        def call(self, inputs):
            return fails(inputs)

    return Fails(name="culprit")


def raised(call):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of each Keras another
        call()
    return caught.value


def test_the_reason_is_what_a_layer_raised(keras):
    """Keras says first which layer it was calling, TensorFlow in which code of the user."""
    from wandb_keras_compat._reasons import reason

    def fails(inputs):
        raise ValueError("rows of seven are expected")

    layer = failing_layer(keras, fails)
    error = raised(lambda: layer(np.ones((2, 3), "float32")))
    assert reason(error) == "ValueError: rows of seven are expected"
    model = keras.Sequential([layer, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    error = raised(lambda: model.fit(np.ones((2, 3)), np.ones((2, 1)), verbose=0))
    assert "rows of seven are expected" in reason(error)
    assert "in user code" not in reason(error)
    assert "Exception encountered" not in reason(error)


def test_the_reason_is_what_an_operation_of_a_graph_says(keras):
    from wandb_keras_compat import _keras
    from wandb_keras_compat._reasons import reason

    tensorflow = sys.modules.get("tensorflow")
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    if tensorflow is None or _keras.owner_of(model).backend != "tensorflow":
        pytest.skip("graphs are TensorFlow's")

    def fails(inputs):
        with tensorflow.control_dependencies(
            [tensorflow.debugging.assert_less(inputs, 0.5, message="inputs out of range")]
        ):
            return tensorflow.identity(inputs)

    model = keras.Sequential(
        [keras.layers.Input((3,)), failing_layer(keras, fails), keras.layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    texts = set()
    for _ in range(2):
        error = raised(lambda: model.predict(np.ones((2, 3), "float32"), verbose=0))
        assert re.search("Graph execution error|Function call stack", str(error))  # or TF 2.4
        texts.add(reason(error))
    assert len(texts) == 1
    (text,) = texts
    assert text.startswith("InvalidArgumentError: ")
    assert "inputs out of range" in text
    assert not re.search(r"Op:|\{\{", text)


def test_a_text_that_changes_is_one_warning(offline_run, mlp, data, told, monkeypatch):
    import wandb

    from wandb_keras_compat import WandbMetricsLogger

    run = offline_run()
    calls = []

    def log(*_, **__):
        calls.append(1)
        raise RuntimeError(f"tensor Placeholder_{len(calls)} has no value")

    monkeypatch.setattr(wandb.run, "log", log)
    fit(mlp, data, WandbMetricsLogger("batch"))
    monkeypatch.undo()
    run.finish()
    assert len(calls) == 10
    assert len(told) == 1
