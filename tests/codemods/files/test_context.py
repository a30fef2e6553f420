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
    assert kind_of("package.json") == "configuration"


YAML = "{}method: grid\nmetric: {{name: val_loss, goal: minimize}}\nparameters: {{}}\n"
TORCH = "import torch, wandb\nwandb.init()\n"
HELPER = LEGACY.replace("model.fit", "def fit(model, x, y):\n    model.fit")


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("program: ./parts.py\n", True),
        ("program: keras/train.py\n", True),
        ("program: uses.py\n", True),  # it imports what migrates
        ("command: [python3, keras/train.py, '${args}']\n", True),
        ("command: ['${env}', python, -m, keras.uses]\n", True),
        ("command:\n- python\n- -m\n- keras.train\n", True),
        ("program: torch/fit.py\n", False),
        ("program: torch/train.py\n", False),
        ("program: missing.py\n", False),
        ("command: [python, torch/fit.py]\n", False),
    ],
)
def test_a_sweep_belongs_to_the_program_that_it_runs(found, tmp_path, says, told):
    files = {
        "keras/train.py": LEGACY,
        "keras/parts.py": HELPER,
        "keras/uses.py": "from keras import parts\nparts.fit(model, x, y)\n",
        "torch/fit.py": TORCH,
        "torch/train.py": TORCH,
        "sweep.yaml": YAML.format(says),
        "sweep.py": f"import wandb\ns = {SWEEP[:-1]}, 'program': {says.split()[-1]!r}}}",
    }
    if "command" in says:
        del files["sweep.py"]
    names = found(files, "--rename-metrics", "--write")
    assert ({path for path, _ in names} == {"sweep.py"}) == (told and "sweep.py" in files)
    assert ("epoch/val_loss" in (tmp_path / "sweep.yaml").read_text()) == told


@pytest.mark.parametrize(
    ("starts", "renamed"),
    [("wandb.sweep(yaml.safe_load(open('sweep.yaml')))", True), ("print('other.yaml')", False)],
)
def test_a_sweep_without_a_program_belongs_to_what_starts_it(found, tmp_path, starts, renamed):
    files = {"train.py": LEGACY + starts, "sweep.yaml": YAML.format("")}
    names = found(files, "--rename-metrics", "--write")
    assert names == ([] if renamed else [("sweep.yaml", "WKM501")])
    assert ("epoch/val_loss" in (tmp_path / "sweep.yaml").read_text()) == renamed


START = "import wandb, yaml\n{}\nwandb.sweep(yaml.safe_load(open('sweep.yaml')))\n"


@pytest.mark.parametrize(
    ("imports", "renamed"), [("from train import model", True), ("import torch", False)]
)
def test_what_starts_a_sweep_need_not_hold_the_callback(found, tmp_path, imports, renamed):
    files = {"train.py": LEGACY, "go.py": START.format(imports), "sweep.yaml": YAML.format("")}
    assert found(files, "--rename-metrics", "--write") == []
    assert ("epoch/val_loss" in (tmp_path / "sweep.yaml").read_text()) == renamed


@pytest.mark.parametrize(
    ("own", "told", "renamed"),
    [
        ("", False, True),
        ('wandb.log({"val_loss": 1})', False, False),
        ("wandb.log(dict(val_loss=1))", False, False),
        ('wandb.run.summary.update({"val_loss": 1})', False, False),
        ('wandb.run.summary["val_loss"] = 1', False, False),
        ('wandb.log({"val_other": 1})', False, True),
        ("wandb.log(metrics)", True, False),
    ],
)
@pytest.mark.parametrize("where", ["train.py", "helper.py"])
def test_what_a_program_logs_itself_keeps_its_name_in_its_sweep(
    found, tmp_path, own, told, renamed, where
):
    files = {
        "train.py": f"import wandb, helper\n{LEGACY}",
        "helper.py": "import wandb\n",
        "other.py": 'import wandb\nwandb.log({"val_loss": 1})\n',  # no part of this program
        "sweep.yaml": YAML.format("program: train.py\n"),
    }
    files[where] += f"{own}\n"
    assert found(files, "--rename-metrics", "--write") == [("sweep.yaml", "WKM501")] * told
    assert ("epoch/val_loss" in (tmp_path / "sweep.yaml").read_text()) == renamed


@pytest.mark.parametrize(
    ("sweep", "program", "renamed"),
    [
        ("keras/sweep.yaml", "train.py", True),
        ("torch/sweep.yaml", "train.py", False),
        ("sweep.yaml", "keras/train.py", True),
        ("sweep.yaml", "torch/train.py", False),
        ("torch/sweep.yaml", "keras/train.py", True),
        ("keras/sweep.yaml", "torch/train.py", False),
        ("torch/sweep.yaml", "./train.py", False),
        ("conf/sweep.yaml", "../keras/train.py", True),
        ("conf/sweep.yaml", "../torch/train.py", False),
    ],
)
def test_of_two_programs_of_a_name_a_sweep_runs_the_one_it_can_see(
    found, tmp_path, sweep, program, renamed
):
    files = {"keras/train.py": LEGACY, "torch/train.py": TORCH}
    names = found(
        {**files, sweep: YAML.format(f"program: {program}\n")}, "--rename-metrics", "--write"
    )
    assert names == []
    assert ("epoch/val_loss" in (tmp_path / sweep).read_text()) == renamed


@pytest.mark.parametrize("named", ["sweep.yaml", "keras/sweep.yaml"])
def test_of_two_sweeps_of_a_name_a_program_starts_the_one_it_can_see(found, tmp_path, named):
    start = f"wandb.sweep(yaml.safe_load(open({named!r})))\n"
    files = {
        "keras/train.py": LEGACY + start,
        "torch/train.py": TORCH + start.replace("keras", "torch"),
        "keras/sweep.yaml": YAML.format(""),
        "torch/sweep.yaml": YAML.format(""),
    }
    assert found(files, "--rename-metrics", "--write") == []
    renamed = {
        name: "epoch/val_loss" in (tmp_path / name / "sweep.yaml").read_text()
        for name in ("keras", "torch")
    }
    assert renamed == {"keras": True, "torch": False}


def test_which_of_two_programs_a_sweep_runs_may_not_be_known(found, tmp_path):
    sweep = YAML.format("program: train.py\n")
    files = {"keras/train.py": LEGACY, "torch/train.py": TORCH, "conf/sweep.yaml": sweep}
    assert found(files, "--rename-metrics", "--write") == [("conf/sweep.yaml", "WKM501")]
    assert (tmp_path / "conf/sweep.yaml").read_text() == sweep


@pytest.mark.parametrize("name", ["train_loss", "validation_loss", "test_accuracy", "valid_acc"])
def test_what_keras_does_not_call_so_is_told_and_not_renamed(found, tmp_path, name):
    sweep = YAML.format("program: train.py\n").replace("val_loss", name)
    files = {"train.py": LEGACY, "sweep.yaml": sweep}
    assert found(files, "--rename-metrics", "--write") == [("sweep.yaml", "WKM501")]
    assert (tmp_path / "sweep.yaml").read_text() == sweep


def test_a_sweep_in_python_is_told_what_to_optimise(tmp_path):
    source = "sweep = " + SWEEP.replace("val_loss", "best_val_loss")
    (finding,) = migrate(source, "wandb", renamed=True).findings
    assert finding.code == "WKM507"
    assert finding.suggestion.startswith("Optimise 'epoch/val_loss' instead")
