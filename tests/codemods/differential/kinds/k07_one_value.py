"""7. One value under "callbacks" in a dictionary, or given to an own function that wraps it."""

from programs import product, read

WRITTEN = {
    "display": 'kw = {"callbacks": <value>}',
    "dict call": "kw = dict(callbacks=<value>)",
    "item": 'kw = {}\nkw["callbacks"] = <value>',
    "update": "kw = {}\nkw.update(callbacks=<value>)",
    "update dict": 'kw = {}\nkw.update({"callbacks": <value>})',
    "setdefault": 'kw = {}\nkw.setdefault("callbacks", <value>)',
    "name": 'cb = <value>\nkw = {"callbacks": cb}',
    "merged": 'kw = {**{"epochs": 1}, "callbacks": <value>}',
    "or": 'kw = {"epochs": 1}\nkw = {**kw, **{"callbacks": <value>}}',
    "returned": 'def options():\n    return {"callbacks": <value>}\nkw = options()',
    "nested": 'config = {"fit": {"callbacks": <value>}}\nkw = config["fit"]',
    "attribute": 'class Job:\n    pass\nJob.kw = {"callbacks": <value>}\nkw = Job.kw',
    "other key": 'made = {"cbs": <value>}\nkw = {"callbacks": made["cbs"]}',
}
VALUES = {
    "one": "W()", "list": "[W()]", "two": "[W(), ES()]", "tuple": "(W(), ES())",
    "perhaps": "[W()] if x else None", "one or none": "W() if x else None",
}  # fmt: skip
READ = {
    "splat": "model.fit(x, y, **kw)",
    "wrapped": 'model.fit(x, y, callbacks=[kw["callbacks"]] if not isinstance(kw["callbacks"], (list, tuple)) else kw["callbacks"])',
    "counted": 'got = kw["callbacks"]\nprint(len(got) if isinstance(got, (list, tuple)) else 1)\nmodel.fit(x, y, **kw)',
    "popped": 'got = kw.pop("callbacks")\nmodel.fit(x, y, callbacks=got)',
    "own": "def own(callbacks=None, **rest):\n    print(sorted(rest))\n    model.fit(x, y, callbacks=callbacks)\nown(**kw)",
}
FUNCTIONS = {
    "wraps": "def train(callbacks):\n    model.fit(x, y, callbacks=[callbacks])",
    "wraps with others": "def train(callbacks):\n    model.fit(x, y, callbacks=[ES(), callbacks])",
    "takes both": "def train(callbacks):\n    if not isinstance(callbacks, list):\n        callbacks = [callbacks]\n    print(len(callbacks))\n    model.fit(x, y, callbacks=callbacks)",
    "gives on": "def train(callbacks):\n    model.fit(x, y, callbacks=callbacks)",
    "tests": "def train(callbacks=None):\n    model.fit(x, y, callbacks=[callbacks] if callbacks else [])",
    "method": "class Trainer:\n    def fit(self, callbacks):\n        model.fit(x, y, callbacks=[callbacks])\ntrain = Trainer().fit",
    "method of keras": "class Mine(Model):\n    def fit(self, callbacks):\n        return super().fit(x, y, callbacks=[callbacks])\ntrain = Mine().fit",
    "lambda": "train = lambda callbacks: model.fit(x, y, callbacks=[callbacks])",
    "keyword only": "def train(*, callbacks):\n    model.fit(x, y, callbacks=[callbacks])",
    "stored": "class Trainer:\n    def __init__(self, callbacks):\n        self.callbacks = [callbacks]\n    def run(self):\n        model.fit(x, y, callbacks=self.callbacks)\ndef train(callbacks):\n    Trainer(callbacks).run()",
    "static": "class Trainer:\n    @staticmethod\n    def run(callbacks):\n        model.fit(x, y, callbacks=[callbacks])\ntrain = Trainer.run",
    "class": "class Trainer:\n    @classmethod\n    def run(cls, callbacks):\n        model.fit(x, y, callbacks=[callbacks])\ntrain = Trainer.run",
}

