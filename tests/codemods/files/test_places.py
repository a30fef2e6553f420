"""All places where people name the callback or pin wandb, each of them found in a tree."""

from __future__ import annotations

import json
import os

import pytest

from wandb_keras_codemods.cli import main
from wandb_keras_codemods.files.configurations import find

LEGACY = "from wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback()])\n"
PATH = "wandb.keras.WandbCallback"


@pytest.fixture
def found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def call(files, *arguments):
        for name, text in files.items():
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        main([".", "--quiet", "--target", "wandb", "--report", "report.json", *arguments])
        with open("report.json", encoding="utf-8") as file:
            report = json.load(file)
        os.remove("report.json")
        return report["files"]

    return call


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.PY", ""),
        ("a.Py", ""),
        ("a.pyw", ""),
        ("train", "#!/usr/bin/env python\n"),
        ("bin/train", "#!/usr/bin/python3.10\n"),
        ("bin/go", "#!/usr/bin/env -S python3 -u\n"),
        ("A.IPYNB", None),
    ],
)
def test_programs_are_migrated_whatever_their_names(found, name, head):
    text = f"{head}{LEGACY}"
    if head is None:
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": LEGACY}
        text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    (file,) = found({name: text}, "--write")
    assert (file["path"], file["state"]) == (name, "written")
    assert {finding["code"] for finding in file["findings"]} >= {"WKM101"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LICENSE", LEGACY),
        ("run", f"#!/bin/sh\n{LEGACY}"),
        ("python", LEGACY),
        ("a.bin", LEGACY),
        ("big.yaml", f"- _target_: {PATH}\n" + "#" * (1 << 20)),
        ("big", "#!/usr/bin/env python\n" + LEGACY + "#" * (1 << 20)),
    ],
)
def test_other_files_are_left_alone(found, name, text):
    assert found({name: text}) == []


def test_a_stub_file_is_migrated(found):
    (file,) = found({"a.pyi": "from wandb.keras import WandbCallback\nx: WandbCallback\n"})
    assert [f["code"] for f in file["findings"]] == ["WKM102", "WKM416"]


@pytest.mark.parametrize("name", ["a.md", "a.Rmd", "a.qmd", "a.markdown"])
@pytest.mark.parametrize("fence", ["```python", "```{python}", "```{code-cell} ipython3", "~~~py"])
def test_documents_that_are_programs_are_reported(found, name, fence):
    text = f"# T\n\n{fence}\n{LEGACY}{fence[:3]}\n"
    (file,) = found({name: text})
    assert [(f["code"], f["line"]) for f in file["findings"]] == [("WKM422", 4)]


@pytest.mark.parametrize(
    ("name", "line", "written"),
    [
        ("a.yaml", f"  - _target_: {PATH}", "- _target_: wandb_keras_compat.WandbCallback"),
        ("a.yml", f'cb: {{_target_: "{PATH}"}}', 'cb: {_target_: "wandb_keras_compat.WandbCallback"}'),
        ("a.json", f'{{"_target_": "{PATH}"}}', '{"_target_": "wandb_keras_compat.WandbCallback"}'),
        ("a.toml", f'_target_ = "{PATH}"', '_target_ = "wandb_keras_compat.WandbCallback"'),
        ("pyproject.toml", f'x = "{PATH}"', 'x = "wandb_keras_compat.WandbCallback"'),
        ("a.gin", f"fit.callbacks = [@{PATH}()]", "fit.callbacks = [@wandb_keras_compat.WandbCallback()]"),
        ("a.ini", f"callback = {PATH}", "callback = wandb_keras_compat.WandbCallback"),
        ("a.cfg", "c = wandb.keras.WandbMetricsLogger", "c = wandb.integration.keras.WandbMetricsLogger"),
        ("a.yml", "- _target_: wandb.keras.WandbEvalCallback", "- _target_: wandb.integration.keras.WandbEvalCallback"),
        ("a.yml", "{{ no }} YAML: wandb.keras.WandbCallback: {", "{{ no }} YAML: wandb_keras_compat.WandbCallback: {"),
        ("a.yml", "- !!python/name:wandb.keras.WandbCallback", "- !!python/name:wandb_keras_compat.WandbCallback"),
        ("a.toml", "c = 'wandb.keras:WandbCallback'", "c = 'wandb_keras_compat:WandbCallback'"),
        ("a.gin", "from wandb.keras import WandbCallback", "from wandb_keras_compat import WandbCallback"),
        ("a.gin", "import wandb.keras", "import wandb.integration.keras"),
        ("b.toml", "c = 'wandb.integration.keras.WandbCallback'", "c = 'wandb_keras_compat.WandbCallback'"),
    ],
)  # fmt: skip
def test_configurations_are_reported_with_the_line_to_write(found, name, line, written):
    (file,) = found({name: f"{line}\n"})
    assert file["state"] == "unchanged"
    (finding,) = file["findings"]
    assert (finding["code"], finding["line"]) == ("WKM414", 1)
    assert finding["suggestion"] == f"Write  {written}"
    ignored = {"a.json": "", "pyproject.toml": "  # wandb-keras: ignore"}
    comment = ignored.get(name, "  # wandb-keras: ignore[WKM414]")
    if comment:
        assert found({name: f"{line}{comment}\n"}) == []


