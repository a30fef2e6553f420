"""What differs between Kerases, asked in verbs; no other package imports a framework."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Iterator

import numpy as np

from wandb_keras_compat import environment
from wandb_keras_compat.environment.releases import KERAS_FROM_3


@dataclass(frozen=True)
class Owner:
    """The Keras a model's own class comes from.

    Args:
        module: ``"keras"``, ``"tf_keras"`` or ``"tensorflow.keras"``.
        keras_3: Whether it is Keras 3, else it is a Keras 2.
        backend: ``"tensorflow"``, ``"jax"`` or ``"torch"``.
    """

    module: str
    keras_3: bool
    backend: str

    def keras(self) -> Any:
        """Return the Keras module itself; it is imported already, since it made the model."""
        return importlib.import_module(self.module)


@lru_cache(maxsize=None)
def _owner_of_class(cls: type) -> Owner | None:
    for base in cls.__mro__:
        module = base.__module__
        if module.startswith("tf_keras."):
            return Owner("tf_keras", False, "tensorflow")
        if module.startswith("tensorflow.python.keras."):  # until: TensorFlow 2.5 is dropped
            return Owner("tensorflow.keras", False, "tensorflow")
        if module.startswith("keras."):
            keras = sys.modules["keras"]
            if getattr(keras, "__version__", None) in KERAS_FROM_3:
                return Owner("keras", True, keras.backend.backend())
            return Owner("keras", False, "tensorflow")
    return None


def owner_of(model: Any) -> Owner:
    """Return the Keras that a model, layer or optimizer belongs to.

    Args:
        model: Any object whose class derives from a Keras class.

    Raises:
        TypeError: If its class derives from no Keras known here.
    """
    cls: Any = type(model)
    owner = _owner_of_class(cls)
    if owner is None:
        raise TypeError(
            f"model={model!r} is a {type(model).__module__}.{type(model).__qualname__}:"
            " expected a model of tf.keras, keras or tf_keras."
        )
    return owner


def is_callback(value: Any) -> bool:
    """Whether an object is a callback of some Keras, which need not be the active one."""
    cls: Any = type(value)
    return _owner_of_class(cls) is not None and hasattr(value, "on_epoch_end")


def keras_own(model: Any, method: str) -> Any:
    """Return a model's method as its Keras defines it, whatever the model's class makes of it."""
    for cls in type(model).__mro__:
        if method in vars(cls) and of_keras(cls):
            return vars(cls)[method].__get__(model)
    return getattr(model, method)


def is_keras_own(model: Any, method: str) -> bool:
    """Whether a model's method is the one that its Keras defines."""
    defining = (cls for cls in type(model).__mro__ if method in vars(cls))
    return of_keras(next(defining, object))


def of_keras(defined: Any) -> bool:
    """Whether a class or function is defined by a Keras itself."""
    return module_of(defined).startswith(("keras.", "tf_keras.", "tensorflow.python.keras."))


def module_of(defined: Any) -> str:
    """Return the module that defines a class or function; not all that can be called has one."""
    return str(getattr(defined, "__module__", ""))


@lru_cache(maxsize=None)
def _chosen() -> environment.Keras:
    found = environment.detect()
    if found.callbacks_on is None:
        raise ImportError(" ".join(found.problems))
    return found.callbacks_on


@lru_cache(maxsize=None)
def bases() -> tuple[type, type]:
    """Return the ``Callback`` and ``ModelCheckpoint`` of the Keras that callbacks are built on.

    Raises:
        ImportError: If there is no Keras, with what to install.
    """
    callbacks = _active_keras().callbacks
    return callbacks.Callback, callbacks.ModelCheckpoint


def _active_keras() -> Any:
    # tf.keras is a lazy attribute of TensorFlow: import_module cannot find it by its dotted name.
    head, _, tail = _chosen().module.partition(".")
    keras = importlib.import_module(head)
    return getattr(keras, tail) if tail else keras


def builds_on_keras_3() -> bool:
    """Whether the callbacks derive from Keras 3's base classes."""
    return _chosen().flavour == environment.KERAS_3


def saves_as_keras_3(model: Any) -> bool:
    """Whether Keras 3 saves a model; an agent, which is none itself, has one of the active."""
    cls: Any = type(model)
    owner = _owner_of_class(cls)
    return builds_on_keras_3() if owner is None else owner.keras_3


def unwrapped(model: Any) -> Any:
    """Return the Keras model that torch's DistributedDataParallel holds; any other as it is."""
    return model.module if type(model).__name__ == "DistributedDataParallel" else model


def synced(model: Any) -> Any:
    """Return the model with its state attached: JAX keeps it elsewhere during an epoch."""
    sync = getattr(model, "jax_state_sync", None)
    if sync is not None:
        sync()
    return model


def to_numpy(value: Any) -> Any:
    """Return a variable, tensor or number of any backend as a numpy array."""
    kind = type(value)  # a data frame has its columns as attributes, whatever their names
    if hasattr(kind, "detach"):  # torch: off the tape and off the device first
        return value.detach().cpu().numpy()
    if is_symbolic(value):
        return np.asarray(_active_keras().backend.get_value(value))
    inner = value.value if hasattr(kind, "value") else None
    if inner is not None:  # a Keras 3 variable; TensorFlow's value() costs a third of its numpy()
        return to_numpy(inner() if callable(inner) else inner)
    if hasattr(kind, "numpy"):
        return np.asarray(value.numpy())
    return np.asarray(value)


def is_symbolic(value: Any) -> bool:
    """Whether a variable or tensor has no value of its own: after ``disable_eager_execution``."""
    return hasattr(type(value), "graph") and getattr(value, "graph", None) is not None


def metric_direction(model: Any, name: str) -> str | None:
    """Return ``"min"`` or ``"max"`` where Keras 3 knows it for a metric, else None.

    Args:
        model: The model being trained.
        name: A metric's name, with or without ``val_``.
    """
    name = name[4:] if name.startswith("val_") else name
    for metric in _metrics(model):
        direction = getattr(metric, "_direction", None)
        if getattr(metric, "name", None) == name and direction is not None:
            return "max" if direction == "up" else "min"
    return None


def has_metric(model: Any, name: str) -> bool:
    """Whether a metric of this name is the model's own, not what a callback put into the logs."""
    return any(getattr(metric, "name", None) == name for metric in _metrics(model))


def _metrics(model: Any) -> Iterator[Any]:
    """Yield the metrics of a model, and those that they consist of."""
    pending = list(getattr(model, "metrics", None) or ())
    while pending:
        metric = pending.pop()
        yield metric
        pending.extend(getattr(metric, "metrics", None) or ())
