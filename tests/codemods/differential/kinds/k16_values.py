"""16. Values: numbers, expressions, flags, dictionaries that are splatted, constants."""

from programs import product, read

PLACES = {
    "inline": "model.fit(x, y, validation_data=(xv, yv), callbacks=[<call>, ES()])",
    "name": "cb = <call>\nmodel.fit(x, y, validation_data=(xv, yv), callbacks=[cb])",
}
VALUES = {
    "monitor": ["'loss'", "'val_accuracy'", "'acc'", "'fmeasure_x'", "'val_auc'", "f'val_{m}'", "f'{m}'",
                "'val_' + m", "'%s_loss' % 'val'", "metric", "METRIC", "'val_{}'.format(m)", "('loss')",
                "'val_' 'loss'", "'loss' if x else 'acc'", "metrics[0]", "str(m)", "\"loss\"", "'''loss'''",
                "f'val_{m!s}'", "f''", "metric.lower()"],
    "mode": ["'min'", "'max'", "'auto'", "'best'", "mode", "MODE", "'max' if x else 'min'", "None", "''", "f'm{ax}'"],
    "verbose": ["0", "1", "2", "True", "False", "verbose", "None", "int(flag)"],
    "save_weights_only": ["True", "False", "flag", "not flag", "1", "0", "None", "'yes'", "bool(x)", "FLAG"],
    "log_weights": ["True", "False", "flag", "not flag", "1", "0", "None", "'false'", "x", "[]", "FLAG", "bool(x)"],
    "save_model": ["True", "False", "flag", "not flag", "1", "0", "None", "'false'", "''", "x and flag", "x or flag",
                   "SAVE", "flag is True", "len(x) > 1", "FLAG", "()"],
    "save_graph": ["True", "False", "flag", "not flag", "0", "None", "'no'", "FLAG"],
    "compute_flops": ["True", "False", "flag", "0", "1"],
    "log_best_prefix": ["'best_'", "'top_'", "None", "''", "prefix", "f'{m}_'", "False", "0", "'top_' if flag else None", "None if flag else 'b_'"],
    "log_batch_frequency": ["None", "0", "1", "10", "-5", "2.5", "10.0", "1e2", "1e-2", "every", "every // 2", "every / 2",
                            "True", "False", "0.0", "10_000", "0x10", "int(2.7)", "-every", "+3", "~3", "None if flag else 3",
                            "len(x)", "3 * 2", "(7)", "every or 3", "EVERY"],
    "predictions": ["36", "1", "0", "100", "101", "500", "count", "min(count, 7)", "-1", "True", "10 * 20", "COUNT"],
    "labels": ["None", "[]", "['a', 'b']", "names", "list(names)", "('a',)", "[n for n in names]", "NAMES", "tuple(names)"],
    "input_type": ["'image'", "'images'", "'label'", "'segmentation_mask'", "'auto'", "'time'", "None", "''", "kind", "KIND"],
    "output_type": ["'image'", "'label'", "'segmentation_mask'", "None", "''", "kind"],
    "data_type": ["'image'", "None", "''", "kind"],
    "log_evaluation": ["True", "False", "flag", "not flag", "0", "1", "FLAG"],
    "log_evaluation_frequency": ["0", "1", "2", "every"],
    "validation_steps": ["None", "1", "every"],
    "validation_data": ["None", "(xv, yv)", "[xv, yv]", "pair", "PAIR", "(xv, yv, yv)"],
    "training_data": ["None", "(x, y)", "[x, y]", "pair"],
    "infer_missing_processors": ["True", "False", "flag"],
    "class_colors": ["None", "[[0, 0, 1]]", "colors"],
}  # fmt: skip
BESIDE = {
    "predictions": "input_type='image', ", "labels": "input_type='image', log_evaluation=True, ",
    "class_colors": "input_type='segmentation_mask', ", "log_evaluation_frequency": "log_evaluation=True, ",
    "validation_data": "log_evaluation=True, input_type='image', ", "infer_missing_processors": "log_evaluation=True, ",
    "training_data": "", "output_type": "input_type='image', ",
}  # fmt: skip
SETTING = """\
m, metric, mode, verbose, prefix, kind = 'acc', 'loss', 'max', 1, 'top_', 'image'
METRIC, MODE, KIND = 'val_acc', 'min', 'label'
SAVE, FLAG, EVERY, COUNT = False, True, 4, 200
NAMES = ['a', 'b']
flag, every, count, names, colors, ax = True, 6, 150, ['u', 'v'], [1], 'ax'
metrics, pair = ['loss', 'acc'], (xv, yv)
PAIR = (xv, yv)
"""
FLAGS = {
    name: {
        "flag alone": f"W({name}=flag)",
        "flag and others": f"W(monitor='loss', {name}=flag, labels=names)",
        "not flag alone": f"W({name}=not flag)",
    }
    for name in ("save_model", "log_weights", "save_graph", "compute_flops", "save_weights_only", "log_evaluation")
}  # fmt: skip
SPLATS = {
    "a display": "W(**{'save_model': False})",
    "a display of two": "W(**{'save_model': False, 'monitor': 'loss'})",
    "a display and more": "W(log_weights=True, **{'save_model': False})",
    "a display before": "W(**{'save_model': False}, log_weights=True)",
    "two displays": "W(**{'save_model': False}, **{'log_weights': True})",
    "an empty display": "W(**{})",
    "dict call": "W(**dict(save_model=False))",
    "a name": "W(**OPTIONS)",
    "a name and more": "W(log_weights=True, **OPTIONS)",
    "a local": "W(**options)",
    "merged": "W(**{**OPTIONS, 'log_weights': True})",
    "merged by or": "W(**(OPTIONS | {'log_weights': True}))",
    "an item": "W(**CONFIG['callback'])",
    "an attribute": "W(**Settings.callback)",
    "a call": "W(**make())",
    "a conditional": "W(**(OPTIONS if flag else {}))",
    "a comprehension": "W(**{k: v for k, v in OPTIONS.items()})",
    "a copy": "W(**OPTIONS.copy())",
    "a star": "W(*['loss', 1])",
    "a star name": "W(*POSITIONAL)",
    "a star display": "W(*('loss',), save_model=False)",
    "a star empty": "W(*[])",
    "vars": "W(**vars(Namespace))",
    "unknown keys": "W(**{'log_model': True})",
}
CHANGES = {
    "untouched": "pass",
    "changed": "OPTIONS['save_model'] = True",
    "updated": "OPTIONS.update(monitor='acc')",
    "popped": "OPTIONS.pop('save_model')",
    "set by an alias": "alias = OPTIONS\nalias['monitor'] = 'acc'",
    "set by a function": "def tune(o):\n    o['monitor'] = 'acc'\ntune(OPTIONS)",
    "rebound": "OPTIONS = {'monitor': 'acc'}",
    "set by globals": "globals()['OPTIONS'] = {'monitor': 'acc'}",
    "set by a loop": "for k in list(OPTIONS):\n    OPTIONS[k] = 'acc'",
    "set by or": "OPTIONS |= {'monitor': 'acc'}",
    "set by setdefault": "OPTIONS.setdefault('log_weights', True)",
    "deleted": "del OPTIONS['save_model']",
    "read": "print(OPTIONS['save_model'])",
    "set in a function": "def tune():\n    OPTIONS['monitor'] = 'acc'\ntune()",
    "rebound in a function": "def tune():\n    global OPTIONS\n    OPTIONS = {}\ntune()",
    "item of a list set": "cfgs = [OPTIONS]\ncfgs[0]['monitor'] = 'acc'",
    "a nested list changed": "OPTIONS['labels'] = ['a']\nOPTIONS['labels'].append('b')",
    "set by exec": "exec(\"OPTIONS['monitor'] = 'acc'\")",
}
OPTIONS = """\
OPTIONS = {'save_model': False, 'monitor': 'loss'}
options = {'log_weights': True}
CONFIG = {'callback': {'save_graph': False}}
POSITIONAL = ['loss', 1]
class Settings:
    callback = {'save_graph': False}
def make():
    print('make')
    return {'save_graph': False}
import types
Namespace = types.SimpleNamespace(save_model=False)
flag = True
"""
CONSTANTS = {
    "constant": "pass",
    "set again": "SAVE = True\n",
    "set in a branch": "if x:\n    SAVE = True\n",
    "set in a function": "def setup():\n    global SAVE\n    SAVE = True\nsetup()\n",
    "set in a loop": "for SAVE in [True]:\n    pass\n",
    "set by globals": "globals()['SAVE'] = True\n",
    "set by exec": "exec('SAVE = True')\n",
    "set by a star import": "from string import *\n",
    "set by walrus": "(SAVE := True)\n",
    "set by augmented": "SAVE |= True\n",
    "set by setattr": "import sys\nsetattr(sys.modules[__name__], 'SAVE', True)\n",
    "set in a with": "import contextlib\nwith contextlib.nullcontext(True) as SAVE:\n    pass\n",
    "deleted and set": "del SAVE\nSAVE = True\n",
}
USES_OF_CONSTANTS = {
    "inline": "model.fit(x, y, callbacks=[W(save_model=SAVE)])",
    "in a function": "def train():\n    model.fit(x, y, callbacks=[W(save_model=SAVE)])\ntrain()",
    "as a default": "def train(save=SAVE):\n    model.fit(x, y, callbacks=[W(save_model=save)])\ntrain()",
    "shadowed": "def train(SAVE):\n    model.fit(x, y, callbacks=[W(save_model=SAVE)])\ntrain(True)",
    "negated": "model.fit(x, y, callbacks=[W(save_model=not SAVE)])",
    "in a class": "class T:\n    SAVE = True\n    cb = W(save_model=SAVE)\nmodel.fit(x, y, callbacks=[T.cb])",
}


