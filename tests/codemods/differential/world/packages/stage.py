"""What a program does on stage: the events, in order, and how values are told in them."""

from __future__ import annotations

import sys

EVENTS: list = []
MADE: list = []  # what was constructed: compared as a whole, its order among other events is free


def event(*what):
    EVENTS.append(what)


def site():
    """Where in the program the running call stands: the file and the line."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith("<world>"):
        frame = frame.f_back
    return ("?", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


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
