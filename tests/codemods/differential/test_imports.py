"""However the class is imported, what takes its place is there where it is used."""

from __future__ import annotations

import pytest
from harness import TARGETS, check, seldom

from programs import product, read, unique

# two imports one after the other, where they stand, and how the class is called under the second
IMPORTS = {
    "wandb, module": ("import wandb", "import wandb.keras", "wandb.keras.WandbCallback"),
    "module, wandb": ("import wandb.keras", "import wandb", "wandb.keras.WandbCallback"),
    "class, star": ("from wandb.keras import WandbCallback", "from wandb.keras import *", "WandbCallback"),
    "two homes": ("from wandb.keras import WandbCallback", "from wandb.integration.keras import WandbCallback", "WandbCallback"),
    "of 2018": ("import wandb", "import wandb.wandb_keras", "wandb.wandb_keras.WandbKerasCallback"),
    "star of 2018": ("import wandb", "from wandb.wandb_keras import *", "WandBKerasCallback"),
    "alias": ("from wandb import keras", "import wandb.keras as wk", "wk.WandbCallback"),
}  # fmt: skip
PLACES = {
    "module": "<first>\n<second>\n<use>",
    "main": "<first>\nif x:\n    <second>\n<use>",
    "below": "if x:\n    <second>\n    <use>\n<first>",
    "global": "<first>\ndef load():\n    global wandb, wk, WandbCallback\n    <plain>\nload()\n<use>",
    "one line": "if x: <first>; <second>\n<use>",
    "between": "<first>\nprint('between')\n<second>\n<use>",
}
USES = {
    "one": "model.fit(x, y, callbacks=[<call>(save_model=False)])",
    "one of two": "model.fit(x, y, callbacks=[<call>(save_model=False)])\nmodel.fit(x, y, callbacks=[<call>(**options)])",
    "table": "model.fit(x, y, callbacks=[<call>(log_evaluation=True, validation_data=(xv, yv))], validation_data=(xv, yv))",
}


def _text(imports, place, use):
    first, second, call = IMPORTS[imports]
    plain = "pass" if second.endswith("*") else second
    text = PLACES[place].replace("<plain>", plain)
    if place == "global" and plain == "pass":
        text = f"{second}\n{text}"
    for name, part in (("first", first), ("second", second)):
        text = text.replace(f"<{name}>", part)
    lines = USES[use].replace("<call>", call).split("\n")
    return text.replace("<use>", ("\n    " if place == "below" else "\n").join(lines))


HEAD = """\
#bare
from keras.callbacks import EarlyStopping
from keras.models import Sequential
from wandb import init
init(project="p")
model = Sequential()
x, y, xv, yv, options = [1, 2], [0, 1], [3, 4], [1, 0], {}
"""
PROGRAMS = unique(
    [
        *product(
            HEAD + "<program>",
            program={
                f"{imports}, {place}, {use}": _text(imports, place, use)
                for imports in IMPORTS
                for place in PLACES
                for use in USES
                if (imports, place) != ("class, star", "below")  # a star binds no name that is seen
            },
        ),
        *read("""
## a star import of 2018 is handed on
#bare
#--- main.py
from keras.models import Sequential
from parts import WandbKerasCallback
from wandb import init
init(project="p")
Sequential().fit([1], [2], callbacks=[WandbKerasCallback()])
#--- parts.py
from wandb.wandb_keras import *

## a star gives the class, a name below is another
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
model.fit([1], [2], callbacks=[WandbCallback()])
WandbCallback = 3
print(WandbCallback)

## a star gives the class, a function below is another
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
model.fit([1], [2], callbacks=[WandbCallback()])
def WandbCallback():
    return 3
print(WandbCallback())

## a star gives the class, which stays; a class below is another
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
model.fit([1], [2], callbacks=[WandbCallback(**{})])
class WandbCallback:
    pass
print(WandbCallback.__name__)

## a star gives the class, its import below is never used
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
model.fit([1], [2], callbacks=[WandbCallback()])
WandbCallback = 3
from wandb.integration.keras import WandbCallback

## a name between a star and its use is another
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
from keras.callbacks import EarlyStopping as WandbCallback
model.fit([1], [2], callbacks=[WandbCallback()])

## a star gives the class in a loop that binds it
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
for _ in range(2):
    model.fit([1], [2], callbacks=[WandbCallback()])
    from keras.callbacks import EarlyStopping as WandbCallback

## a star gives the class on a condition
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
model.fit([1], [2], callbacks=[WandbCallback()])
if model is None:
    WandbCallback = 3
model.fit([1], [2], callbacks=[WandbCallback()])

## a star gives the class that a function reads
#bare
import wandb
from keras.models import Sequential
wandb.init(project="p")
model = Sequential()
from wandb.keras import *
def train():
    model.fit([1], [2], callbacks=[WandbCallback()])
train()
from keras.callbacks import EarlyStopping as WandbCallback
train()

## a module is handed on by a star import
#bare
#--- main.py
from keras.models import Sequential
from parts import *
from wandb import init
init(project="p")
Sequential().fit([1], [2], callbacks=[wk.WandbCallback()])
#--- parts.py
from wandb import keras as wk
"""),
    ]
)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_what_takes_its_place_is_there(program):
    for target in TARGETS:
        check(program, target, again=seldom(program))


@pytest.mark.parametrize("target", TARGETS)
def test_it_is_there_without_the_fallback(target, monkeypatch):
    from wandb_keras_codemods import migrate

    monkeypatch.setattr(
        "harness.migrate", lambda *args, **options: migrate(*args, fallback=False, **options)
    )
    for program in PROGRAMS:
        if program.alone and "one of two" in program.name:
            check(program, target)
