"""9. Tests of type, identity and name, and methods that are patched."""

from programs import product, read

HOLD = {
    "name": "cb = W()",
    "from a list": "cbs = [W(), ES()]\ncb = cbs[0]",
    "returned": "def make():\n    return W()\ncb = make()",
    "attribute": "class Box:\n    def __init__(self):\n        self.cb = W()\ncb = Box().cb",
    "one part": "cb = W(save_model=False, save_graph=False, log_best_prefix=None)",
}
TESTS = {
    "isinstance": "print(isinstance(cb, W))",
    "isinstance negated": "if not isinstance(cb, W):\n    print('other')\nmodel.fit(x, y, callbacks=[cb])",
    "tuple": "print(isinstance(cb, (W, ES)))",
    "tuple name": "KINDS = (W, ES)\nprint(isinstance(cb, KINDS))",
    "list of classes": "KINDS = [W, ES]\nprint([isinstance(cb, kind) for kind in KINDS])",
    "alias": "Logger = W\nprint(isinstance(cb, Logger))",
    "union": "import sys\nkinds = W | ES if sys.version_info >= (3, 10) else (W, ES)\nprint(isinstance(cb, kinds))",
    "type is": "print(type(cb) is W)",
    "type equals": "print(type(cb) == W)",
    "type in": "print(type(cb) in (W, ES), type(cb) in {W: 1})",
    "class": "print(cb.__class__ is W)",
    "issubclass": "print(issubclass(type(cb), W))",
    "by type": "NAMES = {W: 'wandb', ES: 'stop'}\nprint(NAMES[type(cb)])",
    "by type get": "NAMES = {W: 'wandb', ES: 'stop'}\nprint(NAMES.get(type(cb), 'other'))",
    "type name": "print(type(cb).__name__ == 'WandbCallback')",
    "type name printed": "print(type(cb).__name__)",
    "class name": "print(cb.__class__.__name__)",
    "class qualname": "print(type(cb).__qualname__.startswith('Wandb'))",
    "name in": "print('Callback' in str(type(cb)), 'WandbCallback' in repr(type(cb)))",
    "mro": "print(W in type(cb).__mro__, 'WandbCallback' in [c.__name__ for c in type(cb).mro()])",
    "helper": "def is_logger(c):\n    return isinstance(c, W)\nprint(is_logger(cb))",
    "helper with class": "def is_a(c, kind):\n    return isinstance(c, kind)\nprint(is_a(cb, W))",
    "filter": "print(len(list(filter(lambda c: isinstance(c, W), [cb]))))",
    "any": "print(any(isinstance(c, W) for c in [cb, ES()]))",
    "next": "found = next((c for c in [ES(), cb] if isinstance(c, W)), None)\nmodel.fit(x, y, callbacks=[found])",
    "comprehension": "rest = [c for c in [ES(), cb] if not isinstance(c, W)]\nmodel.fit(x, y, callbacks=rest)",
    "singledispatch": "from functools import singledispatch\n@singledispatch\ndef name(c):\n    return 'other'\n@name.register(W)\ndef _(c):\n    return 'wandb'\nprint(name(cb))",
    "singledispatch annotation": "from functools import singledispatch\n@singledispatch\ndef name(c):\n    return 'other'\n@name.register\ndef _(c: W):\n    return 'wandb'\nprint(name(cb))",
    "base class": "print(isinstance(cb, Callback))\nmodel.fit(x, y, callbacks=[cb])",
    "hasattr": "print(hasattr(cb, 'monitor'), hasattr(cb, 'set_model'))",
    "class attribute": "print(hasattr(W, 'get_flops'), callable(W))",
    "patched method": "def quiet(self, epoch, logs=None):\n    print('patched', epoch)\nW.on_epoch_end = quiet\nmodel.fit(x, y, callbacks=[cb])",
    "patched by setattr": "setattr(W, 'on_epoch_end', lambda self, epoch, logs=None: print('patched', epoch))\nmodel.fit(x, y, callbacks=[cb])",
    "patched by mock": "from unittest import mock\nwith mock.patch.object(W, 'on_train_end', lambda self, logs=None: print('patched')):\n    model.fit(x, y, callbacks=[cb])",
    "class data": "W.extra = 3\nprint(cb.extra)",
    "method of the class": "W.on_epoch_end(cb, 0, {'loss': 1})",
    "method of the class taken": "hook = W.set_model\nhook(cb, model)",
    "identity": "other = cb\nprint(other is cb, [cb].index(other))\nmodel.fit(x, y, callbacks=[other])",
    "hashed": "seen = {cb}\nprint(cb in seen, len({cb, cb}))\nmodel.fit(x, y, callbacks=[cb])",
    "key": "by = {cb: 1}\nprint(by[cb])\nmodel.fit(x, y, callbacks=list(by))",
    "callable": "print(callable(cb), bool(cb), cb is not None, cb == cb)\nmodel.fit(x, y, callbacks=[cb])",
    "vars": "print('monitor' in vars(cb))",
    "dir": "print('monitor' in dir(cb))",
    "isinstance list": "print(isinstance(cb, (list, tuple)))\nmodel.fit(x, y, callbacks=[cb])",
    "isinstance list wraps": "cbs = cb if isinstance(cb, list) else [cb]\nprint(len(cbs))\nmodel.fit(x, y, callbacks=cbs)",
    "operator": "from operator import is_\nprint(is_(type(cb), W))",
    "isinstance aliased": "check = isinstance\nprint(check(cb, W))",
    "inspect": "import inspect\nprint(inspect.isclass(W), 'monitor' in inspect.signature(W).parameters)",
    "inspect of the instance": "import inspect\nprint('monitor' in inspect.signature(type(cb)).parameters)",
    "weak": "import weakref\nref = weakref.ref(cb)\nprint(ref() is cb)\nmodel.fit(x, y, callbacks=[ref()])",
    "copied": "import copy\nother = copy.copy(cb)\nprint(type(other) is type(cb), isinstance(other, W))\nmodel.fit(x, y, callbacks=[other])",
    "new of its type": "other = type(cb)(save_model=False)\nmodel.fit(x, y, callbacks=[other])",
    "new of its class": "other = cb.__class__()\nmodel.fit(x, y, callbacks=[cb, other])",
}  # fmt: skip
MATCHES = {
    "class": "match cb:\n    case WandbCallback():\n        print('wandb')\n    case _:\n        print('other')",
    "class with attribute": "match cb:\n    case WandbCallback(monitor='val_loss'):\n        print('val_loss')\n    case _:\n        print('other')",
    "or": "match cb:\n    case EarlyStopping() | WandbCallback():\n        print('known')\n    case _:\n        print('other')",
    "as": "match cb:\n    case WandbCallback() as found:\n        model.fit(x, y, callbacks=[found])\n    case _:\n        print('other')",
    "sequence": "match [cb, 1]:\n    case [WandbCallback(), n]:\n        print(n)\n    case _:\n        print('other')",
    "sequence of callbacks": "match [cb]:\n    case [one]:\n        model.fit(x, y, callbacks=[one])\n    case _:\n        print('other')",
    "mapping": "match {'cb': cb}:\n    case {'cb': WandbCallback()}:\n        print('wandb')\n    case _:\n        print('other')",
    "dotted": "match cb:\n    case wandb.keras.WandbCallback():\n        print('wandb')\n    case _:\n        print('other')",
    "base": "match cb:\n    case Callback():\n        model.fit(x, y, callbacks=[cb])",
    "capture": "match cb:\n    case found:\n        model.fit(x, y, callbacks=[found])",
    "none": "match cb:\n    case None:\n        print('none')\n    case _:\n        model.fit(x, y, callbacks=[cb])",
    "guard": "match cb:\n    case c if isinstance(c, W):\n        print('wandb')\n    case _:\n        print('other')",
    "type": "match type(cb).__name__:\n    case 'WandbCallback':\n        print('wandb')\n    case _:\n        print('other')",
}

