"""The oracle: a program does the same before and after its migration."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import tempfile
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping

from world import Run, run

from programs import Program, cells
from wandb_keras_codemods import migrate
from wandb_keras_codemods.cli import main as command
from wandb_keras_codemods.find.project import Project

TARGETS = ("wandb", "compat", "shim")
_NAMES = re.compile(r"\bWand[bB]\w*|\bwandb[\w.]*|\(?\b\w+\.py, line \d+\)?")
# the parts that target wandb loses, and the finding that says so
_LOST = {
    "WandbParameterHistograms": "WKM301",
    "WandbGradientHistograms": "WKM302",
    "WandbModelGraph": "WKM303",
    "WandbModelFlops": "WKM304",
    "WandbBestMetric": "WKM305",
}


# what is said where a part is left out, because it did nothing or stands there already
_NOTHING, _LOGGED, _NOT_SAVED = "the legacy callback did nothing", "no second one", "no checkpoint"
_NOT_WRITTEN = (_NOTHING, _LOGGED, _NOT_SAVED)
_ENDS = ("on_epoch_end", "on_train_end")


@dataclass(frozen=True)
class Migrated:
    """A program after its migration, and what was said about it.

    Args:
        files: Its files, as ``Program.files``.
        findings: For each file, the findings as dictionaries.
        run: What it did, once it was run.
    """

    files: Mapping[str, str]
    findings: Mapping[str, list[dict[str, Any]]]
    run: Run | None = None

    def codes(self, kind: str | None = None) -> list[str]:
        """Return the codes that were said."""
        return [f["code"] for fs in self.findings.values() for f in fs if kind in (None, f["kind"])]


def runnable(files: Mapping[str, str]) -> dict[str, str | list[str]]:
    return {p: cells(t) if p.endswith(".ipynb") else t for p, t in files.items()}


@lru_cache(maxsize=64)
def _before(program: _Hashable) -> Run:
    return run(runnable(program.it.files), program.it.main, unknown=program.it.unknown)


class _Hashable:
    def __init__(self, it: Program) -> None:
        self.it = it

    def __hash__(self) -> int:
        return hash(self.it.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashable) and other.it == self.it


def migrated(program: Program, target: str, *, tree: bool = False) -> Migrated:
    """Migrate a program: a single file as a text, anything else by the command.

    Args:
        program: The program.
        target: The target.
        tree: Whether a single file is known to be all there is.
    """
    if program.alone:
        source = program.files[program.main]
        project = Project.of({program.main: source.encode("utf-8")}) if tree else None
        done = migrate(source, target, filename=program.main, project=project)
        found = [{**vars(f), "kind": f.kind} for f in done.findings]
        return Migrated({program.main: done.code}, {program.main: found})
    with tempfile.TemporaryDirectory() as folder:
        for path, text in program.files.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            content = notebook_of(cells(text)) if path.endswith(".ipynb") else text
            place.write_bytes(content.encode("utf-8"))
        report = Path(folder, "report.json")
        here = os.getcwd()
        os.chdir(folder)
        try:
            asked = [".", "--write", "--allow-dirty", "--quiet", "--target", target]
            with redirect_stdout(io.StringIO()):
                status = command([*asked, "--report", "report.json"])
        finally:
            os.chdir(here)
        files = {}
        for path in program.files:
            content = Path(folder, path).read_bytes().decode("utf-8")
            files[path] = _text(content) if path.endswith(".ipynb") else content
        found = {}
        if report.exists():
            for file in json.loads(report.read_text(encoding="utf-8"))["files"]:
                found[Path(file["path"]).as_posix()] = file["findings"]
        assert status in (0, 3, 4), (status, found)
    return Migrated(files, found)


def notebook_of(sources: list[str]) -> str:
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": source.splitlines(keepends=True),
                }
                for source in sources
            ],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def _text(content: str) -> str:
    sources = ["".join(cell["source"]) for cell in json.loads(content)["cells"]]
    return "".join("# %%\n" + source + "\n" for source in sources)


def seldom(program: Program) -> bool:
    """Tell whether one is among the third of all programs that are migrated a second time."""
    return sum(map(len, program.files.values())) % 3 == 0


def check(program: Program, target: str, *, tree: bool = False, again: bool = True) -> Migrated:
    """Assert that a program does the same after its migration; return what was migrated.

    Args:
        program: The program.
        target: The target.
        tree: Whether a single file is known to be all there is.
        again: Whether a second migration must change nothing, which costs as much as the first.
    """
    before = _before(_Hashable(program))
    if before.error and before.error[0] == "SyntaxError" and sys.version_info < (3, 12):
        return migrated(program, target, tree=tree)  # newer syntax: it is migrated here, not run
    assert (before.error is not None) == program.fails, f"the program itself: {before.error}"
    after = migrated(program, target, tree=tree)
    said = "\n".join(
        f"  {path}:{f['line']} {f['code']} {f['message']}"
        for path, found in after.findings.items()
        for f in found
    )
    shown = "\n".join(f"#--- {path}\n{text}" for path, text in after.files.items())
    story = f"\n{shown}\n{said}\n"
    crashed = {"WKM902", "WKM907"} & set(after.codes())
    assert not crashed, f"the tool failed with {crashed}{story}"
    if again:
        second = migrated(Program(program.name, after.files), target, tree=tree)
        assert second.files == after.files, f"not idempotent{story}"
    ran = run(runnable(after.files), program.main, unknown=program.unknown)
    same(program, before, ran, after, target, story)
    spared = any("wandb-keras: ignore" in text for text in program.files.values())
    if target != "wandb" and not after.codes("manual") + after.codes("error") and not spared:
        gone = run(runnable(after.files), program.main, old=False, unknown=program.unknown)
        same(program, before, gone, after, target, "\nwhere the legacy class is gone:" + story)
    return replace(after, run=ran)


def same(
    program: Program, before: Run, after: Run, migration: Migrated, target: str, story: str
) -> None:
    """Assert that two runs did the same, apart from what target wandb says it loses."""
    if target == "wandb" and "gradient" in str(before.error) and "WKM302" in migration.codes():
        return  # what failed for want of data for the gradients is lost, and said to be
    assert _error(after) == _error(before), f"{after.error} instead of {before.error}{story}"
    if target == "wandb" and sys.version_info < (3, 11):
        return  # where on its line a callback was constructed cannot be told
    if target == "wandb":
        expected = _expected(program, before.events, migration)
        events = _features(after.events)
    else:
        expected = [_without_site(event) for event in before.events]
        events = [_without_site(event) for event in after.events]
    for number, (one, other) in enumerate(zip(expected, events)):
        assert other == one, f"event {number} is\n  {other}\ninstead of\n  {one}{story}"
    assert len(events) == len(expected), (
        f"{events[len(expected) :][:3]} too much, {expected[len(events) :][:3]} missing{story}"
    )
    if target != "wandb" and before.error is None:
        made = Counter(told for told, _ in before.made), Counter(told for told, _ in after.made)
        assert made[0] == made[1], f"made {made[1] - made[0]}, not {made[0] - made[1]}{story}"


def _error(done: Run) -> tuple[str, str] | None:
    """The type and the message, without names that the migration changes."""
    if done.error is None:
        return None
    kind, message = done.error
    return kind.replace("ModuleNotFoundError", "ImportError"), _NAMES.sub("*", message)


def _without_site(event: tuple[Any, ...]) -> tuple[Any, ...]:
    return event[:-1] if event[0] == "hook" else event


# -- target wandb: what a migrated construction keeps, under the names of the trio -----------------


def _expected(
    program: Program, events: list[tuple[Any, ...]], migration: Migrated
) -> list[tuple[Any, ...]]:
    """What is to happen after the migration: the same, less what findings say is lost."""
    sources = runnable(program.files)
    replaced = [
        event if event[0] != "hook" else (*event[:-1], _codes_at(event[-1], sources, migration))
        for event in events
    ]
    return _features(replaced)


def _codes_at(
    site: tuple[str, int, int], sources: Mapping[str, str | list[str]], migration: Migrated
) -> frozenset[str]:
    """The codes of the findings where a callback was constructed; empty if it was kept."""
    path, line, column = site
    text = sources.get(path, "")
    if isinstance(text, str) and not text.isascii():  # Python counts bytes
        row = text.lstrip("\ufeff").splitlines()[line - 1]
        column = len(row.encode()[: column - 1].decode()) + 1
    found = migration.findings.get(path, [])
    cell = None
    if path.startswith("cell "):
        cell = int(path.split()[1])
        found = [f for fs in migration.findings.values() for f in fs]
    at = [f for f in found if (f["line"], f["column"], f.get("cell")) == (line, column, cell)]
    if not at and text:  # Python places a call of a member over several lines at the member
        inside = [f for f in found if f["code"] == "WKM101" and _covers(f, line, column)]
        at = [f for f in found if inside and _place(f) == _place(max(inside, key=_place))]
    codes = frozenset(f["code"] for f in at)
    said = " ".join(f["message"] for f in at)
    codes |= frozenset(told for told in _NOT_WRITTEN if told in said)
    return codes if "WKM101" in codes else frozenset()


def _place(finding: dict[str, Any]) -> tuple[int, int]:
    return finding["line"], finding["column"]


def _covers(finding: dict[str, Any], line: int, column: int) -> bool:
    return _place(finding) < (line, column) < (finding["end_line"], finding["end_column"])


def _features(events: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Tell each hook by what it does, in an order that does not depend on the parts'."""
    told: list[tuple[Any, ...]] = []
    group: list[tuple[Any, ...]] = []
    for event in [*events, ("end",)]:
        if group and _within(group, event):
            continue
        if event[0] == "hook" and (not group or group[0][1] == event[1]):
            group.append(event)
            continue
        if (
            event[0] == "out" and group
        ):  # what a part prints in a hook stands before the hook of all
            told.append(event)
            continue
        told += _sorted(group)
        group = []
        if event[0] == "hook":
            group = [event]
        elif event[0] != "end":
            told.append(event)
    return told


