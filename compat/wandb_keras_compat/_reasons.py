"""Why something failed, in one line: the cause within what TensorFlow and Keras wrap around it."""

from __future__ import annotations

import errno
import re

_LONGEST = 200  # characters of a reason
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What changes with every call and helps nobody: `[[{{node x}}]] [Op:__inference_f_12]`.
_OPERATION = re.compile(r"\s*(\[\[\{\{node .*|\[Op:\w+\].*)")
_GRAPH, _AUTOGRAPH = "Graph execution error", "in user code:"
_CALLING, _ARGUMENTS = (
    "Exception encountered when calling",
    ("Arguments received", "Call arguments"),
)
_INFERRING = "Error encountered:"  # the end of a sentence about shapes
_ROOT = re.compile(r"\s*\(0\)\s+(?:\w+: )?(.*)")
_RAISED = re.compile(r" {4}(\w+(?:\.\w+)*: .*|\w+(?:Error|Exception|Warning))$")
_AROUND = re.compile(r"\s|Detected at node|Node: |File |Stack trace|\d+ root error|\[\[|$")

_SPACE = "free some space"
_PATH = "check that the path exists and may be written to"


def reason(error: BaseException) -> str:
    r"""Return the type of an error and its cause, without the frames and calls around it.

    Args:
        error: What was raised.

    Example:
        >>> reason(ValueError("in user code:\n\n    File f.py\n\n    TypeError: no loss\n"))
        'ValueError: TypeError: no loss'
        >>> reason(NotImplementedError("Object A was created by passing\n  odd arguments.\nMore"))
        'NotImplementedError: Object A was created by passing odd arguments.'
    """
    text = _cause(_COLOURS.sub("", str(error)))
    name = type(error).__name__
    if text.startswith(f"{name}: "):  # as autograph quotes it
        text = text[len(name) + 2 :]
    return f"{name}: {text[:_LONGEST]}" if text else name


def remedy(error: BaseException) -> str | None:
    """Return what helps against errors of the file system, as a clause; None for all others."""
    if not isinstance(error, OSError):
        return None
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _SPACE
    known = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR)
    return _PATH if error.errno in known else None


def _cause(text: str) -> str:
    lines = text.strip().splitlines()
    first = lines[0] if lines else ""
    rest = lines[1:]
    if first.startswith(_GRAPH):
        roots = [found.group(1) for found in map(_ROOT.match, rest) if found]
        inner = roots or [line for line in rest if not _AROUND.match(line)]
        first = inner[0] if inner else first
    elif first.startswith(_AUTOGRAPH):
        raised = [i for i, line in enumerate(rest) if _RAISED.match(line)]
        if raised:
            return _cause("\n".join(line[4:] for line in rest[raised[-1] :]))
    elif first.endswith(_INFERRING) and "".join(rest).strip():
        return _cause("\n".join(rest))
    elif _CALLING in first:
        prefix = first[: first.index(_CALLING)]
        inner = [line for line in rest if line.strip()]
        if inner and not inner[0].startswith(_ARGUMENTS):
            return prefix + _cause("\n".join(inner))
    return _OPERATION.sub("", _sentence(first, rest)).strip()


def _sentence(first: str, rest: list[str]) -> str:
    """Return the line with those that go on with its sentence."""
    for line in map(str.strip, rest):
        if first.endswith((".", ":", "!", "?")) or not line[:1].islower():
            break
        first += f" {line}"
    return first
