"""The shapes that people really write are migrated, and do the same afterwards."""

from __future__ import annotations

import re

import pytest
from harness import check, seldom

from programs import product, read, unique

# imports and how the class is called under them, by how often they were seen
IMPORTS = {
    "from wandb.keras": ("from wandb.keras import WandbCallback", "WandbCallback"),
    "wandb alone": ("import wandb", "wandb.keras.WandbCallback"),
    "integration": ("from wandb.integration.keras import WandbCallback", "WandbCallback"),
    "with the trio": ("from wandb.keras import WandbCallback, WandbMetricsLogger", "WandbCallback"),
    "module": ("import wandb.keras", "wandb.keras.WandbCallback"),
    "star": ("from wandb.keras import *", "WandbCallback"),
    "integration module": ("import wandb.integration.keras", "wandb.integration.keras.WandbCallback"),
    "alias of wandb": ("import wandb as wb", "wb.keras.WandbCallback"),
    "alias of the module": ("import wandb.keras as cb", "cb.WandbCallback"),
    "module from wandb": ("from wandb import keras as wandb_keras", "wandb_keras.WandbCallback"),
    "alias of the class": ("from wandb.keras import WandbCallback as KerasWandbCallback", "KerasWandbCallback"),
    "of 2018": ("from wandb.wandb_keras import WandbKerasCallback", "WandbKerasCallback"),
}  # fmt: skip
ARGUMENTS = {
    "nothing": "",
    "data_type": "data_type='image', validation_data=(xv, yv), labels=labels, save_model=False",
    "save_model": "save_model=False",
    "save_model true": "save_model=True",
    "save_model text": "save_model='false'",
    "save_model name": "save_model=save",
    "log_weights": "log_weights=True",
    "monitor": "monitor='val_loss'",
    "monitor and mode": "monitor='val_accuracy', mode='max'",
    "weights only": "save_weights_only=True",
    "frequency": "log_batch_frequency=10",
    "no graph": "save_graph=False",
    "flops": "compute_flops=True",
    "unknown": "log_model=True",
    "evaluation": "log_evaluation=True, validation_data=(xv, yv)",
    "gradients": "log_gradients=True, training_data=(x, y)",
    "many": "monitor='val_loss', log_weights=True, log_gradients=True, training_data=(x, y), save_model=False",
}
SHAPES = {
    "inline": "model.fit(x, y, callbacks=[<call>])",
    "inline with others": "model.fit(x, y, callbacks=[ES(), <call>, EarlyStopping(patience=2)])",
    "inline on lines": "model.fit(\n    x, y,\n    validation_data=(xv, yv),\n    callbacks=[\n        <call>,  # logger\n        ES(),\n    ],\n)",
    "list": "callbacks = [<call>, ES()]\nmodel.fit(x, y, callbacks=callbacks)",
    "name in a list": "wandb_cb = <call>\nmodel.fit(x, y, callbacks=[wandb_cb, ES()])",
    "append": "callbacks = [ES()]\ncallbacks.append(<call>)\nmodel.fit(x, y, callbacks=callbacks)",
    "append under if": "callbacks = []\nif x:\n    callbacks.append(<call>)\nmodel.fit(x, y, callbacks=callbacks)",
    "bare": "model.fit(x, y, callbacks=<call>)",
    "bare in evaluate": "model.evaluate(x, y, callbacks=<call>)",
    "augmented": "callbacks = [ES()]\ncallbacks += [<call>]\nmodel.fit(x, y, callbacks=callbacks)",
    "conditional list": "model.fit(x, y, callbacks=[<call>] if x else [])",
    "concatenated": "callbacks = [ES()]\nmodel.fit(x, y, callbacks=callbacks + [<call>])",
    "concatenated conditional": "model.fit(x, y, callbacks=[ES()] + ([<call>] if x else []))",
    "extend": "callbacks = [ES()]\ncallbacks.extend([<call>, ES()])\nmodel.fit(x, y, callbacks=callbacks)",
    "insert": "callbacks = [ES()]\ncallbacks.insert(0, <call>)\nmodel.fit(x, y, callbacks=callbacks)",
    "splatted dictionary": 'model.fit(x, y, **{"epochs": 2, "callbacks": [<call>]})',
    "in a function": "def train():\n    m = Sequential()\n    m.compile()\n    m.fit(x, y, callbacks=[<call>])\ntrain()",
    "in a function, a list": "def train():\n    callbacks = [<call>, ES()]\n    model.fit(x, y, callbacks=callbacks)\ntrain()",
    "in a function, a name": "def train():\n    wandb_callback = <call>\n    model.fit(x, y, callbacks=[wandb_callback])\ntrain()",
    "in a main": 'if __name__ == "__main__":\n    callbacks = [<call>]\n    model.fit(x, y, callbacks=callbacks)',
    "in a loop": "for n in range(2):\n    model.fit(x, y, callbacks=[<call>])",
    "in a method": "class Trainer:\n    def train(self):\n        model.fit(x, y, callbacks=[<call>, ES()])\nTrainer().train()",
    "in a sweep": "def train():\n    with wandb_run():\n        model.fit(x, y, callbacks=[<call>])\nimport contextlib\nwandb_run = contextlib.nullcontext\ntrain()",
    "positional": "model.fit(x, y, 32, 1, 0, [<call>])",
    "fit_generator": "model.fit_generator(x, callbacks=[<call>])",
    "tuple": "model.fit(x, y, callbacks=(<call>, ES()))",
    "returned by a private function": "def _callbacks():\n    return [<call>, ES()]\nmodel.fit(x, y, callbacks=_callbacks())",
    "returned one": "def _logger():\n    return <call>\nmodel.fit(x, y, callbacks=[_logger(), ES()])",
    "optional": "_cb = <call> if x else None\nmodel.fit(x, y, callbacks=[_cb] if _cb else [])",
    "two fits": "def run():\n    cbs = [<call>]\n    model.fit(x, y, callbacks=cbs)\n    model.fit(x, y, callbacks=cbs)\nrun()",
    "history kept": "history = model.fit(x, y, callbacks=[<call>])\nprint(history.history['loss'])",
    "truth": "callbacks = [<call>] if x else []\nif callbacks:\n    model.fit(x, y, callbacks=callbacks)",
    "private attribute": "class Trainer:\n    def __init__(self):\n        self._callbacks = [<call>]\n    def run(self):\n        model.fit(x, y, callbacks=self._callbacks)\nTrainer().run()",
    "attribute named as Keras' module": "class Trainer:\n    def __init__(self):\n        self.callbacks = [<call>, ES()]\n    def run(self):\n        model.fit(x, y, callbacks=self.callbacks)\nTrainer().run()",
    "method named as Keras' module": "class Trainer:\n    def callbacks(self):\n        return [<call>, ES()]\n    def run(self):\n        model.fit(x, y, callbacks=self.callbacks())\nTrainer().run()",
    "in a try": "try:\n    model.fit(x, y, callbacks=[EarlyStopping(patience=2), <call>])\nexcept Exception as error:\n    print(error)",
    "public attribute": "class Trainer:\n    def __init__(self, m):\n        self.model = m\n        self.callbacks = [<call>, ES()]\n    def train(self):\n        return self.model.fit(x, y, callbacks=self.callbacks)\nTrainer(model).train()",
    "in an own fit": "class Trainer:\n    def fit(self, data):\n        model.fit(*data, callbacks=[<call>, ES()])\nTrainer().fit((x, y))",
    "filtered": "cbs = [<call>, ES()]\ncbs = [cb for cb in cbs if not isinstance(cb, EarlyStopping)]\nmodel.fit(x, y, callbacks=cbs)",
    "beside one that is taken": "cbs = [<call>, ES()]\nstop = next(cb for cb in cbs if isinstance(cb, EarlyStopping))\nstop.patience = 3\nmodel.fit(x, y, callbacks=cbs)",
    "cells": "#--- main.ipynb\n<setting>\n# %%\ncallbacks = [<call>, ES()]\n# %%\nmodel.fit(x, y, callbacks=callbacks)",
}  # fmt: skip
SETTING = "labels, save = ['a', 'b'], True"
_REMAINS = re.compile(r"(?<![\w.])(?:\w+\.)*\w*Wand[bB](?:Keras)?Callback\(")
# what the trio has no word for; target compat has
_KEPT = ()


