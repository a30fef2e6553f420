"""10. Names in strings and annotations; an import in a class body."""

from programs import product, read

READS = {
    "globals": "globals()['WandbCallback']",
    "globals get": "globals().get('WandbCallback')",
    "vars": "vars()['WandbCallback']",
    "locals": "locals()['WandbCallback']",
    "eval": "eval('WandbCallback')",
    "getattr of the module": "getattr(sys.modules[__name__], 'WandbCallback')",
    "dict of the module": "sys.modules[__name__].__dict__['WandbCallback']",
    "dict of main": "__import__('__main__').WandbCallback",
    "globals items": "dict(globals().items())['WandbCallback']",
    "globals by concatenation": "globals()['Wandb' + 'Callback']",
    "globals by format": "globals()[f\"{'Wandb'}Callback\"]",
    "itemgetter": "__import__('operator').itemgetter('WandbCallback')(globals())",
    "eval in a call": "eval('[WandbCallback][0]')",
    "hints": "__import__('typing').get_type_hints(hinted)['cb']",
}
BESIDE = {
    "alone": "pass",
    "beside a call": "model.fit(x, y, callbacks=[W()])",
    "beside a call of one part": "model.fit(x, y, callbacks=[W(save_model=False, save_graph=False, log_best_prefix=None)])",
}
HOLDERS = {
    "globals": "globals()['<name>']",
    "vars": "vars()['<name>']",
    "eval": "eval('<name>')",
    "getattr": "getattr(sys.modules[__name__], '<name>')",
    "format": "'{0[<name>]}'.format(globals()) and globals()['<name>']",
    "exec": "exec('got = <name>') or globals()['got']",
}
TAKES = {
    "in a list": "model.fit(x, y, callbacks=[<get>, ES()])",
    "alone": "model.fit(x, y, callbacks=<get>)",
    "tested": "got = <get>\nprint(isinstance(got, list))\nmodel.fit(x, y, callbacks=got)",
}

