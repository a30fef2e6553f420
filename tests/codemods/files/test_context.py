"""What stands around the code that migrates: programs that name its metrics."""

from __future__ import annotations

import json

import pytest

from wandb_keras_codemods import migrate
from wandb_keras_codemods.cli import main
from wandb_keras_codemods.files.walk import kind_of, reads_runs

LEGACY = """\
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])
"""
REFUSED = "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback(**a)])\n"
SWEEP = '{"method": "grid", "metric": {"name": "val_loss", "goal": "minimize"}, "parameters": {}}'
UNUSED = (
    "from wandb.keras import WandbCallback\nbest = wandb.Api().run(p).summary['best_val_loss']\n"
)
READER = """\
import wandb
history = wandb.Api().run("a/b/c").history()
print(history["val_loss"].min())
"""


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    report = tmp_path / "report.json"

    def call(files, *arguments):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        target = [] if "--target" in arguments else ["--target", "wandb"]
        main([".", "--quiet", "--report", "report.json", *target, *arguments])
        return [
            (file["path"], finding["code"])
            for file in json.loads(report.read_text())["files"]
            for finding in file["findings"]
            if finding["code"].startswith(("WKM5", "WKM9"))
        ]

    return call


def cell(source):
    one = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    return json.dumps({"cells": [one], "metadata": {}, "nbformat": 4, "nbformat_minor": 2})


def test_metric_names_in_files_without_the_callback(found):
    files = {
        "src/train.py": LEGACY,
        "src/unused.py": UNUSED,
        "config/sweep.py": f"config = {SWEEP}",
        "config/sweep.json": SWEEP,
        "notebooks/read.ipynb": cell(READER),
        "read.py": READER,
        "python2.py": "print 'a metric of wandb'",
    }
    assert sorted(found(files)) == [
        ("config/sweep.json", "WKM501"),
        ("config/sweep.py", "WKM501"),
        ("notebooks/read.ipynb", "WKM505"),
        ("read.py", "WKM505"),
        ("src/unused.py", "WKM507"),
    ]


@pytest.mark.parametrize("target", ["wandb", "compat", "shim"])
@pytest.mark.parametrize("code", [LEGACY, REFUSED, ""])
def test_only_where_names_change(found, code, target):
    files = {"train.py": code, "read.py": READER, "sweep.yaml": SWEEP}
    names = found(files, "--target", target)
    assert bool(names) == (code == LEGACY and target == "wandb")


def test_they_are_reported_and_never_rewritten():
    migration = migrate(READER, "wandb", renamed=True, rename_metrics=True)
    assert not migration.changed
    (finding,) = migration.findings
    assert (finding.code, finding.line) == ("WKM505", 3)
    assert finding.suggestion.endswith("if this is about runs of the migrated code.")
    assert migrate(READER, "wandb").findings == ()
    assert migrate(READER, "compat", renamed=True).findings == ()


@pytest.mark.parametrize("logged", ["wandb.log(metrics)", 'self.log("val_loss", loss)'])
def test_names_that_a_program_logs_itself_are_its_own(logged):
    assert migrate(f"{READER}{logged}\n", "wandb", renamed=True).findings == ()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"import wandb\nrun.summary", True),
        (b'sweep = {"metric": 1}', True),
        (b"import wandb, torch\nrun.summary", False),
        (b"import wandb\nmodel.fit(x)\nrun.summary", False),
        (b"import wandb", False),
    ],
)
def test_which_programs_are_read(data, expected):
    assert reads_runs(data) is expected


def test_only_sweeps_are_read_of_all_json():
    assert kind_of("sweep_config.json") == "yaml"
    assert kind_of("package.json") is None
