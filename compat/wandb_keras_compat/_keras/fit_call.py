"""What the call of ``fit`` that is under way was given."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any


def validates(model: Any, epoch: int) -> bool:
    """Whether ``fit`` validates at the end of an epoch, as far as ``validation_freq`` says.

    Args:
        model: The model being trained.
        epoch: The epoch, from 0.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        # A model that overrides fit has a frame of its own, which need not know.
        if frame.f_code.co_name == "fit" and frame.f_locals.get("self") is model:
            frequency = frame.f_locals.get("validation_freq")
            if isinstance(frequency, int):
                return (epoch + 1) % frequency == 0
            if frequency is not None:
                return epoch + 1 in frequency
        frame = frame.f_back
    return True
