"""17. Imports that name analysis does not see: at least reported."""

from programs import product, read

MODULES = {
    "__import__ from": "wk = __import__('wandb.keras', fromlist=['WandbCallback'])",
    "__import__ top": "wk = __import__('wandb.keras').keras",
    "__import__ kwargs": "wk = __import__(name='wandb.keras', fromlist=['x'])",
    "import_module": "import importlib\nwk = importlib.import_module('wandb.keras')",
    "import_module name": "import importlib\nwk = importlib.import_module(name='wandb.keras')",
    "import_module relative": "import importlib\nwk = importlib.import_module('.keras', 'wandb')",
    "import_module relative package": "import importlib\nwk = importlib.import_module('.keras', package='wandb')",
    "import_module from": "from importlib import import_module\nwk = import_module('wandb.keras')",
    "import_module alias": "from importlib import import_module as load\nwk = load('wandb.keras')",
    "import_module integration": "import importlib\nwk = importlib.import_module('wandb.integration.keras')",
    "import_module made": "import importlib\nwk = importlib.import_module('wandb' + '.keras')",
    "import_module formatted": "import importlib\nwk = importlib.import_module(f'{\"wandb\"}.keras')",
    "import_module constant": "import importlib\nNAME = 'wandb.keras'\nwk = importlib.import_module(NAME)",
    "import_module walrus": "from importlib import import_module\nprint((wk := import_module('wandb.keras')) is None)",
    "import_module loop": "import importlib\nfor name in ['wandb.keras']:\n    wk = importlib.import_module(name)",
    "import_module tuple": "import importlib\nwk, other = importlib.import_module('wandb.keras'), 1",
    "import_module conditional": "import importlib\nwk = importlib.import_module('wandb.keras') if x else None",
    "import_module function": "import importlib\ndef load():\n    return importlib.import_module('wandb.keras')\nwk = load()",
    "import_module lambda": "import importlib\nload = lambda: importlib.import_module('wandb.keras')\nwk = load()",
    "import_module list": "import importlib\nwk = [importlib.import_module('wandb.keras')][0]",
    "import_module dict": "import importlib\nwk = {'w': importlib.import_module('wandb.keras')}['w']",
    "class attribute": "import wandb.keras\nclass Lib:\n    wk = wandb.keras\nwk = Lib.wk",
    "class attribute import": "class Lib:\n    import wandb.keras as wk\nwk = Lib.wk",
    "instance attribute": "import wandb\nclass Lib:\n    def __init__(self):\n        self.wandb = wandb\nwk = Lib().wandb.keras",
    "instance attribute module": "import wandb.keras\nclass Lib:\n    def __init__(self):\n        self.wk = wandb.keras\nwk = Lib().wk",
    "parameter": "import wandb\ndef get(lib):\n    return lib.keras\nwk = get(wandb)",
    "getattr": "import wandb\nwk = getattr(wandb, 'keras')",
    "getattr made": "import wandb\nwk = getattr(wandb, 'ker' + 'as')",
    "getattr default": "import wandb\nwk = getattr(wandb, 'keras', None)",
    "hasattr": "import wandb\nwk = wandb.keras if hasattr(wandb, 'keras') else None",
    "sys.modules": "import sys\nimport wandb.keras\nwk = sys.modules['wandb.keras']",
    "sys.modules of wandb": "import sys\nimport wandb\nwk = sys.modules['wandb'].keras",
    "find_spec": "import importlib.util\nif importlib.util.find_spec('wandb.keras'):\n    import wandb.keras as wk",
    "find_spec of wandb": "import importlib.util\nif importlib.util.find_spec('wandb'):\n    import wandb.keras as wk",
    "importorskip": "def importorskip(name):\n    import importlib\n    return importlib.import_module(name)\nwk = importorskip('wandb.keras')",
    "lazy": "import importlib\nclass Lazy:\n    def __init__(self, name):\n        self.name = name\n    def __getattr__(self, attribute):\n        return getattr(importlib.import_module(self.name), attribute)\nwk = Lazy('wandb.keras')",
    "exec": "exec('import wandb.keras as wk')",
    "vars": "import wandb.keras\nwk = vars(wandb.integration.keras) and wandb.keras",
    "alias of wandb": "import wandb as wb\nlib = wb\nwk = lib.keras",
    "tuple": "import wandb\nlib, n = wandb, 1\nwk = lib.keras",
    "default": "import wandb\ndef get(lib=wandb):\n    return lib.keras\nwk = get()",
    "global": "def load():\n    global wk\n    import wandb.keras as wk\nload()",
    "reload": "import importlib\nimport wandb.keras\nwk = importlib.reload(wandb.keras)",
    "with try": "try:\n    import wandb.keras as wk\nexcept ImportError:\n    wk = None",
    "pkgutil": "import pkgutil\nwk = pkgutil.resolve_name('wandb.keras')",
}
GETS = {
    "attribute": "model.fit(x, y, callbacks=[wk.WandbCallback(), EarlyStopping()])",
    "getattr": "model.fit(x, y, callbacks=[getattr(wk, 'WandbCallback')()])",
    "name": "Logger = wk.WandbCallback\nmodel.fit(x, y, callbacks=[Logger()])",
    "counted": "cbs = [wk.WandbCallback(), EarlyStopping()]\nprint(len(cbs))\nmodel.fit(x, y, callbacks=cbs)",
    "tested": "cb = wk.WandbCallback()\nprint(isinstance(cb, wk.WandbCallback), hasattr(wk, 'WandbCallback'))\nmodel.fit(x, y, callbacks=[cb])",
}

