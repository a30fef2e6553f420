"""Texts that are reported: only where they are about W&B's Keras callback, once a block."""

from __future__ import annotations

import json

import pytest

from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate

OURS = [
    "from wandb.keras import WandbCallback\nmodel.fit(callbacks=[WandbCallback()])",
    "from wandb.integration.keras import WandbCallback",
    "wandb.keras.WandbCallback()",
    "import wandb.keras",
    "from wandb import keras as wk\nwk.WandbCallback()",
    "from wandb.wandb_keras import WandbKerasCallback",
    "from wandb.keras import WandbMetricsLogger",
]
OTHERS = [
    "from fastai.callback.wandb import WandbCallback\nlearn.fit(1, cbs=[WandbCallback()])",
    "from transformers.integrations import WandbCallback",
    "from wandb.xgboost import WandbCallback",
    "from wandb.integration.xgboost import WandbCallback",
    "from wandb.integration.lightgbm import WandbCallback",
    "from wandb.integration.sb3 import WandbCallback",
    "from wandb.catboost import WandbCallback",
    "trainer.add_callback(WandbCallback())",
    "from wandb.integration.keras import WandbMetricsLogger",
    "from wandb_keras_compat import WandbCallback",
    "import wandb_keras_compat\nWandbCallback()",
]


def codes(name, kind, text):
    outcome = process(Candidate(name, kind, text.encode()), Options("wandb"))
    assert not outcome.changed
    return [finding.code for finding in outcome.findings]


def fenced(*blocks):
    return "\n".join(f"```python\n{block}\n```\n" for block in blocks)


def notebook(*cells):
    listed = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in cells]
    return json.dumps({"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 2})


@pytest.mark.parametrize("text", OURS)
def test_what_is_about_the_callback_is_reported_once_a_block(text):
    assert codes("a.md", "markdown", fenced(text)) == ["WKM422"]
    assert codes("a.md", "markdown", fenced(text, text)) == ["WKM422"] * 2
    assert codes("a.ipynb", "notebook", notebook(("markdown", text))) == ["WKM422"]
    assert codes("a.ipynb", "notebook", notebook(("code", f"%%bash\n{text}"))) == ["WKM422"]
    assert codes("a.py", "python", f"{text}\nprint 'old'\n") == ["WKM901"]
    assert codes("a.ipynb", "notebook", notebook(("code", f"{text}\nprint 'old'"))) == ["WKM423"]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_about_another_class_of_that_name_is_not(text):
    assert codes("a.md", "markdown", fenced(text)) == []
    assert codes("a.ipynb", "notebook", notebook(("markdown", text))) == []
    assert codes("a.ipynb", "notebook", notebook(("code", f"%%bash\n{text}"))) == []
    assert codes("a.py", "python", f"import wandb\n{text}\nprint 'old'\n") == []
    assert codes("a.py", "python", f"# coding: nonsense\nimport wandb\n{text}\n") == []
    found = codes("a.ipynb", "notebook", notebook(("code", f"{text}\nprint 'old'")))
    assert set(found) <= {"WKM216"}


@pytest.mark.parametrize("text", OTHERS)
def test_a_block_beside_one_about_the_callback_is_judged_by_itself(text):
    found = codes("a.md", "markdown", fenced(OURS[0], text, OTHERS[0]))
    assert found == ["WKM422"]


def test_the_class_alone_is_reported_where_the_document_imports_it():
    assert codes("a.md", "markdown", fenced(OURS[0], "WandbCallback()")) == ["WKM422"] * 2
    cells = ("markdown", "We use `WandbCallback`."), ("markdown", OURS[0])
    assert codes("a.ipynb", "notebook", notebook(*cells)) == ["WKM422"] * 2


@pytest.mark.parametrize("pragma", ["# wandb-keras: ignore", "# wandb-keras: ignore[WKM422]"])
@pytest.mark.parametrize("text", OURS)
def test_a_pragma_silences_its_block(text, pragma):
    marked = f"{text}\n<!-- {pragma} -->"
    assert codes("a.md", "markdown", fenced(marked)) == []
    assert codes("a.ipynb", "notebook", notebook(("markdown", marked))) == []
    assert codes("a.ipynb", "notebook", notebook(("raw", f"{pragma}\n{text}"))) == []
    other = f"{text}  # wandb-keras: ignore[WKM401]"
    assert codes("a.ipynb", "notebook", notebook(("markdown", other))) == ["WKM422"]


@pytest.mark.parametrize(
    "line", ["tensorboard --logdir logs", "wandb login", "alias ll ls -l", "pushd data", "sx ls"]
)
def test_automagic_is_no_invalid_syntax(line):
    cells = ("code", OURS[0]), ("code", f"{line}\nx = 1")
    outcome = process(Candidate("a.ipynb", "notebook", notebook(*cells).encode()), Options("wandb"))
    assert not {finding.code for finding in outcome.findings} & {"WKM216", "WKM423"}
