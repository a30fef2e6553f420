"""A progress bar for work that takes a while, on a terminal only."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wandb_keras_codemods.files.walk import Scan

_SLOW = 1.0  # seconds before progress is worth showing


class Progress:
    """Shows how far a run is.

    Args:
        quiet: Whether to show nothing.
    """

    def __init__(self, quiet: bool) -> None:
        self._start = monotonic()
        self._on = sys.stderr.isatty() and not quiet
        self._bar: Any = None
        self._task: Any = None
        self._what = ""
        self._total: int | None = None
        self._done = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def scanned(self, scan: Scan) -> None:
        """Note that files were looked at."""
        if self._on and self._due():
            self._bar.update(self._task, description=f"looked at {scan.files:,} files")

    def processing(self, total: int, what: str = "migrating") -> None:
        """Note that some files, or what ``what`` says, are going to be processed."""
        self._what, self._total, self._done = what, total, 0
        if self._bar is not None:
            self._bar.update(self._task, description=what, total=total, completed=0)

    def processed(self) -> None:
        """Note that one file was processed."""
        self._done += 1
        if self._on and self._due():
            self._bar.update(self._task, completed=self._done)

    def _due(self) -> bool:
        if self._bar is None:
            if monotonic() - self._start < _SLOW:
                return False
            from rich.progress import Progress as Bar

            from .terminal import console

            self._bar = Bar(console=console(sys.stderr), transient=True)
            self._task = self._bar.add_task(self._what, total=self._total)
            self._bar.start()
        return True
