"""Saving a model or its weights on every Keras, under the file name that was asked for."""

from __future__ import annotations

import glob
import logging
import os
import shutil
import string
import tempfile
import warnings
from contextlib import contextmanager
from typing import Any, Iterator, Mapping

from . import owner_of

_ADVICE = "You are saving your model as an HDF5 file"


def checkpoint_path(path: str, weights_only: bool, keras_3: bool) -> str:
    """Return the path that a Keras can save to: Keras 3 has no SavedModel and asks for a suffix.

    Args:
        path: The user's path, perhaps with placeholders.
        weights_only: Whether only weights are saved.
        keras_3: Whether Keras 3 saves.

    Example:
        >>> checkpoint_path("models/", False, True), checkpoint_path("models/", False, False)
        ('models.keras', 'models')
    """
    if not keras_3:
        return path.rstrip("/\\") or path
    if weights_only:
        if path.endswith(".weights.h5"):
            return path
        stem, suffix = os.path.splitext(path.rstrip("/\\"))
        return (stem if suffix in (".h5", ".hdf5", ".keras") else stem + suffix) + ".weights.h5"
    return path if path.endswith((".keras", ".h5")) else path.rstrip("/\\") + ".keras"


class _FileName(string.Formatter):
    """Fills placeholders; what has no single number stays empty."""

    def __init__(self) -> None:
        self.empty: list[str] = []

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        self._field = field_name
        try:
            return super().get_field(field_name, args, kwargs)
        except (AttributeError, IndexError, KeyError):
            return None, None

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            single = value.item() if getattr(value, "size", None) == 1 else value
            is_plain = single is not None and not hasattr(single, "__len__")
            if is_plain or isinstance(single, str):
                return str(super().format_field(single, format_spec))
        except (TypeError, ValueError):  # text or an array where a number is expected
            pass
        self.empty.append(self._field)
        return ""


def file_name(template: str, values: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return a file name with its placeholders filled in, and which of them had to stay empty.

    Args:
        template: The user's path.
        values: Numbers by name.

    Example:
        >>> file_name("m-{epoch:02d}-{val_loss:.2f}.keras", {"epoch": 3, "loss": 0.5})
        ('m-03-.keras', ['val_loss'])
    """
    formatter = _FileName()
    return formatter.vformat(template, (), values), formatter.empty


def save(model: Any, path: str, weights_only: bool, options: Any | None = None) -> list[str]:
    """Save a checkpoint and return the paths written; the suffix of the path says the format.

    Args:
        model: The model.
        path: A path as ``checkpoint_path`` gives it, placeholders filled in.
        weights_only: Whether to save only weights.
        options: Keras 2's ``CheckpointOptions`` or ``SaveOptions``, for paths without a suffix.
    """
    directory = os.path.dirname(path)
    if directory and "://" not in directory:
        os.makedirs(directory, exist_ok=True)
    write = model.save_weights if weights_only else model.save
    if path.endswith((".h5", ".keras")) and "://" not in path:
        with _replacing(path) as partial:
            write(partial, overwrite=True)
        return [path]
    # Formats with a suffix have no options; some Keras 2 refuse even the default ones.
    extra = {} if options is None or path.endswith((".h5", ".keras")) else {"options": options}
    write(path, overwrite=True, **extra)
    # Keras 2's weights without a suffix are a TensorFlow checkpoint: an index and its shards.
    return [path] if os.path.exists(path) else sorted(glob.glob(glob.escape(path) + ".*"))


@contextmanager
def kept(path: str, keeps: bool) -> Iterator[str]:
    """Yield where to save: the path, or the same name in a directory that is removed at the end.

    Args:
        path: Where to save what is kept.
        keeps: Whether it is kept; workers that are not the chief save along with it and discard.
    """
    if keeps:
        yield path
        return
    with tempfile.TemporaryDirectory() as directory:
        yield os.path.join(directory, os.path.basename(path))


def save_h5(model: Any, path: str, weights_only: bool) -> None:
    """Save an HDF5 file that ``load_model``, or ``load_weights``, of the model's Keras opens.

    Args:
        model: The model.
        path: A path that ends in ``.h5``; Keras 3 would ask for ``.weights.h5`` for weights.
        weights_only: Whether to save only weights.
    """
    with _without_advice(), _replacing(path) as partial:
        if weights_only and owner_of(model).keras_3:
            _save_legacy_weights(model, partial)
        elif weights_only:
            model.save_weights(partial, overwrite=True)
        else:
            model.save(partial, overwrite=True)


@contextmanager
def _replacing(path: str) -> Iterator[str]:
    """Yield the name to write to; the last good file is replaced only by a whole one."""
    directory, name = os.path.split(path)
    partial = os.path.join(directory, f".{name}")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.remove(partial)


@contextmanager
def _without_advice() -> Iterator[None]:
    """Silence Keras' advice against HDF5, a warning or an absl record: the name is the contract."""
    log = logging.getLogger("absl")

    def is_other(record: logging.LogRecord) -> bool:
        return _ADVICE not in record.getMessage()

    log.addFilter(is_other)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=_ADVICE)
            yield
    finally:
        log.removeFilter(is_other)


def _save_legacy_weights(model: Any, path: str) -> None:
    """Write the layout that Keras 3's ``load_weights`` expects of a plain ``.h5`` name."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


@contextmanager
def whole_model(model: Any, stem: str) -> Iterator[str]:
    """Save the whole model, so that ``load_model`` opens it, for as long as the context lasts.

    Keras 2 writes the SavedModel directory ``<stem>``, as the legacy artifact held. Keras 3 cannot
    load a SavedModel, so it writes ``<stem>.keras``.

    Yields:
        The path written.
    """
    keras_3 = owner_of(model).keras_3
    path = stem + ".keras" if keras_3 else stem
    options = {} if keras_3 else {"save_format": "tf"}
    try:
        model.save(path, overwrite=True, **options)
        yield path
    finally:
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.remove(path)