PROGRAMS = [
    *product("<hold>\n<test>", hold=HOLD, test=TESTS),
    *product("<hold>\n<match>", hold=HOLD, match={f"match {k}": v for k, v in MATCHES.items()}),
    *read("""
## a filter beside an inline list
def loggers(cbs):
    return [cb for cb in cbs if isinstance(cb, W)]
cbs = [W(), ES()]
print(len(loggers(cbs)))
model.fit(x, y, callbacks=cbs)

## the filter of public code
def without(cbs):
    return [cb for cb in cbs if not isinstance(cb, W)]
model.fit(x, y, callbacks=without([W(), ES()]))

## only added when it is missing
def ensure(callbacks):
    if not any(isinstance(callback, WandbCallback) for callback in callbacks):
        callbacks.append(WandbCallback())
    return callbacks
cbs = ensure(ensure([ES()]))
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## only added when it is missing by name
def ensure(callbacks):
    if "WandbCallback" not in [type(c).__name__ for c in callbacks]:
        callbacks.append(WandbCallback())
    return callbacks
cbs = ensure(ensure([ES()]))
model.fit(x, y, callbacks=cbs)

## the model tests its callbacks
class Mine(Model):
    def fit(self, *args, callbacks=None, **kwargs):
        print([type(cb).__name__ for cb in callbacks])
        return super().fit(*args, callbacks=callbacks, **kwargs)
Mine().fit(x, y, callbacks=[W(), ES()])

## a callback that looks at its neighbours
class Look(Callback):
    def __init__(self, others):
        super().__init__()
        self.others = others
    def on_train_begin(self, logs=None):
        print(len(self.others), [isinstance(cb, W) for cb in self.others])
cbs = [W()]
cbs.append(Look(cbs))
model.fit(x, y, callbacks=cbs)

## a subclass
class Mine(W):
    pass
cb = Mine()
print(isinstance(cb, W), type(cb).__name__)
model.fit(x, y, callbacks=[cb])

## a subclass that overrides
class Mine(W):
    def on_epoch_end(self, epoch, logs=None):
        print("mine")
        super().on_epoch_end(epoch, logs)
model.fit(x, y, callbacks=[Mine(log_weights=True)])

## a subclass with new
class Mine(W):
    def __new__(cls, *args, **kwargs):
        return WandbCallback(monitor="loss", log_weights=True)
model.fit(x, y, callbacks=[Mine()])

## a subclass with init
class Mine(W):
    def __init__(self, extra, **kwargs):
        super().__init__(save_model=False, **kwargs)
        self.extra = extra
cb = Mine(3, monitor="loss")
print(cb.extra, cb.monitor, cb.save_model)
model.fit(x, y, callbacks=[cb])

## a subclass beside a construction
class Mine(W):
    pass
model.fit(x, y, callbacks=[W(), Mine()])

## a subclass made by type
Mine = type("Mine", (W,), {"extra": 1})
model.fit(x, y, callbacks=[Mine()])

## a mixin
class Mixin:
    def on_train_begin(self, logs=None):
        print("mixin")
        super().on_train_begin(logs)
class Mine(Mixin, W):
    pass
model.fit(x, y, callbacks=[Mine()])

## an exception with it
class Wrong(Exception):
    pass
try:
    raise Wrong(W())
except Wrong as error:
    model.fit(x, y, callbacks=[error.args[0]])

## registered in a table of classes
TABLE = {"wandb": W, "stop": ES}
model.fit(x, y, callbacks=[TABLE[name]() for name in ("wandb", "stop")])

## instantiated from a pair
kind, options = W, {"save_model": False}
model.fit(x, y, callbacks=[kind(**options)])

## the class itself in the list
#fails
model.fit(x, y, callbacks=[W])

## a partial
from functools import partial
make = partial(W, save_model=False)
model.fit(x, y, callbacks=[make(), make(log_weights=True)])

## a factory in a default
def train(make=W):
    model.fit(x, y, callbacks=[make()])
train()

## a factory in a map
model.fit(x, y, callbacks=list(map(lambda make: make(), [W, ES])))

## a factory in a conditional
make = W if x else ES
model.fit(x, y, callbacks=[make()])

## a factory by or
make = None or W
model.fit(x, y, callbacks=[make()])

## compared classes
print(W is WandbCallback, W == ES, W.__name__, W in [W])

## tested before it is made
if W is not None:
    model.fit(x, y, callbacks=[W()])

## made if the class is true
model.fit(x, y, callbacks=[W()] if W else [])

## an abstract base
import abc
class Logger(abc.ABC):
    pass
Logger.register(W)
cb = W()
print(isinstance(cb, Logger))
model.fit(x, y, callbacks=[cb])

## a protocol
from typing import Protocol, runtime_checkable
@runtime_checkable
class HasMonitor(Protocol):
    monitor: str
cb = W()
print(isinstance(cb, HasMonitor))
model.fit(x, y, callbacks=[cb])

## a decorator on the class
def loud(kind):
    print(kind.__name__)
    return kind
Loud = loud(W)
model.fit(x, y, callbacks=[Loud()])

## match object with attr list
class Job:
    def __init__(self):
        self.cbs = [W(), ES()]
match Job():
    case Job(cbs=[a, b]):
        model.fit(x, y, callbacks=[b, a])
    case _:
        print("other")

## match args
class Job:
    __match_args__ = ("cb",)
    def __init__(self, cb):
        self.cb = cb
match Job(W()):
    case Job(WandbCallback() as c):
        model.fit(x, y, callbacks=[c])
    case Job(c):
        print("other")

## getattr class from module by name
cls = getattr(wandb.keras, "WandbCallback")
cb = cls(save_model=False)
print(isinstance(cb, wandb.keras.WandbCallback))
model.fit(x, y, callbacks=[cb])

## match kwargs
def run(**kw):
    match kw:
        case {"callbacks": [first, *rest], **others}:
            print(len(rest), sorted(others))
            model.fit(x, y, callbacks=[first, *rest])
        case {"callbacks": cb}:
            model.fit(x, y, callbacks=[cb])
run(callbacks=[W(), ES()], epochs=1)
run(callbacks=W())

## a filter by a callback of Keras
cbs = [ES(), W()]
cbs = [c for c in cbs if not isinstance(c, EarlyStopping)]
model.fit(x, y, callbacks=cbs)

## a callback of Keras found by its type
cbs = [W(), ES(patience=2)]
for c in cbs:
    if isinstance(c, EarlyStopping) and c.patience:
        c.patience = 3
        print(c.patience)
print(next(c for c in cbs if isinstance(c, EarlyStopping)).patience)
model.fit(x, y, callbacks=cbs)

## a callback of Keras, the others read
cbs = [ES(), W()]
for c in cbs:
    if isinstance(c, EarlyStopping):
        print("stops")
    else:
        print(c.monitor)
model.fit(x, y, callbacks=cbs)

## a callback of Keras, and its name bound again
cbs = [ES(), W()]
for c in cbs:
    if isinstance(c, EarlyStopping):
        c = cbs[1]
        print(c.monitor)
model.fit(x, y, callbacks=cbs)

## a checkpoint among the replacements
from keras.callbacks import ModelCheckpoint
from wandb.keras import WandbCallback, WandbMetricsLogger
cbs = [WandbMetricsLogger(), WandbCallback()]
print(sum(isinstance(c, ModelCheckpoint) for c in cbs))
model.fit(x, y, validation_data=(xv, yv), callbacks=cbs)
"""),
]
