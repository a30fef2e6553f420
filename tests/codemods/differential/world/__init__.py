"""Run programs in a world of stubs and keep what they do: events, output, error."""

from .run import Run, run
from .unknown import Unknown

__all__ = ["Run", "Unknown", "run"]