@pytest.mark.parametrize(
    "line",
    [
        "wandb.integration.keras.WandbMetricsLogger",
        "fastai.callback.wandb.WandbCallback",
        "wandb.integration.xgboost.WandbCallback",
        "my.wandb.keras.WandbCallback",
        "wandb_keras_compat.WandbCallback",
        "# wandb.keras.WandbCallback",
        "a: 1  # was wandb.keras.WandbCallback",
        "// wandb.keras.WandbCallback",
        "wandb.keras.other",
        "wandb.keras-addons",
    ],
)
def test_other_paths_are_not(line):
    assert find(line) == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (".github/workflows/ci.yml", "steps:\n- run: pip install 'wandb<0.17' keras\n", 2),
        (".github/workflows/ci.yaml", "- run: |\n    pip install \\\n      wandb==0.16.6\n", 3),
        (".gitlab-ci.yml", "script: [uv pip install wandb==0.15.1]\n", 1),
        ("Makefile", "deps:\n\tpython -m pip install wandb==0.16.6\n", 2),
        ("rules.mk", "deps:\n\tpip install wandb==0.16.6\n", 2),
        ("Dockerfile", 'FROM python\nRUN pip install "wandb<0.17"\n', 2),
        ("Dockerfile.gpu", "FROM python\nRUN conda install wandb=0.16\n", 2),
        ("Containerfile", "RUN pip install \\\n    # pinned\n    wandb==0.16.6\n", 3),
        (".github/workflows/go.yml", "- run: >-\n    pip install\n    wandb==0.16.6\n", 3),
        ("setup.sh", "pip install wandb==0.16.6\n", 1),
        ("env.yml", "name: x\ndependencies:\n- wandb=0.16\n", 3),
        ("environment.yml", "dependencies:\n- pip:\n  - wandb<0.17\n", 3),
        ("requirements/gpu.txt", "wandb<0.17\n", 1),
        ("constraints.txt", "wandb<0.17\n", 1),
        ("tox.ini", "[testenv]\ndeps = wandb<0.17\n", 2),
        ("pixi.toml", '[dependencies]\nwandb = "<0.17"\n', 2),
        ("gpu.dockerfile", "RUN uv add 'wandb<0.17'\n", 1),
        ("pyproject.toml", '[project]\ndependencies = ["wandb<0.17"]\n', 2),
        ("README.md", "Install:\n\n    pip install 'wandb<0.17'\n", 3),
        ("docs/use.md", "```\npip install wandb==0.16.0\n```\n", 2),
    ],
)
def test_pins_are_found_where_code_migrates(found, name, text, line):
    files = found({"train.py": LEGACY, name: text})
    (pin,) = [f for file in files if file["path"] == name for f in file["findings"]]
    assert (pin["code"], pin["kind"], pin["line"]) == ("WKM601", "requirement", line)
    os.remove("train.py")
    assert found({}) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "wandb<0.17 is what we had\n"),
        ("Makefile", "all:\n\techo wandb==0.16\n"),
        ("go.yml", "a: >-\n  pip install\n  keras\nenv: wandb<0.17\n"),
        ("go.yml", "- run: >-\n    pip install\n  env: wandb<0.17\n"),
        ("notes.txt", "wandb<0.17\n"),
        (".github/workflows/ci.yml", "- run: pip install wandb\n"),
        ("Dockerfile", "RUN pip install 'wandb>=0.19'\n"),
    ],
)
def test_what_is_no_pin_is_none(found, name, text):
    assert [file["path"] for file in found({"train.py": LEGACY, name: text})] == ["train.py"]