def _values():
    for name, values in VALUES.items():
        for value in values:
            yield f"{name}={value}", f"W({BESIDE.get(name, '')}{name}={value})"


def _with_one_type():
    yield from product(SETTING + "<place>", place=PLACES, call=dict(_values()))


PROGRAMS = [
    *_with_one_type(),
    *product(
        SETTING + "<place>",
        place=PLACES,
        call={f"{n} {k}": v for n, c in FLAGS.items() for k, v in c.items()},
    ),
    *product(
        SETTING.replace("flag, every", "flag, every").replace("= True, 6,", "= False, 6,")
        + "<place>",
        place={f"false: {k}": v for k, v in PLACES.items()},
        call={f"{n} {k}": v for n, c in FLAGS.items() for k, v in c.items()},
    ),
    *product(OPTIONS + "<place>", place={f"splat {k}": v for k, v in PLACES.items()}, call=SPLATS),
    *product(
        OPTIONS + "<change>\n<place>",
        change={f"options {k}": v for k, v in CHANGES.items()},
        place={
            "inline": "model.fit(x, y, callbacks=[W(**OPTIONS)])",
            "in a function": "def train():\n    model.fit(x, y, callbacks=[W(**OPTIONS)])\ntrain()",
        },
    ),
    *product("SAVE = False\n<set>\n<use>", set=CONSTANTS, use=USES_OF_CONSTANTS),
    *read("""
## an infinite frequency
model.fit(x, y, callbacks=[W(log_batch_frequency=1e999)])

## a negative infinite frequency
model.fit(x, y, callbacks=[W(log_batch_frequency=-1e999)])

## a frequency of no number
#fails
model.fit(x, y, callbacks=[W(log_batch_frequency="epoch")])

## a frequency that is not a number
#fails
model.fit(x, y, callbacks=[W(log_batch_frequency=1e400 // 1)][:0])

## a monitor that is no name
#fails
model.fit(x, y, callbacks=[W(monitor=None)])

## a monitor that is no name but the mode is given
model.fit(x, y, callbacks=[W(monitor=None, mode="min")])

## a long number
model.fit(x, y, callbacks=[W(log_batch_frequency=123456789012345678901234567890)])

## predictions of a float
model.fit(x, y, callbacks=[W(input_type="image", predictions=5.5)])

## gradients with a flag that is false
debug = False
model.fit(x, y, callbacks=[W(log_gradients=debug)])

## gradients with a flag that is true
#fails
debug = True
model.fit(x, y, callbacks=[W(log_gradients=debug)])

## gradients with a flag and data
debug = True
model.fit(x, y, callbacks=[W(log_gradients=debug, training_data=(x, y))])

## gradients with a flag and perhaps data
debug = False
model.fit(x, y, callbacks=[W(log_gradients=debug, training_data=(x, y) if debug else None)])

## gradients with data that is None
#fails
data = None
model.fit(x, y, callbacks=[W(log_gradients=True, training_data=data)])

## gradients with a constant
DEBUG = False
model.fit(x, y, callbacks=[W(log_gradients=DEBUG)])

## a constant of another file
#--- main.py
from settings import SAVE
model.fit(x, y, callbacks=[W(save_model=SAVE)])
#--- settings.py
SAVE = False

## a constant that another file sets
#--- main.py
import settings
settings.SAVE = True
settings.train(model)
#--- settings.py
from wandb.keras import WandbCallback
SAVE = False
def train(model):
    model.fit([1], callbacks=[WandbCallback(save_model=SAVE)])

## a dictionary that another file changes
#--- main.py
import settings
settings.OPTIONS["save_model"] = True
settings.train(model)
#--- settings.py
from wandb.keras import WandbCallback
OPTIONS = {"save_model": False}
def train(model):
    model.fit([1], callbacks=[WandbCallback(**OPTIONS)])

## a constant of the command line
import sys
SAVE = "--save" in sys.argv
model.fit(x, y, callbacks=[W(save_model=SAVE)])

## a constant that is patched
from unittest import mock
SAVE = False
def train():
    model.fit(x, y, callbacks=[W(save_model=SAVE)])
with mock.patch("__main__.SAVE", True):
    train()
train()

## a mode that is a constant
MODE = "max"
model.fit(x, y, callbacks=[W(mode=MODE)])

## a mode that is set later
MODE = "max"
def train():
    model.fit(x, y, callbacks=[W(mode=MODE)])
MODE = "min"
train()

## a monitor that is a constant
MONITOR = "val_accuracy"
model.fit(x, y, callbacks=[W(monitor=MONITOR), EarlyStopping(monitor=MONITOR)])

## the whole signature
model.fit(x, y, validation_data=(xv, yv), callbacks=[W(
    monitor="val_loss", verbose=0, mode="auto", save_weights_only=False, log_weights=False,
    log_gradients=False, save_model=True, training_data=None, validation_data=None, labels=[],
    predictions=36, generator=None, input_type=None, output_type=None, log_evaluation=False,
    validation_steps=None, class_colors=None, log_batch_frequency=None, log_best_prefix="best_",
    save_graph=True, validation_indexes=None, validation_row_processor=None,
    prediction_row_processor=None, infer_missing_processors=True, log_evaluation_frequency=0,
    compute_flops=False,
)])

## the whole signature by position
model.fit(x, y, callbacks=[W(
    "loss", 1, "min", True, True, True, True, (x, y), (xv, yv), ["a"], 5, None, "image", "label",
    True, None, None, 3, "top_", False, None, None, None, False, 1, True,
)])

## all that logs
model.fit(x, y, callbacks=[W(
    log_weights=True, log_gradients=True, training_data=(x, y), input_type="image",
    validation_data=(xv, yv), log_evaluation=True, compute_flops=True, log_batch_frequency=5,
)])

## nothing at all
model.fit(x, y, callbacks=[W(save_model=False, save_graph=False, log_best_prefix=None)])

## processors
def row(index, row):
    return {"x": row["input"]}
model.fit(x, y, callbacks=[W(log_evaluation=True, validation_data=(xv, yv), validation_row_processor=row,
    prediction_row_processor=lambda i, r: {}, validation_indexes=[0, 1])])

## output processor
def row(index, row):
    return {}
model.fit(x, y, callbacks=[W(log_evaluation=True, validation_data=(xv, yv), output_row_processor=row)])

## a generator that is shared
batches = iter([(x, y)])
model.fit(x, y, callbacks=[W(input_type="image", log_evaluation=True, generator=batches, validation_steps=1)])

## strings that count as true
model.fit(x, y, callbacks=[W(save_model="false", log_weights="no")])

## a keyword of the new class
model.fit(x, y, callbacks=[W(log_freq=3, key_style="trio")])

## freq negative name
F = -3
model.fit(x, y, callbacks=[W(log_batch_frequency=F)])

## log gradients none data caught
for g in (False, True):
    try:
        model.fit(x, y, callbacks=[W(log_gradients=g)])
    except ValueError:
        print("no data")

## constant nonlocal
def main():
    save = False
    def flip():
        nonlocal save
        save = True
    flip()
    model.fit(x, y, callbacks=[W(save_model=save)])
main()

## constant match overrides
save = False
match [True]:
    case [save]:
        pass
model.fit(x, y, callbacks=[W(save_model=save)])
"""),
]
