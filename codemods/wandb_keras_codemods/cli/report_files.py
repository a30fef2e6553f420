"""The option --report: which files it may name, and writing them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Collection, Sequence

from .ending import NoReport, Usage

if TYPE_CHECKING:
    from wandb_keras_codemods.reports import Run


def check_reports(paths: Sequence[str], formats: Collection[str]) -> None:
    """See that a report can be written, before the work is done.

    Args:
        paths: What --report named.
        formats: The endings it may have.

    Raises:
        Usage: One has another ending, or lies in no folder.
    """
    for path in paths:
        if os.path.splitext(path)[1].lower() not in formats:
            raise Usage(f"--report {path}: the ending must be one of {', '.join(formats)}")
        folder = os.path.dirname(path)
        if not os.path.isdir(folder or "."):
            raise Usage(f"--report {path}: there is no folder {folder}")


def write_reports(paths: Sequence[str], run: Run, *, quiet: bool) -> None:
    """Write a run's reports, and say where they are.

    Args:
        paths: What --report named.
        run: What to report.
        quiet: Whether to say nothing.

    Raises:
        NoReport: One could not be written.
    """
    from wandb_keras_codemods.reports import render
    from wandb_keras_codemods.reports.terminal import safe

    for path in paths:
        text = render(run, path)
        try:
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError as error:
            raise NoReport(f"--report {path}: {error.strerror}") from None
        if not quiet:
            print(f"The report is in {safe(path)}.", file=sys.stderr)
