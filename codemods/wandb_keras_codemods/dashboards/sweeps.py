"""Sweeps that go on and optimise a name that new runs do not log, and the file of one that does."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, Iterator

from wandb_keras_codemods.files.outcome import FAILED, UNCHANGED, WRITTEN, Outcome
from wandb_keras_codemods.files.yaml import Runs, migrate_yaml
from wandb_keras_codemods.findings import Finding

from .names import Names
from .server import Project

_ENDED = frozenset({"FINISHED", "CANCELED", "CANCELLED", "STOPPED", "FAILED", "CRASHED"})
_REMEDY = (
    "A sweep keeps its metric: stop this one and start another from the new file, "
    "which --sweeps FOLDER writes."
)


@dataclass(frozen=True)
class Sweep:
    """A sweep on the server.

    Args:
        id: Its id, as in its address.
        title: Its name for people.
        config: Its configuration, as YAML.
        state: Such as ``"RUNNING"``.
    """

    id: str
    title: str
    config: str
    state: str

    @property
    def goes_on(self) -> bool:
        """Whether agents may still ask it for runs."""
        return self.state.upper() not in _ENDED


def look_at_sweeps(project: Project, names: Names) -> Iterator[tuple[Sweep, Outcome]]:
    """Yield the sweeps that go on and optimise a legacy name, and what a new file would have.

    One is left out for which there is such a sweep already.

    Raises:
        Unreachable: The server does not answer.
    """

    def runs(program: str) -> Runs:
        return Runs(names=names.table)

    going_on = [sweep for sweep in map(_sweep, project.sweeps()) if sweep.goes_on]
    configs = [_loaded(sweep.config) for sweep in going_on]
    for sweep in going_on:
        found = migrate_yaml(sweep.config, runs=runs)
        if not found.findings:
            continue
        new = migrate_yaml(sweep.config, runs=runs, rename=True).code
        if new != sweep.config and _loaded(new) in configs:
            continue
        findings = tuple(
            replace(finding, suggestion=f"{finding.suggestion} {_REMEDY}".strip())
            for finding in found.findings
        )
        old, made = sweep.config.encode("utf-8"), new.encode("utf-8")
        path = f"sweep {sweep.title}" + (f" ({sweep.id})" if sweep.title != sweep.id else "")
        yield sweep, Outcome(path, "sweep", sweep.config, new, findings, UNCHANGED, old, made)


def write_sweep(folder: str, project: Project, sweep: Sweep, outcome: Outcome) -> Outcome:
    """Write the file of a new sweep into a folder; a file that is there stays.

    Args:
        folder: The folder.
        project: The project of the sweep.
        sweep: The sweep that it follows.
        outcome: What was found in it.
    """
    if not outcome.changed:
        return outcome
    path = os.path.join(folder, f"sweep-{sweep.id}.yaml")
    head = (
        f"# After the sweep {sweep.id}, for code that logs epoch/...; start it with\n"
        f"#   wandb sweep --entity {project.entity} --project {project.name} {path}\n"
    )
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(head + outcome.after)
    except FileExistsError:
        return outcome
    except OSError as error:
        finding = Finding("WKM904", f"{path}: {error.strerror}", "", 1, 1, 1, 1)
        return outcome.with_state(FAILED, finding)
    return replace(outcome, path=f"{outcome.path}: {path}", state=WRITTEN)


def _sweep(node: dict[str, Any]) -> Sweep:
    title = node.get("displayName") or node["name"]
    return Sweep(node["name"], title, node.get("config") or "", node.get("state") or "")


def _loaded(config: str) -> Any:
    """Return what a configuration says, whatever way it is written."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(config)
    except (YAMLError, ValueError, RecursionError):
        return config
