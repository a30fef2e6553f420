"""The command ``wandb-keras-migrate dashboards``: its options, what it does, its exit status."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Sequence

from wandb_keras_codemods.files.outcome import (
    FAILED,
    LEFT,
    PENDING,
    SKIPPED,
    UNCHANGED,
    WRITTEN,
    Outcome,
)
from wandb_keras_codemods.reports import Run, Subject
from wandb_keras_codemods.reports.progress import Progress

from .ending import DONE, HUMAN, UNPROCESSED, Usage, telling, version
from .report_files import check_reports, write_reports

if TYPE_CHECKING:
    from wandb_keras_codemods.dashboards import Project, Runs

SUBJECT = Subject(
    title="W&B dashboards",
    noun="dashboard",
    codes=("WKM701", "WKM702"),
    done="Places",
    work=("place", "places", "change"),
    becomes=("would be copied", "copied"),
    none="Nothing reads a name of the legacy callback.",
    hint="Nothing was saved. Save the copies with --write.",
)
FORMATS = (".html", ".json")

_DESCRIPTION = """\
Find what reads the names of the legacy callback in a project on a W&B server.

With --target wandb, code logs val_loss as epoch/val_loss, and every panel that
reads the old name goes empty. Saved views and reports are looked at (panels,
tables, filters, orders, groupings, expressions), and sweeps that go on. Nothing
is changed without --write, and nothing is ever overwritten: a new view is saved
beside the old one, a draft beside a report, its name ending in "epoch/". To
undo it, delete the copies."""

_EPILOG = """\
The copies show both names, so that runs from before and after the migration
stand in one chart. A scalar, an axis, a filter, an order and a grouping take
one name: there it is the new one.

Runs are looked at, too, the oldest and the newest 100: it says how many have the
old names, so that one sees when these can go.

The account is that of wandb login or WANDB_API_KEY. What is saved is found
again, so the command can be run as often as you like.

exit status (the largest that applies):
  0 done   2 usage   3 something is left for you
  4 something could not be copied, or the server did not answer

For a folder of the name, write ./dashboards."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="wandb-keras-migrate dashboards",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("project", metavar="ENTITY/PROJECT", help="the project, as its address ends")
    add("--write", action="store_true", help="save the copies")
    add("--only-new", action="store_true", help="let the copies read the new names alone")
    add(
        "--metric",
        action="append",
        default=[],
        metavar="NAME",
        help="a metric that compile was given and the table of names lacks; may be given again",
    )
    add(
        "--sweeps",
        metavar="FOLDER",
        help="write the file of a new sweep for each that goes on and optimises an old name",
    )
    add(
        "--report",
        action="append",
        default=[],
        metavar="FILE",
        help="write a report: .json or .html; may be given several times",
    )
    add("-v", "--verbose", action="store_true", help="print every finding")
    add("-q", "--quiet", action="store_true", help="print no findings, no table")
    return made


def run(words: Sequence[str]) -> int:
    """Run the command.

    Raises:
        Usage: The command line is wrong.
    """
    arguments = parser().parse_args(words)
    entity, name = _project(arguments.project)
    check_reports(arguments.report, FORMATS)
    if arguments.sweeps is not None and not os.path.isdir(arguments.sweeps):
        raise Usage(f"--sweeps {arguments.sweeps}: there is no such folder")
    _installed()
    return _Command(arguments, entity, name).run()


def _project(text: str) -> tuple[str, str]:
    parts = text.split("/")
    if len(parts) != 2 or not all(parts):
        raise Usage(f"dashboards: ENTITY/PROJECT is wanted, such as team/mnist, not {text!r}")
    return parts[0], parts[1]


def _installed() -> None:
    """See that the extra is there, before anything is asked of a server."""
    if sys.version_info < (3, 10):
        raise Usage("dashboards: wandb-workspaces needs Python 3.10 or newer")
    import_module("wandb_workspaces.reports.v2.gql")


