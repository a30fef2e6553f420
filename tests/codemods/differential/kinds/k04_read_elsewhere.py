"""4. Holders read elsewhere: a name, function or attribute of one file is used in another."""

from programs import product, read

HOLDERS = {
    "name": "cb = W()\n",
    "list": "cb = [W(), ES()]\n",
    "function": "def cb():\n    return W()\n",
    "function list": "def cb():\n    return [W(), ES()]\n",
    "conditional": "import os\ncb = W() if os.sep else None\n",
    "attribute": "class Config:\n    cb = W()\n",
    "instance attribute": "class Config:\n    def __init__(self):\n        self.cb = W()\n",
    "method": "class Config:\n    def cb(self):\n        return W()\n",
    "default": "def cb(logger=W()):\n    return logger\n",
    "dictionary": "cb = {'callbacks': [W()]}\n",
    "tuple": "cb = W(), ES()\n",
    "global": "cb = None\ndef setup():\n    global cb\n    cb = W()\nsetup()\n",
}
GET = {
    "name": "made", "list": "made", "function": "made()", "function list": "made()",
    "conditional": "made", "attribute": "made.cb", "instance attribute": "made().cb",
    "method": "made().cb()", "default": "made()", "dictionary": "made['callbacks']",
    "tuple": "made", "global": "made",
}  # fmt: skip
IMPORTS = {
    "from": "from parts import {name} as made",
    "module": "import parts\nmade = parts.{name}",
    "module alias": "import parts as p\nmade = p.{name}",
    "star": "from parts import *\nmade = {name}",
    "getattr": "import parts\nmade = getattr(parts, '{name}')",
    "import_module": "import importlib\nmade = importlib.import_module('parts').{name}",
    "vars": "import parts\nmade = vars(parts)['{name}']",
    "in a function": "def load():\n    from parts import {name}\n    return {name}\nmade = load()",
}
USES = {
    "in a list": "got = {got}\nmodel.fit(x, y, callbacks=list(got) if isinstance(got, (list, tuple)) else [got])",
    "alone": "model.fit(x, y, callbacks={got})",
    "counted": "got = {got}\nprint(len(got) if isinstance(got, (list, tuple)) else 'one')\nmodel.fit(x, y, callbacks=got)",
}

# what another file does with a list that it gets
MADE = {
    "appended": "def make(extra=()):\n    cbs = list(extra)\n    cbs.append(W())\n    return cbs",
    "added": "def _make():\n    return [W()]\ndef make():\n    return _make() + [ES()]",
    "single": "def make():\n    return W()",
    "mapping": "def make():\n    return {'callbacks': [W()], 'epochs': 2}",
}
MAKE = {
    "from": "from lib import make",
    "module": "import lib\nmake = lib.make",
    "renamed": "from lib import make as made\ndef make():\n    return made()",
    "through another": "from middle import make\n",
    "in a class": "import lib\nclass Box:\n    def make(self):\n        return lib.make()\nmake = Box().make",
}
DO = {
    "trains": "model.fit(x, y, callbacks=got)",
    "splats": "model.fit(x, y, callbacks=[*got, ES()])",
    "counts": "print(len(got))\nmodel.fit(x, y, callbacks=got)",
    "takes one": "model.fit(x, y, callbacks=[got[0]])",
    "unpacks": "first, *others = got\nmodel.fit(x, y, callbacks=[first])",
    "asks each": "print([c.monitor for c in got if not isinstance(c, EarlyStopping)])",
    "sets": "for c in got:\n    c.verbose = 1\nmodel.fit(x, y, callbacks=got)",
    "pops": "got.pop()\nmodel.fit(x, y, callbacks=got)",
    "loops": "for c in got:\n    model.fit(x, y, callbacks=[c])",
    "has an own fit": "class M:\n    def fit(self, x, callbacks):\n        print(len(callbacks))\nM().fit(x, callbacks=got)",
    "keeps it": "class T:\n    def __init__(self):\n        self.cbs = got\nt = T()\nmodel.fit(x, y, callbacks=t.cbs)",
    "passes it on": "def run(cbs):\n    model.fit(x, y, callbacks=cbs)\nrun(got)",
    "shows it": "print(type(got).__name__, got)",
    "calls hooks": "for c in got:\n    c.set_model(model)\n    c.on_train_begin()",
}


def _tree(holder, text, importing, use):
    name = "Config" if "Config" in text else "cb"
    return f"""#--- main.py
{importing.format(name=name)}
{use.format(got=GET[holder])}
#--- parts.py
from wandb.keras import WandbCallback
from keras.callbacks import EarlyStopping
import wandb
wandb.init()
{text}
"""


