"""The doctor and the codemod read the same code: the same places, on every case."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

import libcst as cst
import pytest
from case_files import FOLDER, load, run

from wandb_keras_codemods.files.looking import look_at
from wandb_keras_codemods.find import values
from wandb_keras_codemods.find.meanings import Meanings
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_compat.doctor.arguments import UNKNOWN
from wandb_keras_compat.doctor.diagnosing import examine
from wandb_keras_compat.doctor.sources import scan

HERE = Path(__file__).parent
sys.path.append(str(HERE / "differential"))  # its programs are trees and notebooks, too
from harness import notebook_of  # noqa: E402

from programs import cells  # noqa: E402

PATHS = sorted(FOLDER.glob("*.txt"))
KINDS = sorted(path.stem for path in (HERE / "differential" / "kinds").glob("k*.py"))
PRAGMA = "wandb-keras: ignore"  # it silences the codemod alone
PROGRAMS = [
    pytest.param(program, id=f"{kind}: {program.name}")
    for kind in KINDS
    for program in importlib.import_module(f"kinds.{kind}").PROGRAMS
    if not program.alone and not any(PRAGMA in file for file in program.files.values())
][:: 1 if os.environ.get("DIFFERENTIAL_ALL") else 12]
NOTEBOOKS = [
    *sorted((HERE / "files" / "notebooks").glob("*.ipynb")),
    HERE.parents[1] / "examples" / "legacy_notebook.ipynb",
]
NO_CALLS = ("WKM102", "WKM103", "WKM104")


def constructed(source, ours=False):
    """Return the lines where the codemod sees the legacy class called or derived from.

    W&B's own; of that of this package there is nothing to diagnose.
    """
    module = Module(cst.parse_module(source.lstrip("\ufeff")))
    lines = []
    for reference in Usages(module, Meanings(module)).references:
        above = module.parent(reference.node)
        called = isinstance(above, cst.Call) and above.func is reference.node
        derived = isinstance(above, cst.Arg) and isinstance(module.parent(above), cst.ClassDef)
        of_this_package = not any(name.startswith("wandb.") for name in reference.names)
        if (called or derived) and of_this_package == ours:
            at = above if called else module.parent(above).name
            lines.append(module.position(at).start.line)
    return sorted(lines)


def told(findings, path="", codes=None):
    """Return the places of which the codemod says what becomes of a construction."""
    return {
        f"{path}{'' if f.cell is None else f' cell {f.cell}'}:{line}"
        for f in findings
        if (f.code in codes if codes else f.kind in ("migrated", "manual"))
        if f.code not in NO_CALLS
        for line in range(f.line, f.line + 1 if codes else f.end_line + 1)
    }


@pytest.fixture(scope="module")
def seen():
    """The constructions that the doctor found, of each kind of case."""
    return {"source": 0, "tree": 0, "notebook": 0}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_same_constructions_in_every_case(path, tmp_path, seen):
    case = load(path)
    source = case.before
    (tmp_path / "case.py").write_bytes(source.encode())
    sources = scan(str(tmp_path / "case.py"))
    assert sources.unread == []
    legacy = [call for call in sources.calls if call.short == "WandbCallback"]
    places = sorted(int(call.place.rpartition(":")[2]) for call in legacy)
    assert places == constructed(source)
    findings = run(case, "compat").findings
    migrated = {f.line for f in findings if f.code == "WKM101"}
    assert migrated <= {*places, *constructed(source, ours=True)}
    seen["source"] += len(places)
    if PRAGMA not in source:
        assert {f":{place}" for place in places} <= told(findings)


def agree(folder):
    """Assert that both give the same list for a folder; return how long it is."""
    sources = scan(folder)
    places = {call.place for call in sources.calls if call.short == "WandbCallback"}
    outcomes = look_at([folder], target="compat")
    said = set().union(*(told(o.findings, o.path) for o in outcomes))
    migrated = set().union(*(told(o.findings, o.path, ("WKM101",)) for o in outcomes))
    assert migrated <= places
    assert places <= said
    return len(places)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_same_constructions_in_trees_and_notebooks(program, tmp_path, monkeypatch, seen):
    monkeypatch.chdir(tmp_path)
    for name, text in program.files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook_of(cells(text)) if path.suffix == ".ipynb" else text)
    number = agree(".")
    seen["notebook" if program.main.endswith(".ipynb") else "tree"] += number


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_same_constructions_in_real_notebooks(path, seen):
    number = agree(str(path))
    assert number >= 1
    seen["notebook"] += number


def test_there_was_something_to_agree_on(seen, request):
    if len(request.session.items) < len(PATHS) + len(PROGRAMS):
        pytest.skip("only a part of the cases was run")
    assert seen["source"] >= 400
    assert seen["tree"] >= 10
    assert seen["notebook"] >= 20


LEGACY = "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback()])\n"
TREE = {
    "train.py": LEGACY,
    "refused.py": "from wandb.keras import WandbCallback\nf(WandbCallback(**a))\n",
    "shared.py": "from wandb.keras import WandbCallback\ncallbacks = [WandbCallback()]\n",
    "uses.py": "from shared import callbacks\nmodel.fit(x, callbacks=callbacks)\nshow(callbacks)\n",
    "read.py": "import wandb\nwandb.Api().run(p).history()['val_loss']\n",
    "requirements.txt": "wandb<0.17\n",
    "sweep.yaml": "program: train.py\nmethod: grid\nmetric: {name: val_loss}\nparameters: {}\n",
    "README.md": "```\nfrom wandb.keras import WandbCallback\n```\n",
    "fastai.md": "```\nfrom fastai.callback.wandb import WandbCallback\n```\n",
    "n.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "code", "source": f"%time x = 1\n{LEGACY}", "metadata": {}},
                {"cell_type": "markdown", "source": "`wandb.keras`", "metadata": {}},
            ],
            "metadata": {},
            "nbformat": 4,
        }
    ),
}


def test_both_say_alike_what_is_not_known():
    assert values.UNKNOWN is UNKNOWN


def test_its_counts_are_the_codemods_for_the_files_of_one_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in TREE.items():
        (tmp_path / name).write_text(text)
    outcomes = look_at(["."], target="compat")
    found = [(outcome.path, f) for outcome in outcomes for f in outcome.findings]
    calls = sum(f.code == "WKM101" for _, f in found)
    left = [
        f"{path}{'' if f.cell is None else f' cell {f.cell}'}:{f.line}  {f.code} {f.message}"
        for path, f in found
        if f.kind in ("manual", "metric", "requirement")
    ]
    _, _, diagnoses = examine(".")
    (said,) = [one for one in diagnoses if one.id == "codemod"]
    sentence = f"The codemod can migrate {calls} calls; {len(left)} things are left for you."
    assert said.what == sentence
    assert list(said.where) == left
    assert {os.path.basename(line.split(":")[0].split(" ")[0]) for line in left} == {
        "refused.py", "shared.py", "requirements.txt", "README.md", "n.ipynb",
    }  # fmt: skip
