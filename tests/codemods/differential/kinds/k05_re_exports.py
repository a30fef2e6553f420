"""5. Re-exports: a module imports the class for others, and perhaps uses it as well."""

from programs import product, read

EXPORTS = {
    "plain": "from wandb.keras import WandbCallback\n",
    "integration": "from wandb.integration.keras import WandbCallback\n",
    "as itself": "from wandb.keras import WandbCallback as WandbCallback\n",
    "noqa": "from wandb.keras import WandbCallback  # noqa: F401\n",
    "bare noqa": "from wandb.keras import WandbCallback  # noqa\n",
    "pylint": "from wandb.keras import WandbCallback  # pylint: disable=unused-import\n",
    "pylint above": "# pylint: disable=unused-import\nfrom wandb.keras import WandbCallback\n",
    "all": "from wandb.keras import WandbCallback\n__all__ = ['WandbCallback']\n",
    "all tuple": "from wandb.keras import WandbCallback\n__all__ = ('WandbCallback',)\n",
    "all first": "__all__ = ['WandbCallback']\nfrom wandb.keras import WandbCallback\n",
    "all extended": "from wandb.keras import WandbCallback\n__all__ = []\n__all__ += ['WandbCallback']\n",
    "all extend": "from wandb.keras import WandbCallback\n__all__ = []\n__all__.extend(['WandbCallback'])\n",
    "all append": "from wandb.keras import WandbCallback\n__all__ = []\n__all__.append('WandbCallback')\n",
    "all concatenated": "from wandb.keras import WandbCallback\n__all__ = ['x'] + ['WandbCallback']\nx = 1\n",
    "all annotated": "from wandb.keras import WandbCallback\n__all__: list = ['WandbCallback']\n",
    "all computed": "from wandb.keras import WandbCallback\n__all__ = [n for n in dir() if n.startswith('Wandb')]\n",
    "in try": "try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    WandbCallback = None\n",
    "in try both": "try:\n    from wandb.integration.keras import WandbCallback\nexcept ImportError:\n    from wandb.keras import WandbCallback\n",
    "under if": "import sys\nif sys.path:\n    from wandb.keras import WandbCallback\n",
    "assigned": "import wandb\nWandbCallback = wandb.keras.WandbCallback\n",
    "assigned from module": "from wandb import keras\nWandbCallback = keras.WandbCallback\n",
    "star": "from wandb.keras import *\n",
    "with trio": "from wandb.keras import WandbCallback, WandbMetricsLogger\n",
    "parentheses": "from wandb.keras import (\n    WandbCallback,\n)\n",
    "global": "def _load():\n    global WandbCallback\n    from wandb.keras import WandbCallback\n_load()\n",
    "getattr": "def __getattr__(name):\n    if name != 'WandbCallback':\n        raise AttributeError(name)\n    from wandb.keras import WandbCallback\n    return WandbCallback\n",
    "used too": "from wandb.keras import WandbCallback\ndef train(model):\n    model.fit([1], callbacks=[WandbCallback()])\n",
    "used too and all": "from wandb.keras import WandbCallback\n__all__ = ['WandbCallback', 'train']\ndef train(model):\n    model.fit([1], callbacks=[WandbCallback()])\n",
    "used once": "from wandb.keras import WandbCallback\ndef _train(model):\n    model.fit([1], callbacks=[WandbCallback(save_model=False, save_graph=False, log_best_prefix=None)])\n",
}  # fmt: skip
IMPORTS = {
    "from": ("parts.py", "from parts import WandbCallback"),
    "module": ("parts.py", "import parts\nWandbCallback = parts.WandbCallback"),
    "star": ("parts.py", "from parts import *"),
    "getattr": ("parts.py", "import parts\nWandbCallback = getattr(parts, 'WandbCallback')"),
    "package": ("parts/__init__.py", "from parts import WandbCallback"),
    "inner": ("parts/inner.py", "from parts.inner import WandbCallback"),
}