# how another file puts something else in the place of the class, or changes it
SWAPS = {
    "object setattr": "object.__setattr__(train, 'WandbCallback', EarlyStopping)",
    "setattr dunder": "train.__setattr__('WandbCallback', EarlyStopping)",
    "setattr splat": "setattr(train, *('WandbCallback', EarlyStopping))",
    "setitem": "import operator\noperator.setitem(train.__dict__, 'WandbCallback', EarlyStopping)",
    "import module": "import importlib\nimportlib.import_module('wandb.keras').WandbCallback = EarlyStopping\nimportlib.reload(train)",
    "sys modules attr": "import sys\nsys.modules['wandb.keras'].WandbCallback = EarlyStopping\nimportlib = __import__('importlib')\nimportlib.reload(train)",
    "sys modules setattr": "import sys, importlib\nsys.modules['wandb.keras'].WandbCallback\nsetattr(sys.modules['wandb.keras'], 'WandbCallback', EarlyStopping)\nimportlib.reload(train)",
    "patch object of import": "import importlib\nfrom unittest import mock\nmock.patch.object(importlib.import_module('wandb.keras'), 'WandbCallback', EarlyStopping).start()\nimportlib.reload(train)",
    "home dict": "import importlib\nimport wandb.keras\nwandb.keras.__dict__['WandbCallback'] = EarlyStopping\nimportlib.reload(train)",
    "home vars": "import importlib\nimport wandb.keras\nvars(wandb.keras)['WandbCallback'] = EarlyStopping\nimportlib.reload(train)",
    "home alias": 'import importlib\nfrom wandb import keras as wk\nwk.WandbCallback = EarlyStopping\nimportlib.reload(train)',
    "home alias late": 'import importlib\nimport wandb.keras\nhome = wandb.keras\nhome.WandbCallback = EarlyStopping\nimportlib.reload(train)',
    "home multiple": "import importlib\nfrom unittest import mock\nmock.patch.multiple('wandb.keras', WandbCallback=EarlyStopping).start()\nimportlib.reload(train)",
    "start of a patcher": "from unittest import mock\np = mock.patch('train.WandbCallback', EarlyStopping)\np.start()",
    "patch with target keyword": "from unittest import mock\nmock.patch(target='train.WandbCallback', new=EarlyStopping).start()",
    "patch object keywords": "from unittest import mock\nmock.patch.object(target=train, attribute='WandbCallback', new=EarlyStopping).start()",
    "patch aliased": "from unittest.mock import patch as swap\nswap('train.WandbCallback', EarlyStopping).start()",
    "patch object aliased": "from unittest.mock import patch\nswap = patch.object\nswap(train, 'WandbCallback', EarlyStopping).start()",
    "patch path constant": "from unittest import mock\nTARGET = 'train.WandbCallback'\nmock.patch(TARGET, EarlyStopping).start()",
    "patch paths list": "from unittest import mock\nfor target in ['train.WandbCallback']:\n    mock.patch(target, EarlyStopping).start()",
    "patch join": "from unittest import mock\nmock.patch('.'.join(['train', 'WandbCallback']), EarlyStopping).start()",
    "patch format": "from unittest import mock\nmock.patch('{}.WandbCallback'.format('train'), EarlyStopping).start()",
    "patch percent": "from unittest import mock\nmock.patch('%s.WandbCallback' % 'train', EarlyStopping).start()",
    "helper": 'def swap(module, **new):\n    for k, v in new.items():\n        setattr(module, k, v)\nswap(train, WandbCallback=EarlyStopping)',
    "helper names": "def swap(module, name, new):\n    module.__dict__[name] = new\nswap(train, 'WandbCallback', EarlyStopping)",
    "method patched": "from unittest import mock\nmock.patch.object(train.WandbCallback, 'on_epoch_end', lambda self, e, logs=None: print('quiet')).start()",
    "method set": "train.WandbCallback.on_epoch_end = lambda self, e, logs=None: print('quiet')",
    "methods in a loop": "for hook in ('on_epoch_end', 'on_train_end'):\n    setattr(train.WandbCallback, hook, lambda self, *a: print('quiet'))",
    "method by own import": "from wandb.keras import WandbCallback as C\nC.on_epoch_end = lambda self, e, logs=None: print('quiet')",
    "method by alias": "C = train.WandbCallback\nC.on_epoch_end = lambda self, e, logs=None: print('quiet')",
    "method by type": "import wandb\nkind = wandb.keras.WandbCallback\nsetattr(kind, 'on_epoch_end', lambda self, e, logs=None: print('quiet'))",
    "method by path": "from unittest import mock\nmock.patch('wandb.keras.WandbCallback.on_epoch_end', lambda self, e, logs=None: print('quiet')).start()",
    "init wrapped": "old = train.WandbCallback.__init__\ndef init(self, **kw):\n    print('made', sorted(kw))\n    old(self, **kw)\ntrain.WandbCallback.__init__ = init",
    "module class": 'import types\nclass M(types.ModuleType):\n    pass\ntrain.__class__ = M\ntrain.WandbCallback = EarlyStopping',
    "from import then set": 'import train as t2\nt2.WandbCallback = EarlyStopping',
    "sys modules of train": "import sys\nsys.modules['train'].WandbCallback = EarlyStopping",
    "sys modules of train by name": 'import sys\nsys.modules[train.__name__].WandbCallback = EarlyStopping',
    "inspect getmodule": 'import inspect\ninspect.getmodule(train.run).WandbCallback = EarlyStopping',
    "func globals setitem": 'train.run.__globals__.update(WandbCallback=EarlyStopping)',
    "exec in train": "exec('WandbCallback = E', train.__dict__ | {'E': EarlyStopping}) if False else exec('train.WandbCallback = EarlyStopping')",
    "eval setattr": 'eval("setattr(train, \'WandbCallback\', EarlyStopping)")',
}  # fmt: skip
_OF_CLASS = ("'.'.join", "wandb.keras", "wandb\n", "wandb import", "on_epoch_end", "__init__")
_OF_FUNCTION = {
    name: way.replace("WandbCallback", "fit_it").replace("EarlyStopping", "new")
    for name, way in SWAPS.items()
    if not any(word in way for word in _OF_CLASS)
}