def _within(group: list[tuple[Any, ...]], event: tuple[Any, ...]) -> bool:
    """Whether a written table runs its base's hook inside its own: it says itself when it logs."""
    told = event[0] == "hook" and event[2][1] == "WandbValidationTable"
    return told and event[1] in _ENDS and group[0][1] != event[1]


def _codes(event: tuple[Any, ...]) -> frozenset[str]:
    return event[5] if isinstance(event[5], frozenset) else frozenset()


def _sorted(group: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    found = []
    names = ["", *(part[1] for _, _, part, *_ in group), ""]
    beside = [e for e in group if e[2][1] == "WandbMetricsLogger" and _LOGGED not in _codes(e)]
    around = zip(group, names, names[2:])
    for event, before, following in around:
        _, hook, part, models, arguments, _ = event
        codes = _codes(event)
        if _LOGGED in codes and part[1] == "WandbMetricsLogger":
            assert beside, "no logger is beside it in this fit"
        if codes and (part[1], following) == ("WandbPredictionImages", "WandbPredictionTable"):
            continue  # pictures and table are one, and that has all rows
        feature = _feature(part, codes)
        if codes and (before, part[1]) == ("WandbPredictionImages", "WandbPredictionTable"):
            feature = feature and (*feature[:-1], "1")  # as often as the pictures
        # when a table is logged its frequency says; its class runs the base's hooks then alone
        if feature is not None and not (feature[0] == "table" and hook in _ENDS):
            found.append(("hook", hook, feature, models, arguments))
    return sorted(found, key=repr)


def _first(values: tuple[Any, ...], count: str) -> tuple[Any, ...]:
    """The first of some told values; of what is not known, what a slice of it is called."""
    kind, items = values
    count = {"True": "1", "False": "0"}.get(count, count)
    if kind in ("list", "tuple") and count.lstrip("-").isdigit():
        return kind, items[: int(count)]
    return (kind, f"{items}[slice]") if kind == "unknown" else values


def _pair(data: tuple[Any, ...]) -> tuple[Any, Any]:
    """The inputs and targets of validation data; of what is not known, its first batch's."""
    kind, items = data
    if kind == "unknown":
        return (kind, f"{items}[0][slice][0]"), (kind, f"{items}[0][slice][1]")
    return items[0], items[1]


def _labels(given: dict[str, Any]) -> Any:
    return given["labels"] not in ("None", ("list", ())) and given["labels"]


def _feature(part: tuple[Any, ...], codes: frozenset[str]) -> tuple[Any, ...] | None:
    """What a part does for the user; None when the findings say it is lost."""
    _, name, pairs = part
    given = dict(pairs)
    if _NOTHING in codes or (_LOGGED in codes and name == "WandbMetricsLogger"):
        return None
    if _NOT_SAVED in codes and name == "WandbBestModel":
        assert given["monitor"].startswith("'val_"), "it was there all the same"
        return None
    if name == "WandbMetricsLogger":
        style = given["key_style"]
        if codes and style == "'legacy'":
            assert "WKM201" in codes, "other keys, and no finding says so"
            style = "'trio'"
        return "metrics", given["log_freq"], style
    if name == "WandbBestModel" and codes:
        assert "WKM202" in codes, "another model file, and no finding says so"
        return (
            "model",
            given["monitor"],
            given["mode"],
            given["save_weights_only"],
            given["verbose"],
        )
    if name == "WandbModelCheckpoint":
        weights = given["save_weights_only"] not in ("False", "None", "0", "''")
        path = "model-best.weights.h5" if weights else "model-best.keras"
        if given["filepath"] == repr(path) and given["save_best_only"] == "True":
            return "model", given["monitor"], given["mode"], str(weights), given["verbose"]
    if name == "WandbValidationTable":
        return "table", given["inputs"], given["targets"], _labels(given), given["frequency"]
    if name in ("WandbPredictionImages", "WandbPredictionTable") and codes:
        assert "WKM210" in codes, "another table, and no finding says so"
        data = given.get("data of fit", given["validation_data"])
        if given.get("generator", "None") != "None":  # what it is asked for before the fit's
            data = given["generator"]
        inputs, targets = _pair(data)
        if name == "WandbPredictionImages":
            inputs, targets = (_first(values, given["predictions"]) for values in (inputs, targets))
        return "table", inputs, targets, _labels(given), given.get("frequency", "1")
    if name in _LOST and codes and _LOST[name] in codes:
        return None
    return "part", *part
