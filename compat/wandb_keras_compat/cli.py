"""The command ``wandb-keras-compat``: run, enable, disable, doctor, compare, matrix."""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import Sequence

from . import __version__
from ._printed import coloured, safe, say

EQUAL, DIFFERENT, UNKNOWN, USAGE = 0, 1, 2, 2
BROKEN_PIPE = 141  # as shells count signals
RUN_USAGE = "wandb-keras-compat run [--theirs] [--offline] [--show] [-m | -c] SCRIPT [ARGS...]"
_PYTHONS_OWN = re.compile(r"-[bBdEiIOPqRsStuvVWxX]")
_EPILOG = """\
examples:
  wandb-keras-compat doctor .                 what breaks here, and the remedy
  wandb-keras-compat run train.py --epochs 5  run a script as it is
  wandb-keras-compat run --show train.py      and print what was recorded
  wandb-keras-compat enable                   every Python of this environment
  wandb-keras-compat compare before after     what two runs recorded differently
  wandb-keras-compat matrix --requires 'keras>=3' --format github

`wandb-keras-compat COMMAND --help` tells more about each command."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments; by default those of the process.

    Returns:
        The exit status: 0 success (equal runs), 1 failure (different runs), 2 wrong usage, 141 when
        nobody reads the output any more.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    script: list[str] = []
    if arguments[:1] == ["run"]:
        arguments, script = _split(arguments)
        own = [argument for argument in arguments if _PYTHONS_OWN.match(argument)]
        if own:
            command = f"python {own[0]} ... -m wandb_keras_compat run SCRIPT"
            return _fail(f"run: {own[0]} is an option of Python: {command}", USAGE)
    if not arguments:  # what is not told what to do says what it can do
        say(parser().format_help().rstrip(), sys.stderr)
        return USAGE
    options = parser().parse_args(arguments)
    if options.command == "run":
        return _run(options, script)
    handlers = {
        "compare": _compare,
        "disable": _disable,
        "doctor": _doctor,
        "enable": _enable,
        "matrix": _matrix,
    }
    try:
        status = handlers[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return status


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Separate the options of ``run`` from the script and the arguments that are its own."""
    for index, argument in enumerate(arguments[1:], start=1):
        if argument == "--":
            return arguments[:index], arguments[index + 1 :]
        if argument in ("-m", "-c", "-") or not argument.startswith("-"):
            end = index + (argument in ("-m", "-c"))
            return arguments[:end], arguments[end:]
    return arguments, []


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="wandb-keras-compat",
        description="Run legacy W&B Keras scripts on every Keras and every wandb.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True)

    run = commands.add_parser(
        "run",
        usage=RUN_USAGE,
        help="run a script with its legacy imports working",
        description="Run SCRIPT as `python SCRIPT ARGS` would, with legacy imports working.",
    )
    _add_preference(run)
    run.add_argument(
        "--offline",
        action="store_true",
        help="record to disk only, whatever the script says; needs no W&B account",
    )
    run.add_argument("--show", action="store_true", help="end by printing what was recorded")
    what = run.add_mutually_exclusive_group()
    for option, help_ in (("-m", "SCRIPT is a module's name"), ("-c", "SCRIPT is code")):
        what.add_argument(
            option, dest="option", action="store_const", const=option, default="", help=help_
        )

    enable = commands.add_parser(
        "enable", help="make legacy imports work in every Python of this environment"
    )
    _add_preference(enable)
    commands.add_parser("disable", help="undo `enable`")

    doctor = commands.add_parser(
        "doctor",
        help="say what will break here, and the remedy",
        description="Exit status 0: nothing breaks, 1: something will, 2: not all was read.",
    )
    doctor.add_argument("path", metavar="PATH", nargs="?", help="code to look at as well")
    doctor.add_argument("--json", action="store_true", help="print JSON")

    compare = commands.add_parser(
        "compare",
        help="compare what two offline runs recorded",
        description="Compare two runs; exit status 0: equal, 1: different, 2: nobody can say.",
    )
    compare.add_argument("run_a", metavar="RUN_A", help="directory of an offline run")
    compare.add_argument("run_b", metavar="RUN_B", help="directory of another one")
    compare.add_argument(
        "--map",
        metavar="OLD=NEW",
        action="append",
        default=[],
        help="a name of RUN_A and what it is in RUN_B; one * stands for every metric that RUN_B has"
        r" under the new name: '*=epoch/*'; \* and \= stand for themselves",
    )
    compare.add_argument(
        "--tolerance",
        type=float,
        default=1e-6,
        metavar="T",
        help="numbers may differ by T * max(1, |a|, |b|); default: %(default)g",
    )
    compare.add_argument(
        "--ignore",
        metavar="KEY",
        action="append",
        default=[],
        help="a key not to compare (pattern), or with its place: 'summary:graph', 'config:*'",
    )
    compare.add_argument("--json", action="store_true", help="print JSON")

    matrix = commands.add_parser(
        "matrix",
        help="print the tested versions that requirements admit",
        description="Exit status 0: printed, 1: no tested combination is admitted, 2: wrong usage.",
    )
    matrix.add_argument(
        "--requires",
        metavar="REQUIREMENT",
        action="append",
        default=[],
        help="such as 'tensorflow>=2.10', 'keras<3' or 'python>=3.10'; may be given several times",
    )
    matrix.add_argument(
        "--format",
        choices=("table", "github", "nox"),
        default="table",
        help="github: a workflow's strategy.matrix, nox: parameters of a session",
    )
    return made


