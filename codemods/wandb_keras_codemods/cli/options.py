"""The command line of ``wandb-keras-migrate``: its options, its help, and what excludes what."""

from __future__ import annotations

import argparse
import os

from wandb_keras_codemods.legacy.targets import TARGETS

from .ending import Usage
from .report_files import check_reports

_DESCRIPTION = """\
Migrate code from W&B's deleted WandbCallback.

Without --target, what each of the three makes of the code is shown side by side,
to choose one. Without --write nothing is changed: the diff goes to standard
output (piped, it is a patch for git apply), everything else to standard error.
Python files, notebooks, sweep and requirement files are read; of notebooks only
the source of code cells changes, and a cell of which nothing is left goes."""

_EPILOG = """\
examples:
  wandb-keras-migrate .                           compare the targets
  wandb-keras-migrate . --target compat           show what would change
  wandb-keras-migrate . --target compat --write   change it
  wandb-keras-migrate . --target compat --check   for CI: exit 1 when work is pending
  wandb-keras-migrate . --target compat --report report.html
                                                  a page to read and to share
  wandb-keras-migrate --explain log_weights       what becomes of an argument
  wandb-keras-migrate - --target compat < old.py > new.py
                                                  as a filter
  wandb-keras-migrate dashboards ENTITY/PROJECT   what reads the old names on the server

exit status (the largest that applies):
  0 done   1 pending (--check)   2 usage   3 something is left for you
  4 a file could not be processed and is untouched, or --write wrote nothing
  74 all was done as the status would say, but the output could not be written

A comment  # wandb-keras: ignore  or  # wandb-keras: ignore[WKM101]  keeps the
tool away from its line. Options can stand in pyproject.toml, under
[tool.wandb-keras-migrate]."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="wandb-keras-migrate",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders; - filters standard input")
    what = made.add_argument_group("what it becomes")
    what.add_argument(
        "--target",
        choices=tuple(TARGETS),
        help="; ".join(f"{target.name}: to {target.purpose}" for target in TARGETS.values()),
    )
    what.add_argument(
        "--no-fallback",
        action="store_false",
        dest="fallback",
        default=None,
        help="leave the import of what cannot be migrated; else it comes from wandb_keras_compat",
    )
    what.add_argument(
        "--rename-metrics",
        action="store_true",
        default=None,
        help="rewrite metric names that are literals: val_loss becomes epoch/val_loss",
    )
    how = made.add_argument_group("what is done")
    how.add_argument("--write", action="store_true", help="change the files: all, or none")
    how.add_argument(
        "--diff", action="store_true", help="print the diff (default), also with --write or --check"
    )
    how.add_argument("--dry-run", action="store_true", help="change nothing (default)")
    how.add_argument("--check", action="store_true", help="list the files that are pending, exit 1")
    how.add_argument(
        "--allow-dirty",
        action="store_true",
        default=None,
        help="also change files with changes that are not committed to git",
    )
    how.add_argument(
        "--exclude",
        action="append",
        metavar="PATTERN",
        help="leave out what matches, as in .gitignore; may be given several times",
    )
    how.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes to use (default: as many as fit)"
    )
    how.add_argument(
        "--stdin-filename", metavar="NAME", default="stdin.py", help="what - stands for"
    )
    told = made.add_argument_group("what is told")
    told.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FILE",
        help="write a report: .json, .sarif, .md or .html; may be given several times",
    )
    told.add_argument(
        "--format",
        choices=("text", "github"),
        default="text",
        help="github: annotations for a workflow's log instead of the diff",
    )
    told.add_argument("--explain", metavar="CODE|ARGUMENT", help="explain and stop")
    told.add_argument("-v", "--verbose", action="store_true", help="print every finding")
    told.add_argument("-q", "--quiet", action="store_true", help="print no findings, no table")
    told.add_argument("-V", "--version", action="store_true", help="print the version and stop")
    return made


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, not {text!r}")
    return int(text)


def check(arguments: argparse.Namespace) -> None:
    """See that what the command line asks for is possible.

    Raises:
        Usage: It is not.
    """
    if not arguments.paths:
        raise Usage("no PATH given; try: wandb-keras-migrate . (--help tells more)")
    if "-" in arguments.paths and len(arguments.paths) > 1:
        raise Usage("- stands alone: it filters standard input")
    for other in ("check", "dry_run"):
        if arguments.write and getattr(arguments, other):
            raise Usage(f"--write and --{other.replace('_', '-')} exclude each other")
    for path in arguments.paths:
        if path != "-" and not os.path.lexists(path):
            raise Usage(f"there is no {path}")
    if arguments.paths == ["-"] and arguments.write:
        raise Usage("--write needs files; - writes to standard output")
    if arguments.report:
        from wandb_keras_codemods.reports import FORMATS

        check_reports(arguments.report, FORMATS)


def check_without_target(arguments: argparse.Namespace) -> None:
    """See that nothing is asked for that hangs on the target.

    Raises:
        Usage: Something is.
    """
    asked = [f"--{name}" for name in ("write", "check", "report") if getattr(arguments, name)]
    if arguments.paths == ["-"]:
        asked.append("-")
    if arguments.format != "text":
        asked.append(f"--format {arguments.format}")
    if asked:
        choices = "".join(f"\n  --target {t.name:<8}to {t.purpose}" for t in TARGETS.values())
        raise Usage(f"{asked[0]} needs a target:{choices}")