class _Command:
    """One call of the command."""

    def __init__(self, arguments: argparse.Namespace, entity: str, name: str) -> None:
        self.arguments = arguments
        self.entity, self.name = entity, name
        self.outcomes: list[Outcome] = []
        self.notes: list[str] = []
        self.looked_at = 0
        self.stopped = ""

    def run(self) -> int:
        """Look, save when asked to, and tell."""
        from wandb_keras_codemods.dashboards import Unreachable

        try:
            self._work()
        except Unreachable as error:
            self.stopped = str(error)
        if self.looked_at or not self.stopped:
            with telling():
                self._tell()
        if self.stopped:
            from wandb_keras_codemods.reports.terminal import safe

            print(f"wandb-keras-migrate: {safe(self.stopped)}", file=sys.stderr)
        return self._status()

    def _work(self) -> None:
        from wandb_keras_codemods import dashboards as room

        arguments = self.arguments
        with Progress(arguments.quiet) as progress:
            project = room.Project(self.entity, self.name)
            listed = room.list_all(project, (room.VIEW, room.REPORT))
            runs = self._runs(project, progress)
            names = room.Names([*arguments.metric, *runs.metrics])
            self._note_listed(listed.personal, len(listed.copies))
            progress.processing(len(listed.looked_at), "views")
            saved: set[str] = set()
            for looked in room.look(project, listed, names, only_new=arguments.only_new):
                self.looked_at += 1
                outcome = looked.outcome
                try:
                    if arguments.write:
                        outcome = room.save(project, looked)
                finally:  # what was on its way when the server stopped, too
                    self._keep(outcome)
                if outcome.state == WRITTEN:
                    saved.add(room.name_of_copy(looked.saved))
                progress.processed()
            if saved:
                room.drop_twins(project, saved)
            for sweep, outcome in room.look_at_sweeps(project, names):
                self.looked_at += 1
                if arguments.sweeps is not None:
                    outcome = room.write_sweep(arguments.sweeps, project, sweep, outcome)
                self._keep(outcome)

    def _runs(self, project: Project, progress: Progress) -> Runs:
        from wandb_keras_codemods import dashboards as room

        names = room.Names(self.arguments.metric)
        runs = room.look_at_runs(
            project,
            names,
            going_to=lambda total: progress.processing(total, "runs"),
            done=progress.processed,
        )
        self.notes.append(runs.told())
        return runs

    def _keep(self, outcome: Outcome) -> None:
        if outcome.findings:
            skipped = self.arguments.write and outcome.state == PENDING
            self.outcomes.append(outcome.with_state(SKIPPED) if skipped else outcome)

    def _note_listed(self, personal: int, copies: int) -> None:
        if copies:
            self.notes.append(
                f"{copies} have a copy already: that was looked at instead. Delete a copy to have "
                "it made anew."
            )
        if personal:
            self.notes.append(
                f"{personal} personal workspace{'s were' if personal > 1 else ' was'} left out: "
                "save what you want to keep as a view first."
            )

    def _tell(self) -> None:
        from wandb_keras_codemods.reports.terminal import print_diff, print_summary, safe

        arguments = self.arguments
        run = Run(
            "wandb", arguments.write, self.outcomes, self.looked_at, version(), SUBJECT, self.notes
        )
        for outcome in run.files(WRITTEN):
            print(safe(outcome.path))
        if not arguments.write:
            print_diff(replace(run, outcomes=run.files(PENDING, UNCHANGED)), sys.stdout)
        sys.stdout.flush()
        if not arguments.quiet:
            print_summary(run, sys.stderr, verbose=arguments.verbose)
        write_reports(arguments.report, run, quiet=arguments.quiet)

    def _status(self) -> int:
        states = {outcome.state for outcome in self.outcomes}
        if self.stopped or states & {FAILED, SKIPPED}:
            return UNPROCESSED
        return HUMAN if any(outcome.count(*LEFT) for outcome in self.outcomes) else DONE