# how a model gets a fit that counts
WAYS = {
    "object setattr": "object.__setattr__(model, 'fit', counted)",
    "own setattr dunder": "model.__setattr__('fit', counted)",
    "type setattr": "type.__setattr__(Sequential, 'fit', lambda self, *a, **k: counted(*a, **k))",
    "instance dict": "model.__dict__['fit'] = counted",
    "instance dict update": 'model.__dict__.update(fit=counted)',
    "instance dict update map": "model.__dict__.update({'fit': counted})",
    "vars": "vars(model)['fit'] = counted",
    "helper with name": "def wrap(owner, name, new):\n    setattr(owner, name, new)\nwrap(model, 'fit', counted)",
    "helper with path": "def wrap(owner, path, new):\n    setattr(owner, path.split('.')[-1], new)\nwrap(model, 'Model.fit', counted)",
    "joined name": "setattr(model, 'f' + 'it', counted)",
    "format name": "setattr(model, '%s' % 'fit', counted)",
    "setitem": "import operator\noperator.setitem(model.__dict__, 'fit', counted)",
    "class swap": 'class Loud(type(model)):\n    def fit(self, *a, **k):\n        return counted(*a, **k)\nmodel.__class__ = Loud',
    "reduce": "import functools\nowner = functools.reduce(getattr, ['__class__'], model)\nowner.fit = staticmethod(counted)",
    "tuple": 'model.fit, model.name = counted, model.name',
    "walrus": "if (f := counted):\n    setattr(model, 'fit', f)",
    "annotated": 'model.fit: object = counted',
    "for target": 'for model.fit in [counted]: pass',
    "with target": 'import contextlib\nwith contextlib.nullcontext(counted) as model.fit: pass',
    "delegator": 'class D:\n    def __init__(self, it): self.it = it\n    fit = property(lambda self: counted)\nmodel = D(model)',
    "delegator slots": "class D:\n    __slots__ = ('fit',)\n    def __init__(self): self.fit = counted\nmodel = D()",
    "namespace": 'import types\nmodel = types.SimpleNamespace(fit=counted)',
    "type call": "model = type('M', (), {'fit': staticmethod(counted)})()",
    "type call dict": "model = type('M', (), dict(fit=staticmethod(counted)))()",
    "namedtuple": "from collections import namedtuple\nmodel = namedtuple('M', 'fit')(counted)",
    "dataclass": "import dataclasses\nmodel = dataclasses.make_dataclass('M', ['fit'])(counted)",
    "partial model": 'import functools\nclass M:\n    fit = functools.partialmethod(lambda self, *a, **k: counted(*a, **k))\nmodel = M()',
    "enum": "class M:\n    pass\nmodel = M()\nmodel.__dict__ |= {'fit': counted}",
    "dict subclass": 'class M(dict):\n    __getattr__ = dict.get\nmodel = M(fit=counted)',
    "getattr fallback": 'class M:\n    def __getattr__(self, name):\n        return counted\nmodel = M()',
    "module": "import types\nmodel = types.ModuleType('m')\nmodel.fit = counted",
    "exec def": "exec('model.fit = counted')",
    "exec class": "exec('class M:\\n    fit = staticmethod(counted)\\nmodel = M()')",
    "class body loop": "class M:\n    for name in ('fit', 'evaluate'):\n        locals()[name] = staticmethod(counted)\nmodel = M()",
    "class body exec": "class M:\n    exec('fit = staticmethod(counted)')\nmodel = M()",
    "class body tuple": 'class M:\n    fit, other = staticmethod(counted), 1\nmodel = M()',
    "class body conditional": 'class M:\n    if True:\n        def fit(self, *a, **k):\n            return counted(*a, **k)\nmodel = M()',
    "class body lambda chained": 'class M:\n    train = fit = lambda self, *a, **k: counted(*a, **k)\nmodel = M()',
    "class body with": 'import contextlib\nclass M:\n    with contextlib.nullcontext(staticmethod(counted)) as fit: pass\nmodel = M()',
    "class body for": 'class M:\n    for fit in [staticmethod(counted)]: pass\nmodel = M()',
    "class body walrus": 'class M:\n    (fit := staticmethod(counted))\nmodel = M()',
    "class body nested class": 'class M:\n    class fit:\n        def __init__(self, *a, **k):\n            counted(*a, **k)\nmodel = M()',
    "class body except": 'class M:\n    try:\n        raise ValueError\n    except ValueError:\n        fit = staticmethod(counted)\nmodel = M()',
    "callable object": 'class F:\n    def __call__(self, *a, **k):\n        return counted(*a, **k)\nclass M:\n    fit = F()\nmodel = M()',
}  # fmt: skip
_ELSEWHERE = {
    name: way
    for name, way in WAYS.items()
    if not name.startswith(("exec", "class body exec", "class body loop", "joined"))
}
_COUNTED = "def counted(*a, **k):\n    print('counted', len(k['callbacks']))\n"