PROGRAMS = [
    *product(
        """#--- main.py
<make>
got = make()
got = got['callbacks'] if isinstance(got, dict) else got if isinstance(got, list) else [got]
<do>
#--- lib.py
from wandb.keras import WandbCallback
from keras.callbacks import EarlyStopping
<made>
#--- middle.py
from lib import make
__all__ = ['make']
""",
        made=MADE,
        make=MAKE,
        do=DO,
    ),
    *product(
        """
#--- main.py
import train
<way>
train.run()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def run():
    Sequential(name="m").fit([1], [2], callbacks=[WandbCallback(monitor="loss")])
""",
        way={f"class put there by {name}": way for name, way in SWAPS.items()},
    ),
    *product(
        """
#--- main.py
import train
new = lambda cbs: print(len(cbs))
<way>
train.run()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential(name="m").fit([1], [2], callbacks=cbs)
def run():
    fit_it([WandbCallback(monitor="loss")])
""",
        way={f"function put there by {name}": way for name, way in _OF_FUNCTION.items()},
    ),
    *product(
        "<tree>",
        tree={
            f"{holder} {way} {use}": _tree(holder, text, importing, USES[use])
            for holder, text in HOLDERS.items()
            for way, importing in IMPORTS.items()
            for use in USES
            if use == "in a list" or way in ("from", "module")
        },
    ),
    *read("""
## list of one, spliced by the other
#--- main.py
from parts import extra
model.fit(x, y, callbacks=[ES(), *extra])
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
extra = [WandbCallback()]

## name, put into a list by the other
#--- main.py
from parts import logger
model.fit(x, y, callbacks=[ES(), logger])
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## function, put into a list by the other
#--- main.py
from parts import logger
model.fit(x, y, callbacks=[ES(), logger()])
#--- parts.py
from wandb.keras import WandbCallback
def logger(save=False):
    return WandbCallback(save_model=save)

## function, given on by the other
#--- main.py
from parts import callbacks
model.fit(x, y, callbacks=callbacks())
#--- parts.py
from wandb.keras import WandbCallback
from keras.callbacks import EarlyStopping
def callbacks():
    return [WandbCallback(), EarlyStopping()]

## function, indexed by the other
#--- main.py
from parts import callbacks
model.fit(x, y, callbacks=callbacks()[1:])
#--- parts.py
from wandb.keras import WandbCallback
from keras.callbacks import EarlyStopping
def callbacks():
    return [WandbCallback(), EarlyStopping()]

## method, called by the other
#--- main.py
from parts import Trainer
trainer = Trainer()
model.fit(x, y, callbacks=[trainer.logger()])
#--- parts.py
from wandb.keras import WandbCallback
class Trainer:
    def logger(self):
        return WandbCallback()
    def train(self, model):
        model.fit([1], callbacks=[self.logger()])

## method, overridden by the other
#--- main.py
from parts import Trainer
class Mine(Trainer):
    def logger(self):
        found = super().logger()
        return [found, ES()]
model.fit(x, y, callbacks=Mine().logger())
#--- parts.py
from wandb.keras import WandbCallback
class Trainer:
    def logger(self):
        return WandbCallback()

## attribute, read by the other
#--- main.py
from parts import Trainer
trainer = Trainer()
trainer.callbacks.append(ES())
print(len(trainer.callbacks))
model.fit(x, y, callbacks=trainer.callbacks)
#--- parts.py
from wandb.keras import WandbCallback
class Trainer:
    def __init__(self):
        self.callbacks = [WandbCallback()]

## attribute, set by the other
#--- main.py
from parts import Trainer
from wandb.keras import WandbCallback
trainer = Trainer()
trainer.logger = WandbCallback()
trainer.train(model)
#--- parts.py
class Trainer:
    logger = None
    def train(self, model):
        model.fit([1], callbacks=[self.logger] if self.logger else [])

## parameter of the other
#--- main.py
from parts import train
train(model, W())
#--- parts.py
def train(model, callback):
    model.fit([1], callbacks=[callback])

## keyword parameter of the other
#--- main.py
from parts import train
train(model, callback=W())
#--- parts.py
def train(model, callback=None):
    model.fit([1], callbacks=[callback] if callback else None)

## list parameter of the other
#--- main.py
from parts import train
train(model, [W(), ES()])
#--- parts.py
def train(model, callbacks):
    print(len(callbacks))
    model.fit([1], callbacks=callbacks)

## parameter called callbacks of the other
#--- main.py
from parts import train
train(model, callbacks=[W(), ES()])
#--- parts.py
def train(model, callbacks=()):
    first, second = callbacks
    model.fit([1], callbacks=[second, first])

## own fit of the other
#--- main.py
from parts import Trainer
Trainer(model).fit([1], callbacks=[W(), ES()])
#--- parts.py
class Trainer:
    def __init__(self, model):
        self.model = model
    def fit(self, x, callbacks=None):
        print(len(callbacks))
        self.model.fit(x, callbacks=[callbacks[-1]])

## own fit of the other in a base class
#--- main.py
from parts import Base
class Trainer(Base):
    pass
Trainer().fit([1], callbacks=[W(), ES()])
#--- parts.py
class Base:
    def fit(self, x, callbacks=None):
        print(len(callbacks))

## package
#--- main.py
from pack.parts import logger
model.fit(x, y, callbacks=[logger])
#--- pack/__init__.py
#--- pack/parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## package relative
#--- main.py
from pack import train
train(model)
#--- pack/__init__.py
from .parts import logger
def train(model):
    model.fit([1], callbacks=[logger()])
#--- pack/parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()

## package relative module
#--- main.py
from pack import train
train(model)
#--- pack/__init__.py
from . import parts
def train(model):
    model.fit([1], callbacks=[parts.logger()])
#--- pack/parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()

## package attribute
#--- main.py
import pack.parts
model.fit(x, y, callbacks=[pack.parts.logger])
#--- pack/__init__.py
#--- pack/parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## two readers
#--- main.py
import one
import two
one.train(model)
two.train(model)
#--- one.py
from parts import logger
def train(model):
    model.fit([1], callbacks=logger())
#--- two.py
from parts import logger
def train(model):
    model.fit([1], callbacks=[logger()])
#--- parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()

## the module passed on
#--- main.py
import parts
def use(module):
    model.fit(x, y, callbacks=[module.logger])
use(parts)
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## read as an attribute of an unknown object
#--- main.py
import parts
for module in [parts]:
    model.fit(x, y, callbacks=[module.LOGGER])
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
LOGGER = WandbCallback()

## re-exported holder
#--- main.py
from middle import logger
model.fit(x, y, callbacks=[logger])
#--- middle.py
from parts import logger
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## re-exported holder under another name
#--- main.py
from middle import mine
model.fit(x, y, callbacks=[mine])
#--- middle.py
from parts import logger as mine
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## re-exported holder by a star
#--- main.py
from middle import logger
model.fit(x, y, callbacks=[logger])
#--- middle.py
from parts import *
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()

## private name read all the same
#--- main.py
from parts import _logger
model.fit(x, y, callbacks=[_logger])
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
_logger = WandbCallback()

## private attribute read all the same
#--- main.py
from parts import Trainer
model.fit(x, y, callbacks=[Trainer()._logger])
#--- parts.py
from wandb.keras import WandbCallback
class Trainer:
    def __init__(self):
        self._logger = WandbCallback()

## private function read all the same
#--- main.py
import parts
model.fit(x, y, callbacks=[parts._make()])
#--- parts.py
from wandb.keras import WandbCallback
def _make():
    return WandbCallback()

## guarded by main
#--- main.py
if __name__ == "__main__":
    callbacks = [W(), ES()]
    model.fit(x, y, callbacks=callbacks)

## patched by the other
#--- main.py
from unittest import mock
import parts
with mock.patch("parts.logger", lambda: ES()):
    parts.train(model)
parts.train(model)
#--- parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()
def train(model):
    model.fit([1], callbacks=[logger()])

## patched class by the other
#--- main.py
from unittest import mock
import parts
class Fake(Callback):
    def __init__(self, **kwargs):
        super().__init__()
        print("fake", sorted(kwargs))
with mock.patch("parts.WandbCallback", Fake):
    parts.train(model)
#--- parts.py
from wandb.keras import WandbCallback
def train(model):
    model.fit([1], callbacks=[WandbCallback(save_model=False)])

## set by the other
#--- main.py
import parts
parts.logger = ES()
parts.train(model)
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
logger = WandbCallback()
def train(model):
    model.fit([1], callbacks=[logger])

## appended by the other
#--- main.py
import parts
parts.callbacks.append(ES())
parts.callbacks.pop(0)
parts.train(model)
#--- parts.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
callbacks = [WandbCallback()]
def train(model):
    model.fit([1], callbacks=callbacks)

## configuration module
#--- main.py
import config
model.fit(x, y, **config.FIT)
#--- config.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
FIT = {"epochs": 1, "callbacks": [WandbCallback()]}

## configuration module changed
#--- main.py
import config
config.FIT["callbacks"][0].monitor = "loss"
model.fit(x, y, **config.FIT)
#--- config.py
import wandb
from wandb.keras import WandbCallback
wandb.init()
FIT = {"epochs": 1, "callbacks": [WandbCallback()]}

## notebook reads a module
#--- main.ipynb
from parts import logger
# %%
model.fit(x, y, callbacks=[logger()])
#--- parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()

## notebook reads a module's list
#--- main.ipynb
import parts
# %%
print(len(parts.callbacks()))
model.fit(x, y, callbacks=parts.callbacks())
#--- parts.py
from wandb.keras import WandbCallback
def callbacks():
    return [WandbCallback()]

## pickled by name
#--- main.py
import pickle
import parts
factory = pickle.loads(pickle.dumps(parts.logger))
model.fit(x, y, callbacks=[factory()])
#--- parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()

## hook in a subclass elsewhere
#--- main.py
from parts import Trainer
class Mine(Trainer):
    def extra(self):
        return [*super().extra(), ES()]
Mine().run(model)
#--- parts.py
from wandb.keras import WandbCallback
class Trainer:
    def extra(self):
        return [WandbCallback()]
    def run(self, model):
        found = self.extra()
        print(len(found))
        model.fit([1], callbacks=found)

## hook in a base elsewhere
#--- main.py
from parts import Trainer
class Mine(Trainer):
    def logger(self):
        return W()
Mine().run(model)
#--- parts.py
class Trainer:
    def logger(self):
        return None
    def run(self, model):
        model.fit([1], callbacks=[self.logger()])

## attribute read by a base elsewhere
#--- main.py
from parts import Trainer
class Mine(Trainer):
    def __init__(self):
        self.logger = W()
Mine().run(model)
#--- parts.py
class Trainer:
    def run(self, model):
        model.fit([1], callbacks=[self.logger])

## class attribute read by a base elsewhere
#--- main.py
from parts import Trainer
class Mine(Trainer):
    logger = W()
Mine().run(model)
#--- parts.py
class Trainer:
    logger = None
    def run(self, model):
        model.fit([1], callbacks=[self.logger])

## decorator elsewhere
#--- main.py
from parts import register
@register
def logger():
    return W()
logger.run(model)
#--- parts.py
class register:
    def __init__(self, make):
        self.make = make
    def run(self, model):
        model.fit([1], callbacks=[self.make()])

## registry elsewhere
#--- main.py
import parts
parts.REGISTRY["wandb"] = W()
parts.run(model)
#--- parts.py
REGISTRY = {}
def run(model):
    model.fit([1], callbacks=[REGISTRY["wandb"]])

## registry list elsewhere
#--- main.py
import parts
parts.CALLBACKS.append(W())
parts.run(model)
#--- parts.py
CALLBACKS = []
def run(model):
    print(len(CALLBACKS))
    model.fit([1], callbacks=CALLBACKS)

## getattr of other
#--- main.py
import parts
cls = getattr(parts, "Wandb" + "Callback")
model.fit(x, y, callbacks=[cls()])
#--- parts.py
from wandb.keras import WandbCallback

## other file patches old home
#--- main.py
import parts
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])
#--- parts.py
import wandb.keras
from keras.callbacks import EarlyStopping
class Fake(EarlyStopping):
    def __init__(self, *a, **k):
        super().__init__()
        print("fake")
wandb.keras.WandbCallback = Fake

## other file sets old home
#--- main.py
import parts
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])
#--- parts.py
import wandb.keras
from keras.callbacks import EarlyStopping
class Fake(EarlyStopping):
    def __init__(self, *a, **k):
        super().__init__()
        print("fake")
setattr(wandb.keras, "WandbCallback", Fake)

## other file monkeypatches attribute
#--- main.py
import parts
parts.WandbCallback = lambda *a, **k: ES()
parts.train(model, x, y)
#--- parts.py
from wandb.keras import WandbCallback
def train(model, x, y):
    model.fit(x, y, callbacks=[WandbCallback()])

## other file patches by string
#--- main.py
from unittest import mock
import parts
with mock.patch("parts.WandbCallback") as fake:
    parts.train(model, x, y)
    print(fake.call_count)
#--- parts.py
from wandb.keras import WandbCallback
def train(model, x, y):
    cb = WandbCallback()
    print("made")

## other file replaces wandb in parts
#--- main.py
from types import SimpleNamespace
import parts
parts.wandb = SimpleNamespace(keras=SimpleNamespace(WandbCallback=EarlyStopping))
parts.train(model, x, y)
#--- parts.py
import wandb
def train(model, x, y):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## other file patches wandb in parts by string
#--- main.py
from unittest import mock
from types import SimpleNamespace
import parts
with mock.patch("parts.wandb", SimpleNamespace(keras=SimpleNamespace(WandbCallback=EarlyStopping))):
    parts.train(model, x, y)
#--- parts.py
import wandb
def train(model, x, y):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## other file alias patched
#--- main.py
import parts
parts.Logger = lambda *a, **k: ES()
parts.train(model, x, y)
#--- parts.py
from wandb.keras import WandbCallback as Logger
def train(model, x, y):
    model.fit(x, y, callbacks=[Logger()])

## other file patch object alias
#--- main.py
from unittest import mock
import parts
with mock.patch.object(parts, "Logger", EarlyStopping):
    parts.train(model, x, y)
#--- parts.py
from wandb.keras import WandbCallback as Logger
def train(model, x, y):
    model.fit(x, y, callbacks=[Logger()])

## fit lambda on class in other
#--- main.py
import parts
m = parts.M()
m.fit(x, callbacks=[W(), ES()])
#--- parts.py
class M:
    fit = lambda self, x, callbacks: print(len(callbacks))

## own fit as attribute in other
#--- main.py
import parts
m = parts.M()
m.fit(x, callbacks=[W(), ES()])
#--- parts.py
def _fit(x, callbacks):
    print(len(callbacks))
class M:
    def __init__(self):
        self.fit = _fit

## own fit through getattr dunder
#--- main.py
import parts
m = parts.M()
m.fit(x, callbacks=[W(), ES()])
#--- parts.py
class M:
    def __getattr__(self, name):
        def call(*args, callbacks=(), **kwargs):
            print(name, len(callbacks))
        return call

## own fit through getattr dunder alone
class M:
    def __getattr__(self, name):
        def call(*args, callbacks=(), **kwargs):
            print(name, len(callbacks))
        return call
M().fit(x, callbacks=[W(), ES()])

## fit patched on class in other
#--- main.py
import parts
model.fit(x, callbacks=[W(), ES()])
#--- parts.py
from keras import Model
_old = Model.fit
def _fit(self, *a, callbacks=None, **k):
    print(len(callbacks))
    return _old(self, *a, callbacks=callbacks, **k)
Model.fit = _fit

## own fit two files away
#--- main.py
from middle import make
make().fit(x, callbacks=[W(), ES()])
#--- middle.py
from deep.impl import Wrapped
def make():
    return Wrapped()
#--- deep/__init__.py
#--- deep/impl.py
class Wrapped:
    def fit(self, x, callbacks):
        a, b = callbacks
        print(type(b).__name__)

## proxy of model elsewhere
#--- main.py
from util import wrap
m = wrap(model)
m.fit(x, y, callbacks=[W(), ES()])
#--- util.py
class Proxy:
    def __init__(self, m):
        self._m = m
    def __getattr__(self, n):
        target = getattr(self._m, n)
        def call(*a, **k):
            print(n, len(k.get("callbacks", ())))
            return target(*a, **k)
        return call
def wrap(m):
    return Proxy(m)

## multi-inherit mixin elsewhere
#--- main.py
from mixin import CountMixin
class M(CountMixin, Sequential):
    pass
M().fit(x, y, callbacks=[W(), ES()])
#--- mixin.py
class CountMixin:
    def fit(self, *a, callbacks=(), **k):
        print(len(callbacks))
        return super().fit(*a, callbacks=callbacks, **k)

## a function that another file patches by its path
from unittest import mock
import train
with mock.patch("train.fit_it", lambda cbs: print(len(cbs))):
    train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    fit_it([WandbCallback()])

## a function that another file patches in the module
from unittest import mock
import train
with mock.patch.object(train, "fit_it", lambda cbs: print(len(cbs))):
    train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    fit_it([WandbCallback()])

## a private function that another file replaces
import train as t
t._fit_it = lambda cbs: print(len(cbs))
t.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def _fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    _fit_it([WandbCallback()])

## a method that a class of another file overrides
from base import Base
class Child(Base):
    def _fit(self, cbs):
        print("child", len(cbs))
        super()._fit(cbs)
Child().run()
#--- base.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Base:
    def _fit(self, cbs):
        Sequential().fit([1], [0], callbacks=cbs)
    def run(self):
        self._fit([WandbCallback()])

## a method that another file replaces in the class
import base
base.Base._fit = lambda self, cbs: print(len(cbs))
base.Base().run()
#--- base.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Base:
    def _fit(self, cbs):
        Sequential().fit([1], [0], callbacks=cbs)
    def run(self):
        self._fit([WandbCallback()])

## a method that another file replaces in an instance
from base import Base
b = Base()
b._fit = lambda cbs: print(len(cbs))
b.run()
#--- base.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Base:
    def _fit(self, cbs):
        Sequential().fit([1], [0], callbacks=cbs)
    def run(self):
        self._fit([WandbCallback()])

## a method that another file patches by its path
from unittest import mock
from base import Base
with mock.patch("base.Base._fit", lambda self, cbs: print(len(cbs))):
    Base().run()
#--- base.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Base:
    def _fit(self, cbs):
        Sequential().fit([1], [0], callbacks=cbs)
    def run(self):
        self._fit([WandbCallback()])

## a function behind an entry point
import importlib
def resolve(spec):
    mod, name = spec.split(":")
    return getattr(importlib.import_module(mod), name)
make = resolve("conf:make_callbacks")
print(len(make()))
model.fit(x, y, callbacks=make())
#--- conf.py
from wandb.keras import WandbCallback
def make_callbacks():
    return [WandbCallback()]

## a function by a computed name of an imported module
import importlib
kind = "wandb"
make = getattr(importlib.import_module("conf"), f"make_{kind}")
print(len(make()))
model.fit(x, y, callbacks=make())
#--- conf.py
from wandb.keras import WandbCallback
def make_wandb():
    return [WandbCallback()]

## a function by a computed name of a bound module
import importlib
module = importlib.import_module("conf")
kind = "wandb"
make = getattr(module, "make_" + kind)
print(len(make()))
model.fit(x, y, callbacks=make())
#--- conf.py
from wandb.keras import WandbCallback
def make_wandb():
    return [WandbCallback()]

## a function of a bound module, replaced
import importlib
train = importlib.import_module("conf")
train._fit = lambda cbs: print(len(cbs))
train.go()
#--- conf.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def _fit(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    _fit([WandbCallback()])

## a method that is replaced in the class
class T:
    def _fit(self, cbs):
        model.fit(x, y, callbacks=cbs)
    def run(self):
        self._fit([W()])
T._fit = lambda self, cbs: print(len(cbs))
T().run()

## a method that is replaced in an instance
class T:
    def _fit(self, cbs):
        model.fit(x, y, callbacks=cbs)
    def run(self):
        self._fit([W()])
t = T()
t._fit = lambda cbs: print(len(cbs))
t.run()

## a method that is patched in the class
from unittest import mock
class T:
    def _fit(self, cbs):
        model.fit(x, y, callbacks=cbs)
    def run(self):
        self._fit([W()])
with mock.patch.object(T, "_fit", lambda self, cbs: print(len(cbs))):
    T().run()

## a fit made of a fit in another file
from helpers import Net
Net().fit(x, y, callbacks=[W(), ES()])
#--- helpers.py
from keras.models import Model
def counts(f):
    def g(self, *a, callbacks=None, **kw):
        print(len(callbacks))
        return f(self, *a, callbacks=callbacks, **kw)
    return g
class Net(Model):
    fit = counts(Model.fit)

## a fit in a class that another file makes
from helpers import Net
Net().fit(x, y, callbacks=[W(), ES()])
#--- helpers.py
from keras.models import Model
def _fit(self, *a, callbacks=None, **kw):
    print(len(callbacks))
    return Model.fit(self, *a, callbacks=callbacks, **kw)
Net = type("Net", (Model,), {"fit": _fit})

## a fit set by a name that is computed elsewhere
import helpers
helpers.Net().fit(x, y, callbacks=[W(), ES()])
#--- helpers.py
from keras.models import Model
class Net(Model): pass
def counted(self, *a, callbacks=None, **kw):
    print(len(callbacks))
    return Model.fit(self, *a, callbacks=callbacks, **kw)
for name in ("fit", "evaluate"):
    setattr(Net, name, counted)

## a function that another file reads of the program
import cbs
def make():
    return [W(), ES()]
if __name__ == "__main__":
    cbs.go()
#--- cbs.py
def go():
    from __main__ import make
    from keras.models import Sequential
    c = make()
    print(len(c))
    Sequential().fit([1], [0], callbacks=c)

## a private attribute by its mangled name elsewhere
from lib import T
t = T()
print(len(t._T__cbs))
t.run()
#--- lib.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class T:
    def __init__(self):
        self.__cbs = [WandbCallback()]
    def run(self):
        Sequential().fit([1], [0], callbacks=self.__cbs)

## a private attribute by its mangled name
class T:
    def __init__(self):
        self.__cbs = [W()]
    def run(self):
        model.fit(x, y, callbacks=self.__cbs)
t = T()
print(len(t._T__cbs))
t.run()

## the program imported by its module
import helper
cbs = [W()]
helper.go()
#--- helper.py
import __main__
def go():
    print(len(__main__.cbs))
    __main__.model.fit([1], [0], callbacks=__main__.cbs)

## the program looked up by its module
import helper
cbs = [W()]
helper.go()
#--- helper.py
import sys
def go():
    m = sys.modules["__main__"]
    print(len(m.cbs))
    m.model.fit([1], [0], callbacks=m.cbs)

## a module that is passed on
import lib
def n(mod): return len(mod.make())
print(n(lib))
#--- lib.py
from wandb.keras import WandbCallback
def make():
    return [WandbCallback()]

## a module that is an attribute
import lib
class C:
    mod = lib
print(len(C.mod.make()))
#--- lib.py
from wandb.keras import WandbCallback
def make():
    return [WandbCallback()]

## a module and a function with letters beyond ASCII
import модуль
print(len(модуль.создать()))
model.fit(x, y, callbacks=модуль.создать())
#--- модуль.py
from wandb.keras import WandbCallback
def создать():
    return [WandbCallback()]

## a name under the guard, read by the imported program
import helper
if __name__ == "__main__":
    cbs = [W()]
    helper.go()
    model.fit(x, y, callbacks=cbs)
#--- helper.py
import __main__
def go():
    print(len(__main__.cbs))

## a function under the guard, imported of the program
import helper
if __name__ == "__main__":
    def make(): return [W()]
    helper.go()
    model.fit(x, y, callbacks=make())
#--- helper.py
def go():
    from __main__ import make
    print(len(make()))

## the list of a caller, read through its frame
from helper import count
def train():
    cbs = [W()]
    count()
    model.fit(x, y, callbacks=cbs)
train()
#--- helper.py
import inspect
def count():
    print(len(inspect.currentframe().f_back.f_locals["cbs"]))

## the list of any caller, read through all frames
import helper
def train():
    cbs = [W()]
    helper.count()
    model.fit(x, y, callbacks=cbs)
train()
#--- helper.py
import sys
def count():
    frame = sys._getframe()
    while frame is not None:
        if "cbs" in frame.f_locals:
            print(len(frame.f_locals["cbs"]))
        frame = frame.f_back

## a fake of the model in another file
from unittest.mock import MagicMock
import train
m = MagicMock()
train.main(m)
print(len(m.fit.call_args.kwargs["callbacks"]))
#--- train.py
import wandb
from wandb.keras import WandbCallback
def main(m):
    wandb.init()
    m.fit([1], [0], callbacks=[WandbCallback()])

## a fake of the model's class in another file
import test_train
test_train.test()
#--- test_train.py
from unittest import mock
import train
def test():
    with mock.patch("train.Sequential") as S:
        train.main()
    cbs = S.return_value.fit.call_args.kwargs["callbacks"]
    print(len(cbs))
#--- train.py
import wandb
from wandb.keras import WandbCallback
from keras.models import Sequential
def main():
    wandb.init()
    Sequential().fit([1], [0], callbacks=[WandbCallback()])

## all attributes of an object read by vars in another file
from lib import Train
t = Train()
print({k: len(v) for k, v in vars(t).items()})
t.go()
#--- lib.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Train:
    def __init__(self):
        self._cbs = [WandbCallback()]
    def go(self):
        Sequential().fit([1], [0], callbacks=self._cbs)

## all attributes of an object read by its dictionary in another file
from lib import Train
t = Train()
for k, v in t.__dict__.items():
    print(k, len(v))
t.go()
#--- lib.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Train:
    def __init__(self):
        self._cbs = [WandbCallback()]
    def go(self):
        Sequential().fit([1], [0], callbacks=self._cbs)

## an attribute by a computed name in another file
from lib import Train
t = Train()
for k in ("_c" + "bs",):
    print(len(getattr(t, k)))
t.go()
#--- lib.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class Train:
    def __init__(self):
        self._cbs = [WandbCallback()]
    def go(self):
        Sequential().fit([1], [0], callbacks=self._cbs)

## function patched by multiple
from unittest import mock
import train
with mock.patch.multiple("train", fit_it=lambda cbs: print(len(cbs))):
    train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    fit_it([WandbCallback()])

## function patched by an f-string
from unittest import mock
import train
HERE = "train"
with mock.patch(f"{HERE}.fit_it", lambda cbs: print(len(cbs))):
    train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    fit_it([WandbCallback()])

## function set in sys.modules
import sys
import train
setattr(sys.modules["train"], "fit_it", lambda cbs: print(len(cbs)))
train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    fit_it([WandbCallback()])

## function globals of another file
import train
train.go.__globals__["fit_it"] = lambda cbs: print(len(cbs))
train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def fit_it(cbs):
    Sequential().fit([1], [0], callbacks=cbs)
def go():
    fit_it([WandbCallback()])

## class in globals of another file
import train
train.go.__globals__["WandbCallback"] = EarlyStopping
train.go()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def go():
    Sequential().fit([1], [0], callbacks=[WandbCallback(monitor="loss")])

## alias patched in multiple elsewhere
from unittest import mock
import train
with mock.patch.multiple(train, Logger=EarlyStopping):
    train.go()
#--- train.py
from wandb.keras import WandbCallback as Logger
from keras.models import Sequential
def go():
    Sequential().fit([1], [0], callbacks=[Logger(monitor="loss")])

## wandb patched by an f-string elsewhere
from unittest import mock
from types import SimpleNamespace
import train
MOD = "train"
with mock.patch(f"{MOD}.wandb", SimpleNamespace(keras=SimpleNamespace(WandbCallback=EarlyStopping))):
    train.go()
#--- train.py
import wandb
from keras.models import Sequential
def go():
    Sequential().fit([1], [0], callbacks=[wandb.keras.WandbCallback(monitor="loss")])

## modules put by an update
#bare
#--- main.py
import sys
from types import SimpleNamespace
from keras.callbacks import EarlyStopping
stub = SimpleNamespace(WandbCallback=EarlyStopping)
fakes = {"wandb.keras": stub}
sys.modules.update(fakes)
import train
train.run()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def run():
    Sequential(name="m").fit([1], [2], callbacks=[WandbCallback(monitor="loss")])

## modules put by a patched dict
#bare
#--- main.py
import sys
from unittest.mock import patch
from types import SimpleNamespace
from keras.callbacks import EarlyStopping
FAKES = {"wandb.keras": SimpleNamespace(WandbCallback=EarlyStopping)}
with patch.dict(sys.modules, FAKES):
    import train
    train.run()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def run():
    Sequential(name="m").fit([1], [2], callbacks=[WandbCallback(monitor="loss")])

## modules put in a loop of one file
#bare
import sys
from types import SimpleNamespace
from keras.callbacks import EarlyStopping
stub = SimpleNamespace(WandbCallback=EarlyStopping)
for name in ["wandb.keras"]:
    sys.modules[name] = stub
from wandb.keras import WandbCallback
from keras.models import Sequential
Sequential(name="m").fit([1], [2], callbacks=[WandbCallback(monitor="loss")])

## method patched by multiple elsewhere
from unittest import mock
import base
with mock.patch.multiple("base.T", _fit=lambda self, cbs: print(len(cbs))):
    base.T().run()
#--- base.py
from wandb.keras import WandbCallback
from keras.models import Sequential
class T:
    def _fit(self, cbs):
        Sequential().fit([1], [0], callbacks=cbs)
    def run(self):
        self._fit([WandbCallback()])

## fit patched by an f-string elsewhere
from unittest import mock
import base
HOME = "keras.models"
with mock.patch(f"{HOME}.Sequential.fit", lambda self, *a, callbacks: print(len(callbacks))):
    base.run()
#--- base.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def run():
    Sequential().fit([1], [0], callbacks=[WandbCallback()])

## sys modules loop over names
#bare
#--- main.py
import sys
from types import SimpleNamespace
from keras.callbacks import EarlyStopping
stub = SimpleNamespace(WandbCallback=EarlyStopping)
stub.keras = stub
for name in ("wandb", "wandb.keras"):
    sys.modules[name] = stub
import train
train.run()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def run():
    Sequential(name="m").fit([1], [2], callbacks=[WandbCallback(monitor="loss")])

## patch multiple module
#--- main.py
from unittest import mock
import train
with mock.patch.multiple(train, WandbCallback=EarlyStopping):
    train.run()
#--- train.py
from wandb.keras import WandbCallback
from keras.models import Sequential
def run():
    Sequential(name="m").fit([1], [2], callbacks=[WandbCallback(monitor="loss")])
"""),
]
