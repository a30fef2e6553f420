"""What the running ``fit`` was given for validation, found without patching anything."""

from __future__ import annotations

import dis
import inspect
import sys
from dataclasses import dataclass
from numbers import Integral
from types import CodeType, FrameType
from typing import Any, Container

from . import is_keras_own, slots
from .batches import is_one_shot

_KERAS_BATCH_SIZE = 32  # where fit is given none
_UNKNOWN = object()
_STORES = ("STORE_FAST", "STORE_DEREF", "DELETE_FAST")  # Python 3.13 joins some to others


@dataclass(frozen=True)
class Fit:
    """The call of ``fit`` that is training a model; without data outside of one.

    Args:
        data: Its ``validation_data``.
        steps: Its ``validation_steps``.
        batch_size: Rows of a batch of validation, where the data is arrays.
        prepared: Whether the data is what Keras' own ``predict`` takes, not the model's override.
    """

    data: Any = None
    steps: int | None = None
    batch_size: int = _KERAS_BATCH_SIZE
    prepared: bool = False


def of_fit(model: Any) -> Fit:
    """Return what the ``fit`` call that is training a model was given.

    Nothing is patched: the frame named ``fit`` whose ``self`` is the model stands further up the
    stack. With ``validation_split`` it holds the part that was split off.

    A model that overrides ``fit`` has several such frames. One that overrides ``predict`` as well
    may prepare its data in both, so its ``predict`` takes what the outermost was given. Where that
    is not known any more (the override has put something else in its place), the data of Keras' own
    ``fit`` is what Keras' own ``predict`` takes.

    An iterator is shared with ``fit``, as it was by W&B's callback, only if ``fit`` was given
    ``validation_steps`` and so expects it to be endless. Without, ``fit`` needs every batch of it:
    then there is no data.
    """
    frames = _frames(model)
    if not frames:
        return Fit()
    inner = frames[0].f_locals
    data, prepared = inner.get("validation_data"), False
    steps = inner.get("validation_steps")
    if len(frames) > 1 and not is_keras_own(model, "predict"):
        passed = _as_passed(frames[-1])
        if passed is None or passed is _UNKNOWN:
            prepared = is_keras_own(model, "evaluate")
        else:
            data = passed
    if is_one_shot(data) and steps is None:
        data = None
    size = inner.get("validation_batch_size") or inner.get("batch_size") or _KERAS_BATCH_SIZE
    return Fit(data, steps, size, prepared)


def validation_data_of_fit(model: Any) -> Any:
    """Return the ``validation_data`` of the ``fit`` call that is training a model, or None."""
    return of_fit(model).data


def validates(model: Any, epoch: int) -> bool:
    """Whether the running ``fit`` validates at the end of an epoch, if it was given data for that.

    Args:
        model: The model being trained.
        epoch: The epoch, from 0.
    """
    frames = _frames(model)
    frequency = frames[0].f_locals.get("validation_freq", 1) if frames else 1
    if isinstance(frequency, Integral):
        return (epoch + 1) % int(frequency) == 0
    return not isinstance(frequency, Container) or epoch + 1 in frequency  # else a fit of their own


def callbacks_of_fit(model: Any) -> list[Any] | None:
    """Return all callbacks of the running ``fit``, Keras' own too; None outside of one."""
    frames = _frames(model)
    together = frames[0].f_locals.get("callbacks") if frames else None
    return getattr(together, "callbacks", None)


def is_arrays(data: Any) -> bool:
    """Whether data is x, ``(x, y)`` or ``(x, y, sample_weight)``; else it comes in batches."""
    if isinstance(data, (tuple, list)):
        return 1 <= len(data) <= 3
    return isinstance(data, dict) or slots.is_array(data)


def _frames(model: Any) -> list[FrameType]:
    """Return the frames of ``fit`` of this training, that of Keras itself first."""
    found: list[FrameType] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if code.co_name == "fit" and code.co_argcount:
            if frame.f_locals.get(code.co_varnames[0]) is model:
                found.append(frame)
        elif found and code.co_name.startswith("on_"):  # a callback of another training
            break
        frame = frame.f_back
    return found


def _as_passed(frame: FrameType) -> Any:
    """Return the ``validation_data`` that a frame of ``fit`` was given, if it still has it."""
    code, name = frame.f_code, "validation_data"
    known = inspect.getargs(code)
    if name in known.args:
        return _UNKNOWN if _stores(code, name) else frame.f_locals.get(name, _UNKNOWN)
    rest = frame.f_locals.get(known.varkw) if known.varkw else None
    if isinstance(rest, dict) and name in rest and name not in code.co_consts:
        return rest[name]
    return _UNKNOWN


def _stores(code: CodeType, name: str) -> bool:
    """Whether a function puts something else into a local variable of this name."""
    for instruction in dis.get_instructions(code):
        stored = instruction.argval
        names = stored if isinstance(stored, tuple) else (stored,)
        if name in names and instruction.opname.startswith(_STORES):
            return True
    return False