def _add_preference(command: argparse.ArgumentParser) -> None:
    whose = command.add_mutually_exclusive_group()
    whose.add_argument(
        "--theirs",
        dest="prefer",
        action="store_const",
        const="wandb",
        default="ours",
        help="use W&B's own callbacks where the installed W&B still has them",
    )
    whose.add_argument(
        "--ours",
        dest="prefer",
        action="store_const",
        const="ours",
        help="use this package's callbacks everywhere (default)",
    )


def _run(options: argparse.Namespace, script: list[str]) -> int:
    from .shim import run_script

    if not script:
        return _fail(f"run: name a script: {RUN_USAGE}", USAGE)
    if options.offline:
        from .shim import offline

        offline.keep()
    if options.prefer == "wandb":
        say(f"wandb-keras-compat: {run_script.theirs_note()}", sys.stderr)
    if options.show:
        os.environ.setdefault("WANDB_QUIET", "true")  # the report tells the same, and more
        run_script.show_at_exit()
    try:
        run_script.run(script[0], script[1:], option=options.option, prefer=options.prefer)
    except run_script.CannotRunError as error:
        return _fail(str(error), error.status)
    return 0


def _enable(options: argparse.Namespace) -> int:
    from .shim import enable

    try:
        say(enable.enable(options.prefer))
    except enable.EnableError as error:
        return _fail(str(error), 1)
    return 0


def _disable(options: argparse.Namespace) -> int:
    from .shim import enable

    try:
        say(enable.disable())
    except enable.EnableError as error:
        return _fail(str(error), 1)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from .doctor import BREAK, examine
    from .doctor.report import as_json, as_text

    try:
        facts, sources, found = examine(options.path)
    except FileNotFoundError:
        return _fail(f"doctor: there is no {safe(options.path)}", USAGE)
    if options.json:
        say(as_json(facts, sources, found))
    else:
        say(as_text(facts, sources, found, colour=coloured(sys.stdout)))
    if any(diagnosis.level == BREAK for diagnosis in found):
        return 1
    unread = options.path is not None and (sources is None or sources.unread)
    return UNKNOWN if unread else 0


def _compare(options: argparse.Namespace) -> int:
    from .recording import RecordingError
    from .recording.difference_report import as_json, as_text
    from .recording.differences import Comparison
    from .recording.reader import read_both
    from .recording.renaming import parse

    try:
        rename = [parse(rule) for rule in options.map]
    except ValueError as error:
        return _fail(f"--map {error}", UNKNOWN)
    try:
        a, b = read_both(options.run_a, options.run_b)
        comparison = Comparison(rename, options.tolerance, options.ignore)
        differences = list(comparison.run(a, b))
    except (RecordingError, ValueError) as error:
        return _fail(str(error), UNKNOWN)
    report = as_json if options.json else as_text
    say(report(a, b, differences, options.tolerance, comparison.idle()))
    unknown = [difference for difference in differences if not difference.known]
    if len(unknown) < len(differences):
        return DIFFERENT
    if not unknown:
        return EQUAL
    where = " and ".join(run.directory for run in (a, b) if run.unread) or a.directory
    what = safe(f"{where}: {unknown[0]}")
    return _fail(f"compare: {what}; nobody can say that the runs are equal", UNKNOWN)


def _matrix(options: argparse.Namespace) -> int:
    from .environment.matrix import admitted, render

    try:
        found = admitted(options.requires)
    except ValueError as error:
        return _fail(f"--{error}", USAGE)
    if not found:
        asked = ", ".join(options.requires)
        return _fail(f"no tested combination meets {asked}; `matrix` alone prints all", DIFFERENT)
    say(render(found, options.format))
    return 0


def _fail(message: str, status: int) -> int:
    say(f"wandb-keras-compat: {message}", sys.stderr)
    return status
