"""Calling ``predict`` in the middle of a training, which goes on as if nothing had happened."""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from typing import Any, Iterator

import numpy as np

from . import is_keras_own, keras_own, to_numpy


def predict(model: Any, x: Any, batch_size: int | None = None, prepared: bool = False) -> Any:
    """Return a model's predictions, silently; ``fit`` returns its own history all the same.

    Args:
        model: The model.
        x: What its ``predict`` takes.
        batch_size: Rows of a batch; by default as Keras chooses.
        prepared: Whether x is what Keras' own ``predict`` takes, not the model's override.
    """
    method = keras_own(model, "predict") if prepared else model.predict
    options: dict[str, Any] = {"batch_size": batch_size, "verbose": 0}
    if not prepared and not is_keras_own(model, "predict"):
        taken = inspect.signature(method).parameters.values()
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken):
            names = {parameter.name for parameter in taken}
            options = {name: value for name, value in options.items() if name in names}
    history = getattr(model, "history", None)
    try:
        return method(x, **options)
    finally:
        if history is not None:  # Keras replaced it by an empty one, and fit returns what is there
            model.history = history


def fixed_batch_size(model: Any) -> int | None:
    """Return the number of rows of every batch, where the model's inputs fix it."""
    for tensor in getattr(model, "inputs", None) or ():
        size = tensor.shape[0]
        if size is not None:
            return int(size)
    return None


def is_stateful(model: Any) -> bool:
    """Whether a model carries state from one batch to the next (stateful RNNs)."""
    return any(getattr(layer, "stateful", False) for layer in _layers(model))


@contextmanager
def states_kept(model: Any) -> Iterator[None]:
    """Let a stateful model begin anew, and give it back the states of the training afterwards."""
    states = states_of(model)
    values = [np.array(to_numpy(state)) for state in states]
    for state, value in zip(states, values):
        state.assign(np.zeros_like(value))
    try:
        yield
    finally:
        for state, value in zip(states, values):
            state.assign(value)


def states_of(model: Any) -> list[Any]:
    """Return the variables in which a model carries state from one batch to the next."""
    stateful = [layer for layer in _layers(model) if getattr(layer, "stateful", False)]
    found = (_variables(getattr(layer, "states", None)) for layer in stateful)
    return list({id(state): state for states in found for state in states}.values())


def _layers(model: Any) -> list[Any]:
    """Return all layers, those of nested models too."""
    flatten = getattr(model, "_flatten_layers", None)
    return list(model.layers if flatten is None else flatten(include_self=False))


def _variables(states: Any) -> Iterator[Any]:
    if isinstance(states, (list, tuple)):
        for state in states:
            yield from _variables(state)
    elif hasattr(states, "assign"):
        yield states