PROGRAMS = [
    *product(
        "import sys\ndef hinted(cb: 'WandbCallback'): ...\n<beside>\nmade = <read>()\nmodel.fit(x, y, callbacks=[made])",
        beside={f"class {k}": v for k, v in BESIDE.items()},
        read=READS,
    ),
    *product(
        "import sys\ncb = W()\nmodel.fit(x, y, callbacks=[cb])\n<take>",
        take={f"holder {k}": v for k, v in TAKES.items()},
        get={k: v.replace("<name>", "cb") for k, v in HOLDERS.items()},
    ),
    *product(
        "import sys\nif x:\n    cbs = [W()]\nmodel.fit(x, y, callbacks=cbs)\nmore = <get>\nprint(len(more))",
        get={f"list {k}": v.replace("<name>", "cbs") for k, v in HOLDERS.items()},
    ),
    *read("""
## getattr of an attribute
class Trainer:
    def __init__(self):
        self.cb = W()
    def run(self):
        model.fit(x, y, callbacks=[getattr(self, "cb")])
Trainer().run()

## getattr with a default
class Trainer:
    def __init__(self):
        self.cb = W()
    def run(self):
        cb = getattr(self, "cb", None)
        model.fit(x, y, callbacks=[cb] if cb else [])
Trainer().run()

## getattr with a name
class Trainer:
    def __init__(self):
        self.wandb_cb = W()
        self.stop_cb = ES()
    def run(self):
        for kind in ("wandb", "stop"):
            model.fit(x, y, callbacks=[getattr(self, f"{kind}_cb")])
Trainer().run()

## vars of an object
class Trainer:
    def __init__(self):
        self.cb = W()
    def run(self):
        model.fit(x, y, callbacks=[vars(self)["cb"]])
Trainer().run()

## dict of an object
class Trainer:
    def __init__(self):
        self.cb = W()
t = Trainer()
model.fit(x, y, callbacks=list(t.__dict__.values()))

## setattr of an object
class Trainer:
    cb = None
t = Trainer()
setattr(t, "cb", W())
model.fit(x, y, callbacks=[t.cb])

## attrgetter
from operator import attrgetter
class Trainer:
    def __init__(self):
        self.cb = W()
model.fit(x, y, callbacks=[attrgetter("cb")(Trainer())])

## a method by name
class Trainer:
    def logger(self):
        return W()
    def run(self, name):
        return getattr(self, name)()
model.fit(x, y, callbacks=[Trainer().run("logger")])

## a method by a made name
class Trainer:
    def get_wandb(self):
        return W()
    def get_stop(self):
        return ES()
t = Trainer()
model.fit(x, y, callbacks=[getattr(t, "get_" + name)() for name in ("wandb", "stop")])

## a function by name
def make_wandb():
    return W()
model.fit(x, y, callbacks=[globals()["make_wandb"]()])

## a function by a made name
def make_wandb():
    return W()
def make_stop():
    return ES()
model.fit(x, y, callbacks=[globals()["make_" + name]() for name in ("wandb", "stop")])

## a function by eval
def make_wandb():
    return W()
model.fit(x, y, callbacks=[eval("make_wandb()")])

## a local by locals
def train():
    cb = W()
    names = locals()
    model.fit(x, y, callbacks=[names["cb"]])
train()

## a local by a format map
def train():
    cb = W()
    print("{cb}".format(**locals()))
    model.fit(x, y, callbacks=[cb])
train()

## locals splatted
def train(cb, n):
    model.fit(x, y, callbacks=[cb])
def main():
    cb = W()
    n = 3
    train(**locals())
main()

## vars splatted
def fit(callbacks, epochs):
    model.fit(x, y, callbacks=callbacks, epochs=epochs)
def main():
    callbacks = [W()]
    epochs = 2
    fit(**vars())
    print(len(callbacks))
main()

## patched by name
from unittest import mock
class Fake(Callback):
    def __init__(self, *args, **kwargs):
        super().__init__()
        print("fake")
def train():
    model.fit(x, y, callbacks=[W()])
with mock.patch("__main__.WandbCallback", Fake):
    train()
train()

## patched by its old home
from unittest import mock
class Fake(Callback):
    def __init__(self, *args, **kwargs):
        super().__init__()
        print("fake")
with mock.patch("wandb.keras.WandbCallback", Fake):
    from wandb.keras import WandbCallback
    model.fit(x, y, callbacks=[WandbCallback()])

## patched by its old home, dotted
from unittest import mock
import wandb
class Fake(Callback):
    def __init__(self, *args, **kwargs):
        super().__init__()
        print("fake")
with mock.patch("wandb.integration.keras.WandbCallback", Fake):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## patched as an object
from unittest import mock
import wandb.keras
class Fake(Callback):
    def __init__(self, *args, **kwargs):
        super().__init__()
        print("fake")
with mock.patch.object(wandb.keras, "WandbCallback", Fake):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## patched a function
from unittest import mock
def logger():
    return W()
def train():
    model.fit(x, y, callbacks=[logger()])
with mock.patch("__main__.logger", lambda: ES()):
    train()
train()

## patched in globals
class Fake(Callback):
    def __init__(self, *args, **kwargs):
        super().__init__()
        print("fake")
def train():
    model.fit(x, y, callbacks=[W()])
globals()["WandbCallback"] = Fake
train()

## a string annotation
def train(cb: "WandbCallback") -> "list[WandbCallback]":
    model.fit(x, y, callbacks=[cb])
train(W())
print(sorted(train.__annotations__))

## a string annotation looked up
from typing import get_type_hints
def train(cb: "WandbCallback"):
    model.fit(x, y, callbacks=[cb])
print(get_type_hints(train)["cb"].__name__)
train(W())

## an annotation looked up
from typing import Optional, get_type_hints
def train(cb: Optional[W] = None):
    model.fit(x, y, callbacks=[cb] if cb else [])
print("WandbCallback" in str(get_type_hints(train)["cb"]))
train(W())

## an annotation with future annotations
from __future__ import annotations
from wandb.keras import WandbCallback
from typing import get_type_hints
def train(cb: WandbCallback):
    return [cb]
print(get_type_hints(train)["cb"].__name__)

## an annotation of a variable
cb: "WandbCallback" = W()
model.fit(x, y, callbacks=[cb])
print(sorted(__annotations__))

## an annotation of a class
import dataclasses
import typing
@dataclasses.dataclass
class Job:
    cb: "WandbCallback"
print(typing.get_type_hints(Job)["cb"].__name__)
model.fit(x, y, callbacks=[Job(W()).cb])

## an annotation only under TYPE_CHECKING
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from wandb.keras import WandbCallback
def train(cb: "WandbCallback"):
    model.fit(x, y, callbacks=[cb])
train(EarlyStopping())

## cast
from typing import cast
cb = cast("WandbCallback", W())
model.fit(x, y, callbacks=[cb])

## cast to the class
from typing import cast
cb = cast(W, W())
model.fit(x, y, callbacks=[cb])

## cast of typing
import typing
cb = typing.cast("WandbCallback", W())
print(cb.monitor)
model.fit(x, y, callbacks=[cb])

## a type comment
cb = W()  # type: WandbCallback
model.fit(x, y, callbacks=[cb])

## a type comment of a function
def train(cb):
    # type: (WandbCallback) -> None
    model.fit(x, y, callbacks=[cb])
train(W())

## a type variable
from typing import TypeVar
T = TypeVar("T", bound="WandbCallback")
def same(cb: T) -> T:
    return cb
model.fit(x, y, callbacks=[same(W())])
print(T.__bound__.__forward_arg__)

## a type variable with the class
from typing import TypeVar
T = TypeVar("T", bound=WandbCallback)
print(T.__bound__.__name__)
model.fit(x, y, callbacks=[W()])

## a new type
from typing import NewType
Logger = NewType("Logger", WandbCallback)
model.fit(x, y, callbacks=[Logger(W())])
print(Logger.__supertype__.__name__)

## a union alias
from typing import Union
Either = Union[WandbCallback, EarlyStopping]
print(len(Either.__args__), Either.__args__[0].__name__)
model.fit(x, y, callbacks=[W()])

## a list type
from typing import List
Loggers = List[WandbCallback]
def train(cbs: Loggers):
    print(len(cbs))
    model.fit(x, y, callbacks=cbs)
train([W()])
print(Loggers.__args__[0].__name__)

## type parameters
def same[T: WandbCallback](cb: T) -> T:
    return cb
model.fit(x, y, callbacks=[same(W())])
print(same.__type_params__[0].__bound__.__name__)

## a type statement
type Loggers = list[WandbCallback]
model.fit(x, y, callbacks=[W()])
print(Loggers.__value__.__args__[0].__name__)

## type parameters of a class
class Box[T: WandbCallback]:
    def __init__(self, cb: T):
        self.cb = cb
model.fit(x, y, callbacks=[Box(W()).cb])
print(Box.__type_params__[0].__bound__.__name__)

## all says it
__all__ = ["WandbCallback"]
model.fit(x, y, callbacks=[W()])
print([globals()[name].__name__ for name in __all__])

## a class body imports it
class Names:
    from wandb.keras import WandbCallback
    def make(self):
        return self.WandbCallback()
model.fit(x, y, callbacks=[Names().make()])

## a class body imports it and uses it
class Names:
    from wandb.keras import WandbCallback
    cb = WandbCallback()
model.fit(x, y, callbacks=[Names.cb])

## a class body imports it and others use it
class Names:
    from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[Names.WandbCallback()])

## a class body imports it under a name
class Names:
    from wandb.keras import WandbCallback as Logger
    made = Logger(save_model=False)
model.fit(x, y, callbacks=[Names.Logger(), Names.made])

## a class body imports the module
class Names:
    import wandb.keras as wk
    def make(self):
        return self.wk.WandbCallback()
model.fit(x, y, callbacks=[Names().make()])

## a class body imports wandb
class Names:
    import wandb
    @classmethod
    def make(cls):
        return cls.wandb.keras.WandbCallback()
model.fit(x, y, callbacks=[Names.make()])

## a class body and a subclass
class Names:
    from wandb.keras import WandbCallback
class More(Names):
    pass
model.fit(x, y, callbacks=[More.WandbCallback()])

## a class body and vars
class Names:
    from wandb.keras import WandbCallback
print("WandbCallback" in vars(Names))
model.fit(x, y, callbacks=[vars(Names)["WandbCallback"]()])

## a class body and an attribute that is set
class Names:
    from wandb.keras import WandbCallback
Names.WandbCallback = EarlyStopping
model.fit(x, y, callbacks=[Names.WandbCallback()])

## an enumeration
import enum
class Kind(enum.Enum):
    WANDB = "WandbCallback"
    STOP = "EarlyStopping"
model.fit(x, y, callbacks=[globals()[kind.value]() for kind in Kind])

## a table of names
NAMES = ["WandbCallback", "EarlyStopping"]
model.fit(x, y, callbacks=[globals()[name]() for name in NAMES])

## exec makes it
space = {}
exec("from wandb.keras import WandbCallback\\ncb = WandbCallback()", space)
model.fit(x, y, callbacks=[space["cb"]])

## exec uses it
model.fit(x, y, callbacks=[W()])
exec("model.fit(x, y, callbacks=[WandbCallback()])")

## eval makes it
model.fit(x, y, callbacks=[eval("WandbCallback()")])

## eval uses a holder
cb = W()
eval("model.fit(x, y, callbacks=[cb])")
model.fit(x, y, callbacks=[cb])

## eval indexes a holder
cbs = [W(), ES()]
eval("model.fit(x, y, callbacks=[cbs[1]])")
model.fit(x, y, callbacks=cbs)

## a timed statement
import timeit
cbs = [W()]
print(timeit.timeit("assert len(cbs) == 1", globals=globals(), number=1) >= 0)
model.fit(x, y, callbacks=cbs)

## a doctest
def count(cbs):
    '''Count.

    >>> count([WandbCallback()])
    1
    '''
    return len(cbs)
import doctest
failed = doctest.run_docstring_examples(count, globals())
model.fit(x, y, callbacks=[W()])

## a namedtuple of its name
from collections import namedtuple
Made = namedtuple("Made", "WandbCallback")
made = Made(W)
model.fit(x, y, callbacks=[made.WandbCallback()])

## a string that only looks like it
print("WandbCallback", 'wandb.keras')
model.fit(x, y, callbacks=[W()])

## a docstring that speaks of it
def train():
    "Train with WandbCallback."
    model.fit(x, y, callbacks=[W()])
train()
print(train.__doc__)

## pickled
import pickle
print(pickle.loads(pickle.dumps(W)) is W)
model.fit(x, y, callbacks=[W()])

## by a module's name
import sys
print(hasattr(sys.modules["wandb"], "keras"))
model.fit(x, y, callbacks=[W()])

## by a global statement
def load():
    global WandbCallback
    from wandb.keras import WandbCallback
load()
model.fit(x, y, callbacks=[WandbCallback()])

## exec assembled
code = "cb = " + "Wandb" + "Callback()"
exec(code)
model.fit(x, y, callbacks=[cb, W()])

## getattr me computed
import sys
wanted = "Wandb" + "Callback"
cb = getattr(sys.modules[__name__], wanted)()
model.fit(x, y, callbacks=[cb, W()])

## globals names listed
print(sorted(n for n in globals() if n.startswith("Wandb")))
model.fit(x, y, callbacks=[W()])

## dir names listed
print([n for n in dir() if "Wandb" in n])
model.fit(x, y, callbacks=[W()])

## in globals
print("WandbCallback" in globals())
model.fit(x, y, callbacks=[W()])

## fake module in sys modules
import sys, types
fake = types.ModuleType("wandb.keras")
class Fake(Callback):
    def __init__(self, *a, **k):
        super().__init__()
        print("fake")
fake.WandbCallback = Fake
sys.modules["wandb.keras"] = fake
from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])

## patch dict of modules
import sys, types
from unittest import mock
fake = types.ModuleType("wandb.keras")
class Fake(Callback):
    def __init__(self, *a, **k):
        super().__init__()
        print("fake")
fake.WandbCallback = Fake
with mock.patch.dict(sys.modules, {"wandb.keras": fake}):
    from wandb.keras import WandbCallback
    model.fit(x, y, callbacks=[WandbCallback()])

## patch decorator
from unittest import mock
@mock.patch("wandb.keras.WandbCallback", new=EarlyStopping)
def train():
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])
train()

## patch multiple
from unittest import mock
with mock.patch.multiple("wandb.keras", WandbCallback=EarlyStopping):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## patch main name
from unittest import mock
with mock.patch("__main__.WandbCallback", EarlyStopping):
    model.fit(x, y, callbacks=[WandbCallback()])

## patch dict globals
from unittest import mock
with mock.patch.dict(globals(), {"WandbCallback": EarlyStopping}):
    model.fit(x, y, callbacks=[WandbCallback()])

## patch object of alias
from unittest import mock
import wandb.keras as wk
with mock.patch.object(wk, "WandbCallback", EarlyStopping):
    model.fit(x, y, callbacks=[wk.WandbCallback()])

## patch by variable path
from unittest import mock
PATH = "wandb.keras.WandbCallback"
with mock.patch(PATH, EarlyStopping):
    model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## wandb keras rebound
from types import SimpleNamespace
wandb.keras = SimpleNamespace(WandbCallback=EarlyStopping)
model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## a method patched by its path
from unittest import mock
with mock.patch("wandb.keras.WandbCallback.on_epoch_end", lambda self, e, logs=None: print("mock")):
    model.fit(x, y, callbacks=[W()])

## a method patched by its path in its new home
from unittest import mock
from wandb.integration.keras import WandbCallback
with mock.patch("wandb.integration.keras.WandbCallback.on_epoch_end", lambda self, e, logs=None: print("mock")):
    model.fit(x, y, callbacks=[WandbCallback()])

## a method patched by a decorator
from unittest import mock
def fake(self, e, logs=None): print("fake")
@mock.patch("wandb.keras.WandbCallback.on_epoch_end", fake)
def train():
    model.fit(x, y, callbacks=[W()])
train()

## the class by an entry point, asked for
import pkgutil
cls = pkgutil.resolve_name("wandb.keras:WandbCallback")
cb = W()
print(isinstance(cb, cls))
model.fit(x, y, callbacks=[cb])

## the class by its path, asked for
import importlib
mod, name = "wandb.keras.WandbCallback".rsplit(".", 1)
cls = getattr(importlib.import_module(mod), name)
cb = cls()
print(isinstance(cb, W))
model.fit(x, y, callbacks=[cb])

## the class replaced under a name that is put together
import wandb.keras as wk
class Loud(wk.WandbCallback):
    def on_epoch_end(self, epoch, logs=None):
        print("loud")
setattr(wk, "Wandb" + "Callback", Loud)
model.fit(x, y, callbacks=[wk.WandbCallback()])

## function in own globals
def _fit_it(cbs):
    model.fit(x, y, callbacks=cbs)
def go():
    _fit_it([W()])
go.__globals__["_fit_it"] = lambda cbs: print(len(cbs))
go()

## function rebound by exec
def _fit_it(cbs):
    model.fit(x, y, callbacks=cbs)
def go():
    _fit_it([W()])
exec("_fit_it = lambda cbs: print(len(cbs))")
go()

## function rebound by own multiple
from unittest import mock
def _fit_it(cbs):
    model.fit(x, y, callbacks=cbs)
def go():
    _fit_it([W()])
with mock.patch.multiple(__name__, _fit_it=lambda cbs: print(len(cbs))):
    go()

## class rebound by own f-string
from unittest import mock
def go():
    model.fit(x, y, callbacks=[W(monitor="loss")])
with mock.patch(f"{__name__}.WandbCallback", EarlyStopping):
    go()

## class rebound by own def in exec
def go():
    model.fit(x, y, callbacks=[W(monitor="loss")])
exec("def WandbCallback(**kw):\\n    return EarlyStopping(**kw)")
go()

## class rebound by own import in exec
def go():
    model.fit(x, y, callbacks=[W(monitor="loss")])
exec("from keras.callbacks import EarlyStopping as WandbCallback")
go()

## method patched by multiple
from unittest import mock
class T:
    def _fit(self, cbs):
        model.fit(x, y, callbacks=cbs)
    def run(self):
        self._fit([W()])
with mock.patch.multiple(T, _fit=lambda self, cbs: print(len(cbs))):
    T().run()

## same file globals patched
from unittest import mock
def run():
    model.fit(x, y, callbacks=[W(monitor="loss")])
with mock.patch(__name__ + ".WandbCallback", EarlyStopping):
    run()
run()

## same file rebinding in exec
def run():
    model.fit(x, y, callbacks=[W(monitor="loss")])
exec("WandbCallback = EarlyStopping")
run()

## function globals
def run():
    model.fit(x, y, callbacks=[W(monitor="loss")])
run.__globals__["WandbCallback"] = EarlyStopping
run()

## part deleted
from wandb.integration.keras import WandbMetricsLogger
del WandbMetricsLogger
model.fit(x, y, callbacks=[W()])
"""),
]
