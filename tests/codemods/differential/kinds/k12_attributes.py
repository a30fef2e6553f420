"""12. Attributes that are set or read later on the element, through any alias."""

from programs import product, read

HOLD = {
    "name": "cb = W()\ncbs = [cb]",
    "list": "cbs = [W()]",
    "list of two": "cbs = [W(), ES()]",
    "tuple": "cbs = (W(), ES())",
    "append": "cbs = []\ncbs.append(W())",
    "returned": "def make():\n    return [W(), ES()]\ncbs = make()",
    "attribute": "class Box:\n    def __init__(self):\n        self.cbs = [W()]\nbox = Box()\ncbs = box.cbs",
    "dictionary": "kw = {'callbacks': [W()]}\ncbs = kw['callbacks']",
    "concatenation": "cbs = [W()] + [ES()]",
    "no model": "cbs = [W(save_model=False, save_graph=False, log_best_prefix=None)]",
    "chosen": "cbs = [W()] if x else []",
}
DO = {
    "set": "cbs[0].log_weights = True",
    "set monitor": "cbs[0].monitor = 'loss'",
    "set save_model": "cbs[0].save_model = False",
    "set in a loop": "for c in cbs:\n    c.log_weights = True",
    "set in a loop by setattr": "for c in cbs:\n    setattr(c, 'log_weights', True)",
    "set by setattr": "setattr(cbs[0], 'log_batch_frequency', 3)",
    "set through an alias": "other = cbs\nother[0].save_graph = False",
    "set through an element": "first = cbs[0]\nfirst.save_graph = False",
    "set through an unpacking": "first, *_ = cbs\nfirst.verbose = 1",
    "set by a function": "def change(c):\n    c.log_weights = True\nchange(cbs[0])",
    "set by a function of the list": "def change(all_of_them):\n    all_of_them[0].log_weights = True\nchange(cbs)",
    "set by vars": "vars(cbs[0])['log_weights'] = True",
    "set by dict": "cbs[0].__dict__['log_weights'] = True",
    "set by update": "cbs[0].__dict__.update(save_graph=False)",
    "set own": "for c in cbs:\n    c.mine = 3\nprint([c.mine for c in cbs])",
    "added to": "cbs[0].predictions += 5\nprint(cbs[0].predictions)",
    "deleted": "del cbs[0].current\nprint(hasattr(cbs[0], 'current'))",
    "read": "print(cbs[0].monitor)",
    "read in a loop": "for c in cbs:\n    print(getattr(c, 'monitor', None))",
    "read by getattr": "print(getattr(cbs[0], 'save_model'))",
    "read by getattr default": "print(getattr(cbs[0], 'log_batch_frequency', 7))",
    "read by hasattr": "print(hasattr(cbs[0], 'log_weights'))",
    "read by attrgetter": "from operator import attrgetter\nprint(attrgetter('monitor')(cbs[0]))",
    "read by vars": "print(vars(cbs[0]).get('monitor'))",
    "read in a comprehension": "print([c.monitor for c in cbs[:1]])",
    "read by a function": "def name(c):\n    return c.monitor\nprint(name(cbs[0]))",
    "read in a match": "print(list(map(lambda c: hasattr(c, 'best'), cbs)))",
    "method": "print(cbs[0].get_flops())",
    "method replaced": "cbs[0].on_train_end = lambda logs=None: print('mine')",
    "method wrapped": "def wrap(c):\n    old = c.on_epoch_end\n    def new(epoch, logs=None):\n        print('before')\n        old(epoch, logs)\n    c.on_epoch_end = new\nfor c in cbs:\n    wrap(c)",
    "hook by hand": "cbs[0].set_model(model)\ncbs[0].on_epoch_end(0, {'loss': 1})",
    "hooks by hand in a loop": "for c in cbs:\n    c.set_model(model)\nfor c in cbs:\n    c.on_train_begin({})\nfor c in cbs:\n    c.on_epoch_end(0, {})",
    "hook by name": "for c in cbs:\n    getattr(c, 'on_train_begin')({})",
    "class changed": "class Mine(type(cbs[0])):\n    def on_train_begin(self, logs=None):\n        print('mine')\ncbs[0].__class__ = Mine",
    "with": "import contextlib\nwith contextlib.suppress(AttributeError):\n    print(cbs[0].nothing)",
    "best": "model.fit(x, y, callbacks=list(cbs))\nprint(cbs[0].best)",
    "best through an alias": "other = cbs[0]\nmodel.fit(x, y, callbacks=list(cbs))\nprint(other.best, other.current)",
}  # fmt: skip
NAMES = {
    "name": "cb = W()",
    "alias": "first = W()\ncb = first",
    "function": "def make():\n    return W()\ncb = make()",
    "attribute": "class Box:\n    def __init__(self):\n        self.cb = W()\ncb = Box().cb",
    "global": "cb = None\ndef setup():\n    global cb\n    cb = W()\nsetup()",
    "default": "def get(c=W()):\n    return c\ncb = get()",
    "chosen": "cb = W() if x else None",
    "walrus": "print((cb := W()) is None)",
    "closure": "def outer():\n    c = W()\n    def inner():\n        return c\n    return inner\ncb = outer()()",
    "lambda": "cb = (lambda: W())()",
    "comprehension": "cb = [c for c in [W()]][0]",
    "dictionary": "cb = {'a': W()}['a']",
    "with": "import contextlib\nwith contextlib.nullcontext(W()) as cb:\n    pass",
    "loop": "for cb in [W()]:\n    pass",
    "tuple": "cb, other = W(), ES()",
    "star": "*rest, cb = [ES(), W()]",
    "chain": "cb = other = W()",
    "property": "class Box:\n    @property\n    def cb(self):\n        return W()\ncb = Box().cb",
    "class attribute": "class Box:\n    cb = W()\ncb = Box.cb",
    "parameter": "def take(c):\n    global cb\n    cb = c\ntake(W())",
    "try": "try:\n    cb = W()\nexcept Exception:\n    cb = None",
}
NAME_DO = {
    "set": "cb.log_weights = True\nmodel.fit(x, y, callbacks=[cb])",
    "read": "print(cb.monitor)\nmodel.fit(x, y, callbacks=[cb])",
    "read after": "model.fit(x, y, callbacks=[cb])\nprint(cb.best)",
    "setattr": "setattr(cb, 'save_graph', False)\nmodel.fit(x, y, callbacks=[cb])",
    "alias": "other = cb\nother.log_weights = True\nmodel.fit(x, y, callbacks=[cb])",
    "alias read": "other = cb\nmodel.fit(x, y, callbacks=[cb])\nprint(other.monitor)",
    "hook": "cb.set_model(model)\ncb.on_epoch_end(1, {'val_loss': 0.5})",
    "bound hook": "hook = cb.on_epoch_end\ncb.set_model(model)\nhook(1, {'val_loss': 0.5})",
    "hook in a lambda": "cb.set_model(model)\nmodel.fit(x, y, callbacks=[LambdaCallback(on_epoch_end=cb.on_epoch_end)])",
    "model": "cb.set_model(model)\nprint(cb.model.name)",
    "params": "cb.set_params({'epochs': 3})\nprint(cb.params)\nmodel.fit(x, y, callbacks=[cb])",
    "fit only": "model.fit(x, y, callbacks=[cb, ES()])",
    "fit alone": "model.fit(x, y, callbacks=cb)",
    "two fits": "model.fit(x, y, callbacks=[cb])\nmodel.fit(x, y, callbacks=[ES(), cb])",
    "fit in two orders": "model.fit(x, y, callbacks=[cb, ES()])\nmodel.fit(x, y, callbacks=[ES(), cb])\nprint(cb is not None)",
}

