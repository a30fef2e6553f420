"""A small repository with fastai and Keras side by side: it becomes green, and fastai is no topic."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from wandb_keras_codemods.cli import main

CELL = "from fastai.callback.wandb import WandbCallback\nlearn.fit(1, cbs=WandbCallback())"
KERAS = {
    "vision/train.py": """\
import wandb
from tensorflow import keras
from wandb.keras import WandbCallback

wandb.init(project="p", config={"lr": 0.1})
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
model.fit(x, y, validation_data=(xv, yv), callbacks=[WandbCallback()])
""",
    "vision/sweep.yaml": """\
program: vision/train.py
method: bayes
metric: {name: val_loss, goal: minimize}
parameters: {lr: {values: [0.1]}}
""",
    "requirements.txt": "wandb<0.17\ntensorflow\nfastai\n",
}
FASTAI = {
    "text/learn.py": """\
import wandb
from fastai.callback.wandb import WandbCallback
from fastai.text.all import *

wandb.init(project="p")
learn = text_classifier_learner(dls, AWD_LSTM, cbs=[WandbCallback(log_preds=False)])
learn.fit_one_cycle(1, cbs=WandbCallback())
""",
    "text/old.py": f"{CELL}\nprint 'wandb, Python 2'\n",
    "text/notebook.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "metadata": {}, "source": "`WandbCallback` of fastai"},
                {"cell_type": "code", "metadata": {}, "outputs": [], "source": CELL},
                {"cell_type": "code", "metadata": {}, "outputs": [], "source": "%%bash\n" + CELL},
                {"cell_type": "code", "metadata": {}, "outputs": [], "source": "print 'old'"},
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
    ),
    "text/sweep.yaml": """\
program: text/learn.py
method: grid
metric: {name: valid_loss, goal: minimize}
parameters: {lr: {values: [0.1]}}
""",
    "boost.py": "from wandb.xgboost import WandbCallback\nxgb.train(p, d, callbacks=[WandbCallback()])\n",
    "hf.py": """\
import wandb
from transformers.integrations import WandbCallback

trainer = Trainer(model, callbacks=[WandbCallback()])
""",
}
README = """\
# Two libraries

```python
{}
```

```python
from fastai.callback.wandb import WandbCallback
learn.fit(1, cbs=[WandbCallback()])
```

The `WandbCallback` of transformers is used in hf.py.
"""
OLD, NEW = "from wandb.keras import WandbCallback", "from wandb.integration.keras import {}"


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for name, text in {**KERAS, **FASTAI, "README.md": README.format(OLD)}.items():
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        write(name, text)
    git("init")
    commit()

    def call(*arguments):
        status = main([".", *arguments])
        out, err = capfd.readouterr()
        return status, out, err

    return call


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def git(*arguments):
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.com"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def commit():
    git("add", ".")
    git("commit", "-m", "x")


@pytest.mark.parametrize("target", ["wandb", "compat"])
def test_it_becomes_green_when_the_keras_part_is_migrated(run, target):
    chosen = ["--target", target, "--rename-metrics"]
    status, out, err = run("--check", *chosen)
    assert status != 0
    assert "vision/train.py" in out.splitlines()
    for name in FASTAI:
        assert name not in out + err
    assert "README.md:4:6  WKM422" in err
    assert err.count("WKM422") == 1 + ("--explain WKM422" in err)
    assert run("--write", *chosen)[0] == 3  # the README and the bound are left
    assert {name: read(name) for name in FASTAI} == FASTAI
    renamed = "epoch/val_loss" in read("vision/sweep.yaml")
    assert renamed == (target == "wandb")
    commit()
    status, _, err = run("--check", *chosen)
    assert (status, err.count("WKM422")) == (3, 1 + ("--explain WKM422" in err))
    write("README.md", README.format(NEW.format("WandbMetricsLogger")))
    assert run("--check", *chosen) == (0, "", err_of_nothing(len(KERAS) + len(FASTAI) + 1))


def err_of_nothing(files):
    return f"Nothing to migrate in {files} files.\n"