PROGRAMS = [
    *product("<module>\n<get>", module=MODULES, get=GETS),
    *read("""
## an entry point
import pkgutil
make = pkgutil.resolve_name("wandb.keras:WandbCallback")
model.fit(x, y, callbacks=[make()])

## a dotted path
import pydoc
make = pydoc.locate("wandb.keras.WandbCallback")
model.fit(x, y, callbacks=[make()])

## a dotted path in a configuration
import importlib
CONFIG = {"callbacks": [{"class": "wandb.keras.WandbCallback", "save_model": False}]}
made = []
for options in CONFIG["callbacks"]:
    options = dict(options)
    module, _, name = options.pop("class").rpartition(".")
    made.append(getattr(importlib.import_module(module), name)(**options))
model.fit(x, y, callbacks=made)

## a dotted path beside a call
import pydoc
make = pydoc.locate("wandb.keras.WandbCallback")
model.fit(x, y, callbacks=[make(), W()])

## a path with a colon in a configuration
PATH = "wandb.keras:WandbCallback"
import importlib
module, name = PATH.split(":")
model.fit(x, y, callbacks=[getattr(importlib.import_module(module), name)()])

## tried by import_module
import importlib
try:
    wk = importlib.import_module("wandb.keras")
    print("there")
except ImportError:
    wk = None
cbs = [wk.WandbCallback()] if wk else []
model.fit(x, y, callbacks=cbs)

## tried in a loop
import importlib
for name in ("wandb.integration.keras", "wandb.keras"):
    try:
        WandbCallback = importlib.import_module(name).WandbCallback
        break
    except (ImportError, AttributeError):
        continue
model.fit(x, y, callbacks=[WandbCallback()])

## asked with hasattr
import wandb
if hasattr(wandb, "keras"):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])
else:
    print("no")

## asked with hasattr for the class
import wandb.keras
if hasattr(wandb.keras, "WandbCallback"):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])
else:
    print("no")

## asked with find_spec
from importlib.util import find_spec
HAVE = find_spec("wandb.keras") is not None
print(HAVE)
if HAVE:
    from wandb.keras import WandbCallback
    model.fit(x, y, callbacks=[WandbCallback()])

## asked with sys.modules
import sys
import wandb.keras
print("wandb.keras" in sys.modules)
model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## asked with dir
import wandb.keras as wk
print("WandbCallback" in dir(wk))
model.fit(x, y, callbacks=[wk.WandbCallback()])

## asked with all
import wandb.keras as wk
print("WandbCallback" in wk.__all__)
model.fit(x, y, callbacks=[wk.WandbCallback()])

## the version decides
import wandb
if tuple(map(int, wandb.__version__.split(".")[:2])) < (0, 17):
    from wandb.keras import WandbCallback
else:
    from wandb.integration.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])

## a plugin's library
import wandb
class Plugin:
    def __init__(self):
        self._wandb_lib = wandb
    def callbacks(self, **kw):
        return [self._wandb_lib.keras.WandbCallback(**kw)]
model.fit(x, y, callbacks=Plugin().callbacks(save_model=False))

## a plugin's library beside a call
import wandb
from wandb.keras import WandbCallback
class Plugin:
    def __init__(self):
        self._wandb_lib = wandb
    def callbacks(self):
        return [self._wandb_lib.keras.WandbCallback()]
model.fit(x, y, callbacks=[*Plugin().callbacks(), WandbCallback()])

## a name that only looks like it
class wandb_like:
    class keras:
        class WandbCallback(Callback):
            def on_epoch_end(self, epoch, logs=None):
                print("mine")
model.fit(x, y, callbacks=[wandb_like.keras.WandbCallback()])

## a name of another library
class WandbCallback(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("mine")
model.fit(x, y, callbacks=[WandbCallback()])

## the home of 2018
from wandb.wandb_keras import WandbKerasCallback
model.fit(x, y, callbacks=[WandbKerasCallback()])

## the home of 2018 as a module
import wandb.wandb_keras
model.fit(x, y, callbacks=[wandb.wandb_keras.WandbKerasCallback()])

## the old name of the class
from wandb.keras import WandbKerasCallback
print(WandbKerasCallback.__name__)
model.fit(x, y, callbacks=[WandbKerasCallback()])

## the home inside the integration
from wandb.integration.keras.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])

## only wandb is imported
import wandb
model.fit(x, y, callbacks=[wandb.keras.WandbCallback(), EarlyStopping()])

## wandb under another name
import wandb as wb
model.fit(x, y, callbacks=[wb.keras.WandbCallback()])

## keras of wandb hides keras
from wandb import keras
model.fit(x, y, callbacks=[keras.WandbCallback()])

## keras of wandb and keras
import keras as k
from wandb import keras
model.fit(x, y, callbacks=[keras.WandbCallback(), k.callbacks.EarlyStopping()])

## in a function
def make():
    import wandb.keras
    return wandb.keras.WandbCallback()
model.fit(x, y, callbacks=[make()])

## by a dotted submodule
import wandb.integration.keras
model.fit(x, y, callbacks=[wandb.integration.keras.WandbCallback()])

## by a module in a list
import wandb.keras
for lib in (wandb.keras,):
    model.fit(x, y, callbacks=[lib.WandbCallback()])

## the class set on the module
import wandb.keras
wandb.keras.WandbCallback = EarlyStopping
model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## the class set on wandb
import wandb
from wandb.keras import WandbCallback
wandb.WandbCallback = WandbCallback
model.fit(x, y, callbacks=[wandb.WandbCallback()])

## a module attribute read elsewhere
#--- main.py
import lib
model.fit(x, y, callbacks=[lib.wk.WandbCallback()])
#--- lib.py
import importlib
wk = importlib.import_module("wandb.keras")

## a class attribute read elsewhere
#--- main.py
from lib import Lib
model.fit(x, y, callbacks=[Lib.wandb.keras.WandbCallback()])
#--- lib.py
class Lib:
    import wandb

## operator attrgetter
import operator
cls = operator.attrgetter("keras.WandbCallback")(wandb)
model.fit(x, y, callbacks=[cls()])

## module vars
import wandb.keras as wk
print("WandbCallback" in vars(wk))
model.fit(x, y, callbacks=[wk.WandbCallback()])

## module inspect members
import inspect
import wandb.keras as wk
print([n for n, _ in inspect.getmembers(wk, inspect.isclass) if n == "WandbCallback"])
model.fit(x, y, callbacks=[wk.WandbCallback()])

## sys modules contains
import sys
from wandb.keras import WandbCallback
print("wandb.keras" in sys.modules)
model.fit(x, y, callbacks=[WandbCallback()])

## compat fallback try
try:
    from wandb_keras_compat import WandbCallback
except ImportError:
    from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])
"""),
]
