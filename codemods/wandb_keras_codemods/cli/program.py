"""The program ``wandb-keras-migrate``: what it does in which order, and its exit status."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Sequence, TextIO

from wandb_keras_codemods.files.walk import Candidate, Scan
from wandb_keras_codemods.legacy.targets import TARGETS
from wandb_keras_codemods.reports.progress import Progress

from .ending import (
    BROKEN_PIPE,
    CHECK_PENDING,
    DONE,
    HUMAN,
    INTERRUPTED,
    UNPROCESSED,
    UNTOLD,
    USAGE,
    NoReport,
    Untold,
    Usage,
    telling,
    version,
)
from .options import check, check_without_target, parser
from .report_files import write_reports

if TYPE_CHECKING:
    from wandb_keras_codemods.files.looking import Found
    from wandb_keras_codemods.files.outcome import Outcome
    from wandb_keras_codemods.files.process import Options
    from wandb_keras_codemods.find.project import Project
    from wandb_keras_codemods.reports import Run

_MANY = 64  # files from which several processes pay
_EXTRA = (  # modules of the extras
    "libcst", "rich", "pathspec", "ruamel", "markdown_it", "tomli", "wandb", "wandb_workspaces",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: The arguments, ``sys.argv[1:]`` by default.

    Returns:
        The exit status: 0 done, 1 pending, 2 usage, 3 left for a human, 4 a file could not be
        processed, 74 what was done could not be told, 130 interrupted, 141 when nobody reads the
        output any more.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if argv is None else argv)
    of_dashboards = words[:1] == ["dashboards"]
    try:
        if of_dashboards:
            from . import dashboards

            return dashboards.run(words[1:])
        return _Command(parser().parse_args(words)).run()
    except SystemExit as stop:  # argparse has said why
        return int(stop.code or 0)
    except Usage as error:
        print(f"wandb-keras-migrate: {error}", file=sys.stderr)
        return USAGE
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in _EXTRA:
            extra = "dashboards" if of_dashboards else "migrate"
            print(
                f"wandb-keras-migrate: {error.name} is missing; in a clone of the repository:\n"
                f"  pip install '.[{extra}]'",
                file=sys.stderr,
            )
            return USAGE
        raise
    except KeyboardInterrupt:
        print("\nwandb-keras-migrate: interrupted; no file is half written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone
        _swallow(sys.stdout)
        return BROKEN_PIPE
    except NoReport as error:
        print(f"wandb-keras-migrate: {error}", file=sys.stderr)
        return UNTOLD
    except Untold as error:
        _swallow(sys.stdout)
        try:
            print(f"wandb-keras-migrate: the output is not complete: {error}", file=sys.stderr)
            sys.stderr.flush()
        except OSError:
            _swallow(sys.stderr)
        return UNTOLD


def _swallow(stream: TextIO) -> None:
    """Let a stream take what it still holds, and all that follows, to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class _Command:
    """One call of the command."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.base = os.getcwd()

    def run(self) -> int:
        """Do what was asked for."""
        arguments = self.arguments
        if arguments.version:
            print(f"wandb-keras-migrate {version()}")
            return DONE
        if arguments.explain is not None:
            return self._explain(arguments.explain)
        check(arguments)
        self._configure()
        if arguments.target is None:
            check_without_target(arguments)
            return self._compare()
        if arguments.paths == ["-"]:
            return self._filter()
        outcomes, scan = self._look()
        if not outcomes and not arguments.report:
            return self._nothing(scan)
        if arguments.write:
            from wandb_keras_codemods.files.writing import write_all

            outcomes = write_all(outcomes, allow_dirty=arguments.allow_dirty)
        run = self._run(outcomes, scan.files)
        with telling():
            self._tell(run)
        return self._status(run)

    # before

    def _configure(self) -> None:
        """Fill in from pyproject.toml what the command line leaves open."""
        from .configuration import BadConfig, load

        first = self.arguments.paths[0]
        start = "." if first == "-" else first
        try:
            options, folder = load(start if os.path.isdir(start) else os.path.dirname(start) or ".")
        except BadConfig as error:
            raise Usage(str(error)) from None
        defaults: dict[str, Any] = {
            "target": None, "fallback": True, "rename_metrics": False, "allow_dirty": False,
            "jobs": None,
        }  # fmt: skip
        for name, default in defaults.items():
            if getattr(self.arguments, name) is None:
                setattr(self.arguments, name, options.get(name.replace("_", "-"), default))
        self.excludes = [(folder, options.get("exclude", [])), (self.base, self.arguments.exclude)]

    def _options(self, **around: Any) -> Options:
        from wandb_keras_codemods.files.process import Options

        arguments = self.arguments
        chosen = arguments.target, arguments.fallback, arguments.rename_metrics
        return Options(*chosen, **around)

    # the work

    def _compare(self) -> int:
        """Show what each target makes of the code, to choose one."""
        from wandb_keras_codemods.files.outcome import FAILED
        from wandb_keras_codemods.reports.comparison import print_comparison

        runs = []
        with Progress(self.arguments.quiet) as progress:
            found = self._scan(progress)
            for name in TARGETS:
                self.arguments.target = name
                runs.append(self._run(self._process_all(found, progress), found.scan.files))
        if not any(run.outcomes for run in runs):
            return self._nothing(found.scan)
        with telling():
            print_comparison(runs, sys.stdout)
        return UNPROCESSED if any(run.files(FAILED) for run in runs) else DONE

    def _look(self) -> tuple[list[Outcome], Scan]:
        """Scan and process, with a progress bar where that takes long."""
        with Progress(self.arguments.quiet) as progress:
            found = self._scan(progress)
            return self._process_all(found, progress), found.scan

    def _scan(self, progress: Progress) -> Found:
        """Read what is worth a closer look."""
        from wandb_keras_codemods.files.looking import read

        scan = Scan(self.arguments.paths, [(f, p) for f, p in self.excludes if p])
        return read(scan, progress.scanned)

    def _process_all(self, found: Found, progress: Progress) -> list[Outcome]:
        """Process what was read."""
        from wandb_keras_codemods.files.looking import outcomes_of

        outcomes = outcomes_of(found, partial(self._process, progress))
        if self.arguments.verbose:
            return outcomes
        # a cell that is left out, and that is not about the callback
        outcomes = [outcome.without("WKM216") for outcome in outcomes]
        return [outcome for outcome in outcomes if outcome.findings or outcome.changed]

    def _process(
        self,
        progress: Progress,
        candidates: list[Candidate],
        project: Project | None = None,
        **around: Any,
    ) -> list[Outcome]:
        if not candidates:
            return []
        from wandb_keras_codemods.files.process import process_all

        jobs = self.arguments.jobs
        if jobs is None:
            jobs = min(os.cpu_count() or 1, 8) if len(candidates) >= _MANY else 1
        progress.processing(len(candidates))
        options, done = self._options(**around), progress.processed
        return process_all(candidates, options, jobs, done, project)

    def _filter(self) -> int:
        """Migrate standard input to standard output."""
        from wandb_keras_codemods.files.outcome import PENDING, WRITTEN
        from wandb_keras_codemods.files.process import process
        from wandb_keras_codemods.files.walk import kind_of, worth

        name = self.arguments.stdin_filename
        data = sys.stdin.buffer.read()
        kind = kind_of(name) or "python"
        outcomes = []
        new = data
        if worth(kind, data):
            outcome = process(Candidate(name, kind, data), self._options())
            new = outcome.new or data
            outcomes = [outcome] if outcome.findings or outcome.changed else []
        if not self.arguments.check:
            with telling():
                sys.stdout.buffer.write(new)
                sys.stdout.buffer.flush()
            outcomes = [o.with_state(WRITTEN) if o.state == PENDING else o for o in outcomes]
        if not outcomes and not self.arguments.report:
            return DONE
        run = self._run(outcomes, 1)
        with telling():
            self._tell(run, filtering=True)
        return self._status(run)

    # after

    def _run(self, outcomes: list[Outcome], scanned: int) -> Run:
        from wandb_keras_codemods.reports import Run

        arguments = self.arguments
        told = version() if arguments.report else ""  # looking it up takes a quarter of a scan
        return Run(arguments.target, arguments.write, outcomes, scanned, told)

    def _tell(self, run: Run, filtering: bool = False) -> None:
        from wandb_keras_codemods.files.outcome import PENDING, WRITTEN
        from wandb_keras_codemods.reports.terminal import print_diff, print_summary, safe

        arguments = self.arguments
        if arguments.format == "github":
            from wandb_keras_codemods.reports.github import lines

            for line in lines(run):
                print(line, file=sys.stderr if filtering else sys.stdout)
        elif (arguments.check or arguments.write) and not arguments.diff:
            for outcome in run.files(PENDING, WRITTEN):
                print(safe(outcome.path))
        elif not filtering:
            print_diff(run, sys.stdout)
        sys.stdout.flush()
        if not arguments.quiet:
            print_summary(run, sys.stderr, verbose=arguments.verbose)
            if not filtering:
                self._warn(run)
        write_reports(arguments.report, run, quiet=arguments.quiet)

    def _warn(self, run: Run) -> None:
        """Say what cannot be taken back, and which patch does not apply."""
        from wandb_keras_codemods.files.differences import applies
        from wandb_keras_codemods.files.outcome import PENDING, WRITTEN
        from wandb_keras_codemods.files.repositories import without_git

        paths = [outcome.path for outcome in run.files(PENDING, WRITTEN)]
        alone = without_git(paths)
        if alone:
            verb = "was" if run.wrote else "will be"
            which = (
                "no file here" if len(alone) == len(paths) else f"{len(alone)} of these files not"
            )
            self._say(f"Git keeps {which}: there is no way back from what {verb} written.")
        outside = [path for path in paths if not applies(path)]
        shown = self.arguments.diff or not (self.arguments.check or run.wrote)
        if outside and shown and self.arguments.format == "text" and not sys.stdout.isatty():
            self._say(f"As a patch this does not apply: {outside[0]} is not below this folder.")

    def _status(self, run: Run) -> int:
        from wandb_keras_codemods.files.outcome import FAILED, PENDING, SKIPPED

        status = DONE
        if self.arguments.check and run.files(PENDING):
            status = CHECK_PENDING
        if run.left:
            status = HUMAN
        if run.files(FAILED, SKIPPED):
            status = UNPROCESSED
        return status

    def _nothing(self, scan: Scan) -> int:
        if not self.arguments.quiet:
            self._say(f"Nothing to migrate in {scan.files:,} file{'s' * (scan.files != 1)}.")
        return DONE

    def _explain(self, name: str) -> int:
        from wandb_keras_codemods.findings.explain import explain

        try:
            print(explain(name))
        except KeyError as error:
            raise Usage(f"--explain: {error.args[0]}") from None
        return DONE

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr)
