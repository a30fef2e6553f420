"""How a command ends: its exit status, and what stands in the way of a good one."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import Iterator

DONE, CHECK_PENDING, USAGE, HUMAN, UNPROCESSED = 0, 1, 2, 3, 4
INTERRUPTED, BROKEN_PIPE = 130, 141  # as shells count signals
UNTOLD = 74  # as sysexits.h counts an error of input or output


class Untold(Exception):
    """What was done cannot be told: the output device is full."""


class NoReport(Exception):
    """A report cannot be written where it was to be."""


class Usage(Exception):
    """The command line or the configuration is wrong."""


@contextmanager
def telling() -> Iterator[None]:
    """Tell a reader who has gone from a device that is full."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Untold(error.strerror or str(error)) from None


def version() -> str:
    """Return the version of the tool."""
    from importlib import metadata

    try:
        return metadata.version("wandb-keras-compat")
    except metadata.PackageNotFoundError:
        return "0+unknown"