def _tree(export, place, importing):
    init = "#--- parts/__init__.py\n" if place == "parts/inner.py" else ""
    return f"""#--- main.py
{importing}
model.fit(x, y, callbacks=[WandbCallback(), ES()])
#--- {place}
{export}{init}"""


PROGRAMS = [
    *product(
        "<tree>",
        tree={
            f"{name} {way}": _tree(export, *IMPORTS[way])
            for name, export in EXPORTS.items()
            for way in IMPORTS
            # a star takes what __all__ or the module's names say, not what __getattr__ makes
            if (name, way) != ("getattr", "star")
        },
    ),
    *read("""
## under another name
#--- main.py
from parts import Logger
model.fit(x, y, callbacks=[Logger()])
#--- parts.py
from wandb.keras import WandbCallback as Logger

## under another name twice
#--- main.py
from parts import Logger, Other
model.fit(x, y, callbacks=[Logger()])
model.fit(x, y, callbacks=[Other()])
#--- parts.py
from wandb.keras import WandbCallback as Logger
Other = Logger

## the module
#--- main.py
from parts import wk
model.fit(x, y, callbacks=[wk.WandbCallback()])
#--- parts.py
import wandb.keras as wk

## the module from wandb
#--- main.py
from parts import keras
model.fit(x, y, callbacks=[keras.WandbCallback()])
#--- parts.py
from wandb import keras

## the package
#--- main.py
import parts
model.fit(x, y, callbacks=[parts.wandb.keras.WandbCallback()])
#--- parts.py
import wandb
import wandb.keras

## the package that only uses it
#--- main.py
import parts
model.fit(x, y, callbacks=[parts.wandb.keras.WandbCallback()])
parts.train(model)
#--- parts.py
import wandb
wandb.init()
def train(model):
    model.fit([1], callbacks=[wandb.keras.WandbCallback()])

## through two modules
#--- main.py
from outer import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])
#--- outer.py
from inner import WandbCallback
#--- inner.py
from wandb.keras import WandbCallback

## through a package relatively
#--- main.py
from pack import train
train(model)
#--- pack/__init__.py
from .work import train
#--- pack/names.py
from wandb.keras import WandbCallback
#--- pack/work.py
from .names import WandbCallback
def train(model):
    model.fit([1], callbacks=[WandbCallback()])

## through a package by a star
#--- main.py
from pack import *
model.fit(x, y, callbacks=[WandbCallback()])
#--- pack/__init__.py
from .names import *
#--- pack/names.py
from wandb.keras import WandbCallback

## subclassed by the other
#--- main.py
from parts import WandbCallback
class Mine(WandbCallback):
    def on_epoch_end(self, epoch, logs=None):
        print("mine", epoch)
        super().on_epoch_end(epoch, logs)
model.fit(x, y, callbacks=[Mine()])
#--- parts.py
from wandb.keras import WandbCallback

## tested by the other
#--- main.py
import parts
cbs = parts.callbacks()
print([isinstance(cb, parts.WandbCallback) for cb in cbs])
model.fit(x, y, callbacks=cbs)
#--- parts.py
from wandb.keras import WandbCallback
def callbacks():
    return [WandbCallback()]

## tested by the other with its own import
#--- main.py
import parts
from wandb.keras import WandbCallback
cbs = parts.callbacks()
print([isinstance(cb, WandbCallback) for cb in cbs])
model.fit(x, y, callbacks=cbs)
#--- parts.py
from wandb.keras import WandbCallback
def callbacks():
    return [WandbCallback()]

## found by the other in the module's names
#--- main.py
import parts
print([name for name in sorted(vars(parts)) if name.startswith("Wandb")])
#--- parts.py
from wandb.keras import WandbCallback

## found by the other with hasattr
#--- main.py
import parts
print(hasattr(parts, "WandbCallback"))
#--- parts.py
from wandb.keras import WandbCallback

## never used by anybody
from wandb.keras import WandbCallback
model.fit(x, y)

## only listed
__all__ = ["WandbCallback", "model"]
from wandb.keras import WandbCallback
print(sorted(__all__))

## used by name here
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[globals()["WandbCallback"]()])

## used by name here and called
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])
print("WandbCallback" in globals(), "WandbCallback" in dir())

## a conditional export
#--- main.py
from parts import WandbCallback
print(WandbCallback is None)
model.fit(x, y, callbacks=[WandbCallback()] if WandbCallback else [])
#--- parts.py
try:
    import wandb
    from wandb.keras import WandbCallback
except ImportError:
    wandb = None
    WandbCallback = None

## an optional dependency
#--- main.py
import parts
print(parts.HAS_WANDB)
if parts.HAS_WANDB:
    model.fit(x, y, callbacks=[parts.WandbCallback()])
#--- parts.py
try:
    from wandb.keras import WandbCallback
    HAS_WANDB = True
except ImportError:
    HAS_WANDB = False

## an import for its effect
#--- main.py
import parts
print(parts.loaded)
#--- parts.py
loaded = False
try:
    import wandb.keras
    loaded = True
except ImportError:
    pass

## in a class
#--- main.py
from parts import Names
model.fit(x, y, callbacks=[Names.WandbCallback()])
#--- parts.py
class Names:
    from wandb.keras import WandbCallback

## in a class as a static attribute
#--- main.py
from parts import Names
model.fit(x, y, callbacks=[Names.logger()])
#--- parts.py
from wandb.keras import WandbCallback
class Names:
    logger = WandbCallback

## in a dictionary
#--- main.py
from parts import CALLBACKS
model.fit(x, y, callbacks=[CALLBACKS["wandb"]()])
#--- parts.py
from wandb.keras import WandbCallback
CALLBACKS = {"wandb": WandbCallback}

## a notebook takes it
#--- main.ipynb
from parts import WandbCallback
# %%
model.fit(x, y, callbacks=[WandbCallback()])
#--- parts.py
from wandb.keras import WandbCallback

## the trio beside it
#--- main.py
from parts import WandbCallback, WandbMetricsLogger
model.fit(x, y, callbacks=[WandbCallback()])
#--- parts.py
from wandb.keras import WandbCallback, WandbMetricsLogger

## package relative module
#--- main.py
from pack.run import go
go(model, x, y)
#--- pack/__init__.py
#--- pack/base.py
from wandb import keras as wk
#--- pack/run.py
from .base import wk
def go(model, x, y):
    model.fit(x, y, callbacks=[wk.WandbCallback()])

## module object through other
#--- main.py
import parts
model.fit(x, y, callbacks=[parts.wk.WandbCallback()])
#--- parts.py
import wandb.keras as wk

## subpackage star chain
#--- main.py
from a import *
model.fit(x, y, callbacks=[WandbCallback()])
#--- a/__init__.py
from a.b import *
#--- a/b/__init__.py
from a.b.c import *
#--- a/b/c.py
from wandb.keras import WandbCallback

## three way import
try:
    from wandb.integration.keras import WandbCallback as WCB
except ImportError:
    try:
        from wandb.keras import WandbCallback as WCB
    except ImportError:
        WCB = None
model.fit(x, y, callbacks=[WCB()] if WCB else [])

## suppress import
import contextlib
WandbCallback = None
with contextlib.suppress(ImportError):
    from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()] if WandbCallback is not None else [])

## names from dict by class name
from wandb.keras import WandbCallback
CALLBACKS = {c.__name__: c for c in (WandbCallback, EarlyStopping)}
model.fit(x, y, callbacks=[CALLBACKS["WandbCallback"]()])

## our package's name means something else
wandb_keras_compat = "mine"
cb = wandb.keras.WandbCallback()
print(cb.monitor)
model.fit(x, y, callbacks=[cb])
print(wandb_keras_compat)
"""),
]
