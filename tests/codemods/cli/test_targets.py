"""Choosing a target: without one they are compared, and what hangs on it asks for one."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from wandb_keras_codemods.cli import main
from wandb_keras_codemods.cli.options import parser
from wandb_keras_codemods.legacy.targets import TARGETS
from wandb_keras_compat import _advice
from wandb_keras_compat.doctor.checks import CHECKS

ROOT = Path(__file__).parents[3]
IMPORT = "from wandb.keras import WandbCallback\n"
FIT = "model.fit(x, validation_data=val, callbacks=[WandbCallback({})])\n"
FILES = {
    "plain.py": IMPORT + 2 * FIT.format(""),
    "weights.py": IMPORT + FIT.format("log_weights=True, save_graph=False, save_model=False"),
    "options.py": IMPORT + FIT.format("**options"),
    "data.py": IMPORT + FIT.format("input_type='image'"),
    "ours.py": "from wandb_keras_compat import WandbCallback\n" + FIT.format("save_model=False"),
    "other.py": "import wandb\n",
}


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*arguments):
        status = main(arguments)
        out, err = capfd.readouterr()
        return status, out, err

    return call


@pytest.fixture
def tree(run):
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")


def rows(out):
    """The cells of each row of the table, by the row's title; what is wrapped is joined."""
    table: dict[str, list[str]] = {}
    title = ""
    for line in out.splitlines():
        cells = re.split(r" {2,}", line.strip())
        title = cells.pop(0) if re.match(r" ?\w", line) and len(cells) == 4 else title
        if len(cells) == 3 and title not in table:
            table[title] = cells
    return table


def test_the_targets_stand_side_by_side(run, tree):
    status, out, err = run(".")
    assert (status, err) == (0, "")
    heads = [word for line in out.splitlines()[:4] for word in re.findall(r"--target (\w+)", line)]
    assert heads == list(TARGETS) == ["shim", "compat", "wandb"]
    table = rows(out)
    assert table["calls migrated"] == ["0", "5", "4"]
    assert table["calls kept"] == ["6", "1", "2"]
    assert table["left for you"] == ["0", "1", "2"]
    assert table["needs"] == [target.needs for target in TARGETS.values()]
    whole = " ".join(out.split())
    assert "weight histograms (1x)" in whole
    assert "best value in the summary (4x)" in whole
    assert "before" in whole or "until now: loss, val_loss" in whole
    for name, target in TARGETS.items():
        assert f"--target {name} to {target.purpose}" in whole
    assert "pyproject.toml" in whole
    assert {n: Path(n).read_text(encoding="utf-8") for n in FILES} == FILES


@pytest.mark.parametrize("target", TARGETS)
def test_the_table_counts_what_a_run_finds(run, tree, target):
    column = list(TARGETS).index(target)
    table = rows(run(".")[1])
    run(".", "--target", target, "-q", "--report", "report.json")
    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    codes = [finding["code"] for file in report["files"] for finding in file["findings"]]
    assert int(table["calls migrated"][column]) == codes.count("WKM101")


def test_where_nothing_is_found_nothing_is_compared(run):
    Path("a.py").write_text("import wandb\n", encoding="utf-8")
    assert run(".")[:2] == (0, "")


def test_a_file_that_cannot_be_processed_is_a_status(run, tree):
    Path("broken.py").write_text(IMPORT + "x = (\n", encoding="utf-8")
    assert run(".")[0] == 4


@pytest.mark.parametrize(
    ("asked", "arguments"),
    [
        ("--write", [".", "--write"]),
        ("--check", [".", "--check"]),
        ("--report", [".", "--report", "report.json"]),
        ("--format github", [".", "--format", "github"]),
        ("-", ["-"]),
    ],
)
def test_what_hangs_on_the_target_asks_for_one(run, tree, asked, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert f"wandb-keras-migrate: {asked} needs a target:" in err
    for name, target in TARGETS.items():
        assert re.search(rf"--target {name} +to {re.escape(target.purpose)}$", err, re.M)
    assert {n: Path(n).read_text(encoding="utf-8") for n in FILES} == FILES
    assert not os.path.exists("report.json")


def test_the_configuration_chooses(run, tree):
    text = '[tool.wandb-keras-migrate]\ntarget = "shim"\n'
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert run(".", "--write")[0] == 0
    assert Path("plain.py").read_text(encoding="utf-8").startswith("from wandb_keras_compat import")


def test_everybody_says_the_same_of_the_targets():
    """README, MIGRATION and --help print the table; the notice and the doctor go where it says."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    migration = (ROOT / "MIGRATION.md").read_text(encoding="utf-8")
    help_text = " ".join(parser().format_help().split())
    for name, target in TARGETS.items():
        assert f"- `--target {name}`, to {target.purpose}" in readme
        assert f"| `{name}` | {target.purpose} |" in migration
        assert f"{name}: to {target.purpose}" in help_text
    assert "default" not in [word for text in (readme, migration) for word in _near_target(text)]
    # the notice is for who wants to be rid of the class and keep the records
    assert "--target compat " in _advice.migration("<stdin>", {})
    assert "WandbCallback" in TARGETS["compat"].purpose
    # the doctor leaves the choice
    assert "each target" in CHECKS["codemod"].remedy
    assert "--target" not in CHECKS["codemod"].remedy


def _near_target(text):
    """The words that follow the name of a target closely."""
    near = re.findall(r"--target (?:wandb|compat|shim)`?,? ([^.\n]{0,20})", text)
    return re.findall(r"\w+", " ".join(near))
