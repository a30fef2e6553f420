"""What many tests do: train a small model with callbacks, and look at what was recorded."""

from __future__ import annotations

import copy
import random

import numpy as np
import pytest

EPOCHS = 2


def seed(keras, number=0):
    """Seed what a training draws from; ``keras.utils.set_random_seed`` came with TensorFlow 2.7."""
    if hasattr(keras.utils, "set_random_seed"):
        keras.utils.set_random_seed(number)
        return
    import tensorflow

    random.seed(number)
    np.random.seed(number)
    tensorflow.random.set_seed(number)


def assert_near(found, expected, rtol, err_msg=""):
    """Compare floats by the largest of them: where terms cancel, little is left but rounding.

    Where all cancel, that is the rounding of terms of about 1.
    """
    atol = max(rtol * np.abs(expected).max(), 1e-6)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol, err_msg=err_msg)


def fit(model, data, *callbacks, **options):
    """Train as the row's users do; ``options`` replace what is given to ``fit``."""
    (x, y), validation = data
    defaults = {"epochs": EPOCHS, "batch_size": 8, "verbose": 0, "validation_data": validation}
    return model.fit(x, y, callbacks=list(callbacks), **{**defaults, **options})


def row_keys(recording):
    """Return the sorted keys of each row."""
    return [sorted(row.values) for row in recording.history]


def epochs_of(recording):
    """Return the epochs that have a row of their own."""
    return recording.column("epoch")


def skip_unless_copied(model, clone=copy.deepcopy):
    """Skip where Keras cannot copy a model that has trained: its callbacks hold it."""
    try:
        clone(model)
    except TypeError:
        pytest.skip("a model of this Keras cannot be copied")


# One of each kind: they use different parts of W&B's client.


def legacy(data):
    """The legacy callback with what it can record of numbers."""
    from wandb_keras_compat import WandbCallback

    (x, y), validation = data
    return WandbCallback(
        log_weights=True,
        log_gradients=True,
        training_data=(x, y),
        validation_data=validation,
        log_evaluation=True,
        log_evaluation_frequency=1,
        log_batch_frequency=2,
        compute_flops=True,
    )


def logger(data):
    """A row for each batch."""
    from wandb_keras_compat import WandbMetricsLogger

    return WandbMetricsLogger(log_freq="batch")


def checkpoint(data):
    """A file and a version of an artifact for each epoch."""
    from wandb_keras_compat import WandbModelCheckpoint

    return WandbModelCheckpoint("models/m.h5")


def evaluation(data):
    """A table of predictions for each epoch."""
    from wandb_keras_compat import WandbPredictionTable

    return WandbPredictionTable(data[1], frequency=1)


CALLBACKS = {"legacy": legacy, "logger": logger, "checkpoint": checkpoint, "table": evaluation}