PROGRAMS = [
    *product("<hold>\n<do>\nmodel.fit(x, y, callbacks=list(cbs))", hold=HOLD, do=DO),
    *product("<name>\n<do>", name={f"held by {k}": v for k, v in NAMES.items()}, do=NAME_DO),
    *read("""
## read at once
print(W().monitor)

## read at once of a function
def make():
    return W()
print(make().monitor)
model.fit(x, y, callbacks=[make()])

## set at once
make = lambda: W()
make().monitor = "loss"
model.fit(x, y, callbacks=[make()])

## method at once
W().set_model(model)

## method at once of a function
def make():
    return W()
make().set_model(model)
model.fit(x, y, callbacks=[make()])

## read in a callback
class Stop(Callback):
    def __init__(self, logger):
        super().__init__()
        self.logger = logger
    def on_epoch_end(self, epoch, logs=None):
        print(self.logger.monitor, self.logger.best)
cb = W()
model.fit(x, y, callbacks=[cb, Stop(cb)])

## read in a lambda callback
cb = W()
model.fit(x, y, callbacks=[cb, LambdaCallback(on_train_end=lambda logs: print(cb.best))])

## read in an f-string
cb = W()
model.fit(x, y, callbacks=[cb])
print(f"{cb.monitor}: {cb.best:.2f}")

## read by a format
cb = W()
model.fit(x, y, callbacks=[cb])
print("{0.monitor} {c.best}".format(cb, c=cb))

## logged
cb = W()
model.fit(x, y, callbacks=[cb])
wandb.log({"best": cb.best})

## passed on
def report(logger):
    print(logger.monitor)
cb = W()
report(cb)
model.fit(x, y, callbacks=[cb])

## passed on by keyword
def report(logger=None):
    print(logger.monitor if logger else None)
cb = W()
report(logger=cb)
model.fit(x, y, callbacks=[cb])

## passed on by a splat
def report(**options):
    print(options["logger"].monitor)
report(**{"logger": W()})

## set in a subclass of a trainer
class Trainer:
    def __init__(self):
        self.cb = W()
    def run(self):
        model.fit(x, y, callbacks=[self.cb])
class Mine(Trainer):
    def __init__(self):
        super().__init__()
        self.cb.log_weights = True
Mine().run()

## set from outside
class Trainer:
    def __init__(self):
        self.cb = W()
    def run(self):
        model.fit(x, y, callbacks=[self.cb])
t = Trainer()
t.cb.monitor = "loss"
t.run()

## set from a function of an object
class Trainer:
    def __init__(self):
        self.cb = W()
def tune(t):
    t.cb.log_weights = True
t = Trainer()
tune(t)
model.fit(x, y, callbacks=[t.cb])

## set in a nested attribute
class Inner:
    pass
class Outer:
    inner = Inner()
Outer.inner.cb = W()
Outer.inner.cb.monitor = "loss"
model.fit(x, y, callbacks=[Outer.inner.cb])

## set in a dictionary
by = {"cb": W()}
by["cb"].monitor = "loss"
model.fit(x, y, callbacks=[by["cb"]])

## set in values
by = {"cb": W()}
for cb in by.values():
    cb.monitor = "loss"
model.fit(x, y, callbacks=list(by.values()))

## set through zip
cbs = [W(), ES()]
for cb, monitor in zip(cbs, ["loss", "val_loss"]):
    cb.monitor = monitor
model.fit(x, y, callbacks=cbs)

## set through enumerate
cbs = [W()]
for n, cb in enumerate(cbs):
    cb.log_batch_frequency = n + 1
model.fit(x, y, callbacks=cbs)

## set through reversed
cbs = [ES(), W()]
for cb in reversed(cbs):
    cb.verbose = 1
model.fit(x, y, callbacks=cbs)

## set through a comprehension
cbs = [W()]
[setattr(cb, "log_weights", True) for cb in cbs]
model.fit(x, y, callbacks=cbs)

## set through a filter
cbs = [W(), ES()]
for cb in filter(lambda cb: hasattr(cb, "log_weights"), cbs):
    cb.log_weights = True
model.fit(x, y, callbacks=cbs)

## set through a global function
cb = W()
def tune():
    cb.log_weights = True
tune()
model.fit(x, y, callbacks=[cb])

## set through a closure
def main():
    cb = W()
    def tune():
        cb.log_weights = True
    tune()
    model.fit(x, y, callbacks=[cb])
main()

## set through nonlocal
def main():
    cb = None
    def tune():
        nonlocal cb
        cb = W()
    tune()
    cb.monitor = "loss"
    model.fit(x, y, callbacks=[cb])
main()

## set in another cell
#--- main.ipynb
cb = W()
# %%
cb.log_weights = True
# %%
model.fit(x, y, callbacks=[cb])

## read in another cell
#--- main.ipynb
cbs = [W(), ES()]
# %%
model.fit(x, y, callbacks=cbs)
# %%
cbs[0].best

## shown in another cell
#--- main.ipynb
cb = W()
# %%
cb
# %%
model.fit(x, y, callbacks=[cb])

## in a custom loop
cb = W()
cb.set_model(model)
cb.on_train_begin()
for epoch in range(2):
    cb.on_epoch_begin(epoch)
    cb.on_batch_end(0, {"loss": 1})
    cb.on_epoch_end(epoch, {"loss": 1})
cb.on_train_end()

## in a custom loop over a list
cbs = [W(), ES()]
for cb in cbs:
    cb.set_model(model)
for epoch in range(2):
    for cb in cbs:
        cb.on_epoch_end(epoch, logs={"loss": 1})

## in a callback list
cl = CallbackList([W(), ES()], model=model)
cl.on_train_begin({})
cl.on_epoch_end(0, {"loss": 1})

## an unknown attribute
#fails
cb = W()
model.fit(x, y, callbacks=[cb])
print(cb.nothing)

## an unknown attribute with a default
cb = W()
print(getattr(cb, "nothing", "default"))
model.fit(x, y, callbacks=[cb])

## an attribute whose type the class says
class T:
    cbs: list
    def __init__(self):
        self.cbs = [W()]
    def fit(self):
        print(len(self.cbs))
        model.fit(x, y, callbacks=self.cbs)
T().fit()

## an attribute that is a field of another class
from dataclasses import dataclass
@dataclass
class C:
    cbs: list
class T:
    def __init__(self):
        self.cbs = [W()]
    def fit(self):
        model.fit(x, y, callbacks=self.cbs)
T().fit()
print(len(C([1]).cbs))

## an attribute among the slots
class T:
    __slots__ = ("cbs",)
    def __init__(self):
        self.cbs = [W(), ES()]
    def fit(self):
        model.fit(x, y, callbacks=self.cbs)
T().fit()

## an attribute by its slot
class T:
    __slots__ = ("cbs",)
    def __init__(self):
        self.cbs = [W(), ES()]
    def run(self):
        model.fit(x, y, callbacks=self.cbs)
t = T()
print([len(getattr(t, slot)) for slot in t.__slots__])
t.run()
"""),
]
