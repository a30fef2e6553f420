"""A program that goes on without wandb does so after its migration: no import leaves its guard.

Each runs for one target; ``DIFFERENTIAL_ALL`` runs each for all.
"""

from __future__ import annotations

import os

import pytest
from harness import TARGETS, check, runnable, same, seldom
from world import run

from programs import product, unique

# guards, and how the class is called behind them
GUARDS = {
    "class": ("try:\n    from wandb.keras import WandbCallback\n    HAS = True\nexcept ImportError:\n    HAS = False", "WandbCallback"),
    "class, else": ("try:\n    from wandb.integration.keras import WandbCallback\nexcept (ImportError, AttributeError):\n    HAS = False\nelse:\n    HAS = True", "WandbCallback"),
    "class or none": ("try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    WandbCallback = None\nHAS = WandbCallback is not None", "WandbCallback"),
    "two homes": ("HAS = True\ntry:\n    from wandb.integration.keras import WandbCallback\nexcept ImportError:\n    try:\n        from wandb.keras import WandbCallback\n    except ImportError:\n        HAS = False", "WandbCallback"),
    "star": ("try:\n    from wandb.keras import *\n    HAS = True\nexcept ImportError:\n    HAS = False", "WandbCallback"),
    "wandb": ("try:\n    import wandb\nexcept ImportError:\n    wandb = None\nHAS = bool(wandb)", "wandb.keras.WandbCallback"),
    "wandb and class": ("try:\n    import wandb\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    wandb = None\nHAS = bool(wandb)", "WandbCallback"),
    "module": ("try:\n    import wandb.keras\n    HAS = True\nexcept ImportError:\n    HAS = False", "wandb.keras.WandbCallback"),
    "wandb and module": ("try:\n    import wandb\n    import wandb.keras\n    HAS = True\nexcept ImportError:\n    HAS = False", "wandb.keras.WandbCallback"),
    "alias": ("try:\n    import wandb.keras as wk\nexcept ImportError:\n    wk = None\nHAS = wk is not None", "wk.WandbCallback"),
    "module from wandb": ("try:\n    from wandb import keras as wk\nexcept ImportError:\n    wk = None\nHAS = wk is not None", "wk.WandbCallback"),
    "import_module": ("import importlib\ntry:\n    wk = importlib.import_module('wandb.keras')\nexcept ImportError:\n    wk = None\nHAS = wk is not None", "wk.WandbCallback"),
    "suppress": ("import contextlib\nHAS = False\nwith contextlib.suppress(ImportError):\n    import wandb.keras\n    HAS = True", "wandb.keras.WandbCallback"),
    "asked by the module": ("def _have():\n    try:\n        import wandb.keras\n    except ImportError:\n        return False\n    return True\nHAS = _have()\nif HAS:\n    import wandb.keras", "wandb.keras.WandbCallback"),
    "asked by the class": ("def _have():\n    try:\n        from wandb.keras import WandbCallback\n        return True\n    except ImportError:\n        return False\nHAS = _have()\nif HAS:\n    from wandb.keras import WandbCallback", "WandbCallback"),
    "asked by an alias": ("import contextlib\nHAS = False\nwith contextlib.suppress(Exception):\n    from wandb.keras import WandbCallback as _W\n    HAS = True\nif HAS:\n    import wandb.keras", "wandb.keras.WandbCallback"),
    "module beside wandb": ("import wandb\ntry:\n    import wandb.keras\n    HAS = True\nexcept ImportError:\n    HAS = False", "wandb.keras.WandbCallback"),
    "module before wandb": ("try:\n    import wandb.keras\n    HAS = True\nexcept ImportError:\n    HAS = False\nimport wandb", "wandb.keras.WandbCallback"),
    "suppressed beside wandb": ("import wandb, contextlib\nHAS = False\nwith contextlib.suppress(ImportError):\n    import wandb.keras\n    HAS = True", "wandb.keras.WandbCallback"),
    "two modules beside wandb": ("import wandb\nHAS = True\ntry:\n    import wandb.integration.keras\nexcept ImportError:\n    HAS = False", "wandb.integration.keras.WandbCallback"),
}  # fmt: skip
USES = {
    "nothing": "if HAS:\n    model.fit(x, y, callbacks=[<call>()])",
    "weights": "if HAS:\n    model.fit(x, y, callbacks=[ES(), <call>(log_weights=True)])",
    "table": "if HAS:\n    model.fit(x, y, callbacks=[<call>(log_evaluation=True)], validation_data=(xv, yv))",
    "left": "if HAS:\n    model.fit(x, y, callbacks=[<call>(**options)])",
    "base": "if HAS:\n    class Mine(<call>):\n        pass\n    model.fit(x, y, callbacks=[Mine()])",
    "list": "callbacks = [ES()]\nif HAS:\n    callbacks.append(<call>())\nmodel.fit(x, y, callbacks=callbacks)",
    "conditional": "model.fit(x, y, callbacks=[<call>()] if HAS else [])",
    "function": "def train():\n    if not HAS:\n        return print('none')\n    model.fit(x, y, callbacks=[<call>(save_model=False)])\ntrain()",
    "beside": "if HAS:\n    cb = <call>(save_graph=False)\n    model.fit(x, y, callbacks=[cb])\nprint('end')",
}  # fmt: skip
TEMPLATE = """\
#bare
from keras.callbacks import EarlyStopping
from keras.models import Sequential
<guard>
if HAS:
    from wandb import init
    init(project="p")
model = Sequential()
x, y, xv, yv, options = [1, 2], [0, 1], [3, 4], [1, 0], {}
<use>
"""
WORLDS = {
    "wandb": ("wandb", "wandb_keras_compat"),
    "integration": ("wandb.keras", "wandb.wandb_keras", "wandb.integration", "wandb_keras_compat"),
}


PROGRAMS = [
    program
    for name, (guard, call) in GUARDS.items()
    for program in product(
        TEMPLATE,
        guard={name: guard},
        use={use: text.replace("<call>", call) for use, text in USES.items()},
    )
]


CHOSEN = [
    pytest.param(program, target, id=f"{program.name}-{target}")
    for number, program in enumerate(unique(PROGRAMS))
    for place, target in enumerate(TARGETS)
    if "DIFFERENTIAL_ALL" in os.environ or (number + number // len(USES)) % len(TARGETS) == place
]


@pytest.mark.parametrize(("program", "target"), CHOSEN)
def test_it_goes_on_without(program, target):
    after = check(program, target, again=seldom(program))
    shown = "\n".join(after.files.values())
    for world, missing in WORLDS.items():
        before = run(runnable(program.files), program.main, missing=missing)
        if before.error is None:
            ran = run(runnable(after.files), program.main, missing=missing)
            same(program, before, ran, after, target, f"\nwithout {world}:\n{shown}\n")


def test_the_guards_guard():
    ends = [
        [run(runnable(p.files), p.main, missing=missing).error for missing in WORLDS.values()]
        for p in PROGRAMS
    ]
    assert all(None in errors for errors in ends)
    # each in one world at least, and in both but for those that need wandb itself, or ask for no more
    assert sum(errors.count(None) for errors in ends) > 1.7 * len(ends)
