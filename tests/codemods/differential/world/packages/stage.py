"""What a program does on stage: the events, in order, and how values are told in them."""

from __future__ import annotations

import sys

EVENTS: list = []
FORMS = {"kept": 0, "one": 0, "parts": 0}  # how constructions look that were run
MADE: list = []  # what was constructed: compared as a whole, its order among other events is free


def event(*what):
    EVENTS.append(what)


def site():
    """Where in the program the running call stands: the file, the line, the column (from 1)."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith("<world>"):
        frame = frame.f_back
    if frame is None:
        return "?", 0, 0
    column = -1
    if hasattr(frame.f_code, "co_positions"):  # 3.11
        column = list(frame.f_code.co_positions())[frame.f_lasti // 2][2] or 0
    return frame.f_code.co_filename, frame.f_lineno, column + 1


def told(value, depth=0):
    """Tell a value so that two runs that mean the same tell the same."""
    if depth > 6:
        return "..."
    own = getattr(type(value), "_told", None)
    if own is not None:
        return own(value)
    if isinstance(value, dict):
        return "dict", tuple((told(k, depth + 1), told(v, depth + 1)) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return type(value).__name__, tuple(told(item, depth + 1) for item in value)
    if isinstance(value, (set, frozenset)):
        return "set", tuple(sorted((told(item, depth + 1) for item in value), key=repr))
    if value is None or isinstance(value, (bool, int, float, str, bytes, complex)):
        return repr(value)
    if isinstance(value, type):
        return "class", value.__name__
    name = getattr(value, "__qualname__", None)
    return (type(value).__name__, name) if name else type(value).__name__
