"""The examples in the docstrings of the callbacks run as they stand."""

from __future__ import annotations

import doctest
import inspect

import pytest

import wandb_keras_compat

pytestmark = pytest.mark.skipif(
    wandb_keras_compat.detect().callbacks_on is None, reason="there is no Keras here"
)
CALLBACKS = [name for name in wandb_keras_compat.__all__ if name.startswith("Wandb")]


def example(name):
    """Return the code under ``Example:`` of a class."""
    docstring = inspect.getdoc(getattr(wandb_keras_compat, name))
    return "".join(each.source for each in doctest.DocTestParser().get_examples(docstring))


@pytest.mark.parametrize("name", CALLBACKS)
def test_the_example_runs_and_records(name, mlp, keras, data, offline_run):
    import wandb

    (x, y), (xv, yv) = data
    started = offline_run()
    names = {each: getattr(wandb_keras_compat, each) for each in wandb_keras_compat.__all__}
    names.update(x=x, y=y, xv=xv, yv=yv, model=mlp, wandb=wandb)
    names.update(early_stopping=keras.callbacks.EarlyStopping(monitor="loss"))
    code = example(name)
    assert name in code
    exec(code, names)
    recorded = started.finish()
    if "model.fit(" in code:
        assert recorded.history or recorded.summary or recorded.artifacts