PROGRAMS = [
    *product(
        _COUNTED + "<way>\nmodel.fit(x, y, callbacks=[W(), ES()])\n",
        way={f"fit by {name}": way for name, way in WAYS.items()},
    ),
    *product(
        "#--- main.py\nimport swap\nswap.swapped(model).fit(x, y, callbacks=[W(), ES()])\n"
        "#--- swap.py\nfrom keras.models import Sequential\n"
        + _COUNTED
        + "def swapped(model):\n    <way>\n    return model\n",
        way={f"fit elsewhere by {name}": way for name, way in _ELSEWHERE.items()},
    ),
    *product("<written>\n<read>", written=WRITTEN, value=VALUES, read=READ),
    *product("<function>\ntrain(callbacks=W())", function=FUNCTIONS),
    *product(
        "<function>\ncb = W()\ntrain(callbacks=cb)",
        function={f"name {name}": text for name, text in FUNCTIONS.items()},
    ),
    *product(
        "<function>\nkw = {'callbacks': W()}\ntrain(**kw)",
        function={f"splat {name}": text for name, text in FUNCTIONS.items()},
    ),
    *read("""
## own class called like Keras'
class Sequential:
    def fit(self, x, callbacks=None):
        print(type(callbacks).__name__ == "list")
        model.fit(x, callbacks=[callbacks])
Sequential().fit(x, callbacks=W())

## own fit that counts
class Trainer:
    def fit(self, x, callbacks=()):
        print(len(callbacks))
Trainer().fit(x, callbacks=[W()])

## own fit through an attribute
class Trainer:
    def fit(self, x, callbacks=None):
        model.fit(x, callbacks=[callbacks])
class App:
    def __init__(self):
        self.trainer = Trainer()
    def run(self):
        self.trainer.fit(x, callbacks=W())
App().run()

## own fit through a parameter
class Trainer:
    def fit(self, x, callbacks=None):
        model.fit(x, callbacks=[callbacks])
def run(trainer):
    trainer.fit(x, callbacks=W())
run(Trainer())

## own fit through a parameter of a list
class Trainer:
    def fit(self, x, callbacks=None):
        a, b = callbacks
        model.fit(x, callbacks=[b, a])
def run(trainer):
    trainer.fit(x, callbacks=[W(), ES()])
run(Trainer())

## own fit returned
class Trainer:
    def fit(self, x, callbacks=None):
        print(len(callbacks))
def build():
    return Trainer()
build().fit(x, callbacks=[W(), ES()])

## own fit by self
class Trainer:
    def fit(self, x, callbacks=None):
        model.fit(x, callbacks=[callbacks])
    def run(self):
        self.fit(x, callbacks=W())
Trainer().run()

## own fit that gives on
class Trainer:
    def fit(self, x, callbacks=None):
        return model.fit(x, callbacks=callbacks)
Trainer().fit(x, callbacks=[W(), ES()])

## own fit over Keras' fit
class Mine(Model):
    def fit(self, x, callbacks=None, **kwargs):
        print("mine", len(callbacks))
        return super().fit(x, callbacks=callbacks, **kwargs)
m = Mine()
m.fit(x, callbacks=[W()])

## a function called fit
def fit(x, callbacks=None):
    model.fit(x, callbacks=[callbacks])
fit(x, callbacks=W())

## a function called fit of a list
def fit(x, callbacks=None):
    print(len(callbacks))
    model.fit(x, callbacks=callbacks)
fit(x, callbacks=[W()])

## a function called compile_and_fit
def compile_and_fit(m, callbacks):
    m.compile()
    return m.fit(x, y, callbacks=callbacks)
compile_and_fit(model, [W(), ES()])

## a function with variadic callbacks
def train(*callbacks):
    model.fit(x, y, callbacks=list(callbacks))
    print(len(callbacks))
train(W())

## a keyword called callback
def train(callback):
    model.fit(x, y, callbacks=[callback])
train(callback=W())

## a constructor with callbacks
class Trainer:
    def __init__(self, callbacks):
        self.callbacks = callbacks
    def run(self):
        model.fit(x, y, callbacks=[self.callbacks])
Trainer(callbacks=W()).run()

## a constructor with a list of callbacks
class Trainer:
    def __init__(self, callbacks):
        self.logger, *self.rest = callbacks
    def run(self):
        model.fit(x, y, callbacks=self.rest)
Trainer(callbacks=[W(), ES()]).run()

## a tuner
class Tuner:
    def __init__(self, build):
        self.build = build
    def search(self, *args, callbacks=None, **kwargs):
        import copy
        for _ in range(2):
            self.build().fit(*args, callbacks=[copy.copy(cb) for cb in callbacks], **kwargs)
Tuner(Sequential).search(x, y, callbacks=[W(), ES()])

## a wrapper of scikit-learn's kind
class KerasClassifier:
    def __init__(self, build, callbacks=None, **kwargs):
        self.build, self.callbacks = build, callbacks
    def fit(self, x, y, **kwargs):
        self.build().fit(x, y, callbacks=[self.callbacks], **kwargs)
KerasClassifier(Sequential, callbacks=W()).fit(x, y)

## fit taken as a function
fit = model.fit
fit(x, y, callbacks=[W(), ES()])

## fit taken as a function of one
fit = model.fit
fit(x, y, callbacks=W())

## fit by getattr
getattr(model, "fit")(x, y, callbacks=[W(), ES()])

## evaluate
model.evaluate(x, y, callbacks=[W()])

## predict
model.predict(x, callbacks=[W()])

## predict of one
model.predict(x, callbacks=W())

## callbacks None and a default
def train(callbacks=None):
    callbacks = callbacks or [ES()]
    model.fit(x, y, callbacks=callbacks)
train()
train([W()])

## a dictionary printed
kw = {"callbacks": [W()]}
print(kw)
model.fit(x, y, **kw)

## a dictionary of options by name
options = {"wandb": W()}
model.fit(x, y, callbacks=list(options.values()))

## a dictionary of options by name counted
options = {"wandb": W(), "stop": ES()}
cbs = [cb for cb in options.values() if cb]
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## dictionary splatted twice
kw = {"callbacks": [W()]}
model.fit(x, y, **kw)
model.fit(x, y, **kw)

## dictionary copied
kw = {"callbacks": [W()]}
other = dict(kw)
other["callbacks"].append(ES())
model.fit(x, y, **kw)

## a simple namespace
from types import SimpleNamespace
config = SimpleNamespace(callbacks=W())
model.fit(x, y, callbacks=[config.callbacks])

## a config of wandb
config = {"callbacks": W(), "epochs": 1}
model.fit(x, y, epochs=config["epochs"], callbacks=[config["callbacks"]])

## proxy of model
class Proxy:
    def __init__(self, m):
        self._m = m
    def __getattr__(self, n):
        target = getattr(self._m, n)
        def call(*a, **k):
            print(n, len(k.get("callbacks", ())))
            return target(*a, **k)
        return call
def run(m):
    m.fit(x, y, callbacks=[W(), ES()])
run(Proxy(model))

## multi-inherit fit mixin
class CountMixin:
    def fit(self, *a, callbacks=(), **k):
        print(len(callbacks))
        return super().fit(*a, callbacks=callbacks, **k)
class M(CountMixin, Sequential):
    pass
M().fit(x, y, callbacks=[W(), ES()])

## type created model
M = type("M", (Sequential,), {"fit": lambda self, *a, callbacks=(), **k: print(len(callbacks))})
M().fit(x, y, callbacks=[W(), ES()])

## model in self
class A(Model):
    def fit(self, *a, callbacks=None, **k):
        print(len(callbacks))
class T:
    def __init__(self):
        self.model = A()
    def run(self):
        self.model.fit(x, y, callbacks=[W(), ES()])
T().run()

## pipeline fit
class Pipe:
    def __init__(self, steps):
        self.steps = steps
    def fit(self, x, y, **kw):
        for name, value in kw.items():
            step, _, arg = name.partition("__")
            print(step, arg, len(value))
            dict(self.steps)[step].fit(x, y, **{arg: value})
Pipe([("m", model)]).fit(x, y, m__callbacks=[W(), ES()])

## an own fit that takes no callbacks around that of the model
class Trainer:
    def __init__(self, model):
        self.model = model
    def fit(self, x, y):
        self.model.fit(x, y, callbacks=[W(), ES()])
Trainer(model).fit(x, y)

## an own fit that takes no callbacks, given some
class Trainer:
    def fit(self, x):
        print("own")
try:
    Trainer().fit(x, callbacks=[W()])
except TypeError as error:
    print(error)

## an own fit that the class's decorator wraps
from lib import counted
@counted
class Net:
    def fit(self, x):
        return self
Net().fit(x, callbacks=[W()])
#--- lib.py
def counted(cls):
    name = "f" + "it"
    old = vars(cls)[name]
    new = lambda self, x, callbacks: print(len(callbacks)) or old(self, x)
    return type(cls.__name__, (cls,), {name: new})

## two own fits of which one takes callbacks
class Scaler:
    def fit(self, x):
        return self
class Net:
    def fit(self, x, callbacks=()):
        print(len(callbacks))
def go(m):
    m.fit(x, callbacks=[W()])
go(Net())

## an own fit that takes whatever it is given
class Net:
    def fit(self, *args):
        print(len(args[-1]))
def go(m):
    m.fit(x, y, None, 1, 0, [W()])
go(Net())

## a fit of another file that takes no callbacks
from lib import get_model
get_model().fit(x, y, callbacks=[W()])
#--- lib.py
from keras.models import Sequential
class Scaler:
    def fit(self, x, y=None):
        return self
def get_model():
    return Sequential()

## a fit of another file that takes them by position
from lib import Net
Net().fit(x, y, None, 1, 0, [W()])
#--- lib.py
class Net:
    def fit(self, x, y, size, epochs, verbose, cbs):
        print(len(cbs))

## super fit of mixin
class Counting(Sequential):
    def fit(self, *a, callbacks=(), **k):
        print(len(callbacks))
        return super().fit(*a, callbacks=callbacks, **k)
class WithWandb:
    def fit(self, *a, callbacks=(), **k):
        return super().fit(*a, callbacks=[*callbacks, W()], **k)
class Net(WithWandb, Counting):
    pass
Net(name="n").fit(x, y, callbacks=[ES()])

## super fit of keras
class Net(Sequential):
    def fit(self, *a, callbacks=(), **k):
        return super().fit(*a, callbacks=[*callbacks, W()], **k)
Net(name="n").fit(x, y, callbacks=[ES()])

## super fit across files
#--- main.py
from lib import WithWandb, Counting
class Net(WithWandb, Counting):
    pass
Net(name="n").fit(x, y, callbacks=[ES()])
#--- lib.py
from keras.models import Sequential
from wandb.keras import WandbCallback
class Counting(Sequential):
    def fit(self, *a, callbacks=(), **k):
        print(len(callbacks))
        return super().fit(*a, callbacks=callbacks, **k)
class WithWandb:
    def fit(self, *a, callbacks=(), **k):
        return super().fit(*a, callbacks=[*callbacks, WandbCallback()], **k)

## super fit of a mixin alone
class WithWandb:
    def fit(self, *a, callbacks=(), **k):
        return super().fit(*a, callbacks=[*callbacks, W()], **k)
class Net(WithWandb, Sequential):
    pass
Net(name="n").fit(x, y, callbacks=[ES()])

## super fit from another method
class Counting(Sequential):
    def fit(self, *a, callbacks=(), **k):
        print(len(callbacks))
        return super().fit(*a, callbacks=callbacks, **k)
class Net(Counting):
    def fit(self, *a, **k):
        raise RuntimeError
    def go(self):
        return super().fit(x, y, callbacks=[W(), ES()])
Net(name="n").go()

## super skipping one
class Counting(Sequential):
    def fit(self, *a, callbacks=(), **k):
        print(len(callbacks))
        return super().fit(*a, callbacks=callbacks, **k)
class Middle(Counting):
    def fit(self, *a, **k):
        raise RuntimeError
class Net(Middle):
    def fit(self, *a, **k):
        return super(Middle, self).fit(*a, callbacks=[W()], **k)
Net(name="n").fit(x, y)
"""),
]
