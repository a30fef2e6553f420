"""The doctor and the codemod read the same code: the same places, on every case."""

from __future__ import annotations

import json
import os

import libcst as cst
import pytest
from case_files import FOLDER, load

from wandb_keras_codemods import migrate
from wandb_keras_codemods.files.looking import look_at
from wandb_keras_codemods.find.meanings import Meanings
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_compat.doctor.diagnosing import examine
from wandb_keras_compat.doctor.sources import scan

PATHS = sorted(FOLDER.glob("*.txt"))


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


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_same_constructions_in_every_case(path, tmp_path):
    source = load(path).before
    (tmp_path / "case.py").write_bytes(source.encode())
    sources = scan(str(tmp_path / "case.py"))
    assert sources.unread == []
    legacy = [call for call in sources.calls if call.short == "WandbCallback"]
    places = sorted(int(call.place.rpartition(":")[2]) for call in legacy)
    assert places == constructed(source)
    migrated = {f.line for f in migrate(source, "compat").findings if f.code == "WKM101"}
    assert migrated <= {*places, *constructed(source, ours=True)}


LEGACY = "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback()])\n"
TREE = {
    "train.py": LEGACY,
    "refused.py": "from wandb.keras import WandbCallback\nf(WandbCallback(**a))\n",
    "shared.py": "from wandb.keras import WandbCallback\ncallbacks = [WandbCallback()]\n",
    "uses.py": "from shared import callbacks\nmodel.fit(x, callbacks=callbacks)\nlen(callbacks)\n",
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