def _shape(shape, statement, call):
    text = SHAPES[shape].replace("<call>", call)
    if "<setting>" in text:
        return text.replace("<setting>", f"{statement}\n{SETTING}")
    return f"{statement}\n{SETTING}\n{text}"


PROGRAMS = unique(
    [
        *product(
            "<program>",
            program={
                f"{shape}, {arguments}": _shape(
                    shape, IMPORTS["from wandb.keras"][0], f"WandbCallback({ARGUMENTS[arguments]})"
                )
                for shape in SHAPES
                for arguments in (
                    ARGUMENTS
                    if shape in ("inline", "list", "name in a list", "append")
                    else ("nothing", "save_model", "data_type")
                )
            },
        ),
        *product(
            "<program>",
            program={
                f"{shape}, imported {name}": _shape(shape, statement, f"{call}()")
                for name, (statement, call) in IMPORTS.items()
                for shape in (
                    "inline",
                    "inline with others",
                    "list",
                    "name in a list",
                    "append",
                    "bare",
                    "in a function",
                    "cells",
                )
            },
        ),
        *read("""
## a list for a public name that nobody else reads
#--- main.py
from wandb.keras import WandbCallback
callbacks = [WandbCallback(), EarlyStopping()]
model.fit(x, y, callbacks=callbacks)
#--- other.py
print("nothing")

## a list that a function returns to another file
#--- main.py
from callbacks_of import get_callbacks
model.fit(x, y, validation_data=(xv, yv), epochs=2, callbacks=get_callbacks(3))
#--- callbacks_of.py
from wandb.keras import WandbCallback
from keras.callbacks import EarlyStopping
def get_callbacks(patience):
    callbacks = [EarlyStopping(patience=patience)]
    callbacks.append(WandbCallback(save_model=False))
    return callbacks

## a list that a package's function returns, under a name of the program, with more
#--- main.py
from lib import make
callbacks = make()
callbacks.append(ES())
callbacks += [ES()]
model.fit(x, y, callbacks=callbacks)
#--- lib/__init__.py
from .parts import make
#--- lib/parts.py
from wandb.keras import WandbCallback
def make():
    return [WandbCallback()]

## a list of a module that others add to
#--- main.py
import config
def train(model):
    model.fit(x, y, callbacks=[*config.CALLBACKS, ES()])
train(model)
#--- config.py
from wandb.keras import WandbCallback
CALLBACKS = [WandbCallback(log_weights=True)]

## a list that another file keeps in an object
#--- main.py
from lib import make
class Trainer:
    def __init__(self, model):
        self.model = model
        self.callbacks = make() if model else []
    def run(self):
        self.model.fit(x, y, callbacks=self.callbacks + [ES()])
Trainer(model).run()
#--- lib.py
from wandb.keras import WandbCallback
def make(): return [WandbCallback()]

## an attribute with the name of Keras' module, from which others are imported
class Trainer:
    def __init__(self, model):
        self.model = model
        self.callbacks = [WandbCallback(), ES()]
    def run(self):
        self.model.fit(x, y, callbacks=self.callbacks)
Trainer(model).run()

## a list that goes through two files
#--- main.py
import run
run.go(model)
#--- run.py
import lib
def all_of_them():
    return lib.make() + lib.make()
def go(model):
    model.fit([1], [0], callbacks=all_of_them())
#--- lib.py
from wandb.keras import WandbCallback
def make(): return [WandbCallback()]

## a fallback
try:
    from wandb.keras import WandbCallback
except ImportError:
    WandbCallback = None
model.fit(x, y, callbacks=[WandbCallback()])

## either home
try:
    from wandb.integration.keras import WandbCallback
except ImportError:
    from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback(), EarlyStopping()])

## imported in a function
def train():
    from wandb.keras import WandbCallback
    model.fit(x, y, callbacks=[WandbCallback()])
train()

## imported under if
USE = True
if USE:
    from wandb.keras import WandbCallback
callbacks = []
if USE:
    callbacks.append(WandbCallback())
model.fit(x, y, callbacks=callbacks)

## an attribute that is called as a module of Keras
import keras.callbacks
from keras import callbacks as kc
class Trainer:
    def __init__(self):
        self.callbacks = [kc.EarlyStopping()]
        self.callbacks.append(W())
        self.callbacks += [keras.callbacks.ModelCheckpoint("a")]
    def train(self):
        return model.fit(x, y, callbacks=self.callbacks)
Trainer().train()

## words that are printed, asked for and handed on
import functools
print("fit", x)
fit = getattr(model, "fit", None)
modes = {"fit": True, "evaluate": False}
for mode in ("fit", "evaluate"):
    print(mode, modes[mode])
def train(fit=True, **options):
    model.fit(x, y, callbacks=[W(), ES()], **options)
train(fit=False, epochs=1)

## a file of tests beside it that replaces other things
#--- main.py
import checks
import helpers
from wandb.keras import WandbCallback
def train(callbacks):
    model.fit(x, y, callbacks=callbacks)
train([WandbCallback(), EarlyStopping()])
checks.test_helpers()
#--- helpers.py
def load():
    return [1]
#--- checks.py
from unittest import mock
import helpers
class Config:
    fit_intercept: bool = True
    steps = ("fit", "train")
def test_helpers():
    with mock.patch.object(helpers, "load", lambda: [2]), mock.patch("helpers.other", 1, create=True):
        print(helpers.load(), Config.steps)

## a sweep
def train():
    wandb.init()
    m = Sequential()
    m.fit(x, y, validation_data=(xv, yv), callbacks=[W(), ES()])
wandb.agent("id", function=train, count=2)
"""),
    ]
)


@pytest.mark.parametrize("target", ["wandb", "compat"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_it_is_migrated_and_does_the_same(program, target):
    tree = len(program.files) > 1 or "private" not in program.name
    migration = check(program, target, tree=tree, again=seldom(program))
    for path, text in migration.files.items():
        assert not _REMAINS.search(text), (
            f"{path} still constructs it:\n{text}\n{migration.findings}"
        )
    assert "WKM101" in migration.codes()
