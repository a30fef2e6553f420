"""1. Length or position matters: a list that gets longer is noticed."""

from programs import product, read

LISTS = {
    "list": "cbs = [W(), ES()]",
    "list after": "cbs = [ES(), W()]",
    "alone": "cbs = [W()]\ncbs.append(ES())",
    "tuple": "cbs = W(), ES()",
    "returned": "def make():\n    return [W(), ES()]\ncbs = make()",
    "attribute": "class Box:\n    def __init__(self):\n        self.cbs = [W(), ES()]\ncbs = Box().cbs",
    "class attribute": "class Box:\n    cbs = [W(), ES()]\ncbs = Box.cbs",
    "name in list": "cb = W()\ncbs = [cb, ES()]",
    "concatenated": "cbs = [W()] + [ES()]",
    "private": "_callbacks = [W(), ES()]\ncbs = _callbacks",
    "named twice": "cbs = other = [W(), ES()]",
    "extended": "cbs = [ES()]\ncbs += [W()]",
    "inserted": "cbs = [ES()]\ncbs.insert(0, W())",
    "default": "def make(cbs=[W(), ES()]):\n    return cbs\ncbs = make()",
}
READS = {
    "unpacked": "a, b = cbs\nmodel.fit(x, y, callbacks=[b, a])",
    "unpacked star": "a, *b = cbs\nmodel.fit(x, y, callbacks=b)",
    "indexed": "model.fit(x, y, callbacks=[cbs[1]])",
    "last": "model.fit(x, y, callbacks=[cbs[-1]])",
    "length": "print(len(cbs))\nmodel.fit(x, y, callbacks=cbs)",
    "slice": "model.fit(x, y, callbacks=cbs[1:])",
    "slice of one": "model.fit(x, y, callbacks=list(cbs[:1]))",
    "zip": "for name, cb in zip(['a', 'b'], cbs):\n    print(name)\n    model.fit(x, y, callbacks=[cb])",
    "enumerate": "for n, cb in enumerate(cbs):\n    print(n)\nmodel.fit(x, y, callbacks=cbs)",
    "loop": "for cb in cbs:\n    print('one')\nmodel.fit(x, y, callbacks=cbs)",
    "sorted": "print(len(sorted(cbs, key=id)))\nmodel.fit(x, y, callbacks=cbs)",
    "dict zip": "by = dict(zip(['wandb', 'stop'], cbs))\nmodel.fit(x, y, callbacks=[by['stop']])",
    "choice": "import random\nrandom.seed(7)\nmodel.fit(x, y, callbacks=[random.choice(cbs)])",
    "reversed": "for cb in reversed(cbs):\n    model.fit(x, y, callbacks=[cb])",
}
LISTS_ONLY = {
    "pop": "cb = cbs.pop()\nmodel.fit(x, y, callbacks=[cb])",
    "pop first": "cbs.pop(0)\nmodel.fit(x, y, callbacks=cbs)",
    "del": "del cbs[0]\nmodel.fit(x, y, callbacks=cbs)",
    "del slice": "del cbs[1:]\nmodel.fit(x, y, callbacks=cbs)",
    "item assignment": "cbs[0] = ES()\nmodel.fit(x, y, callbacks=cbs)",
    "slice assignment": "cbs[:1] = [ES()]\nmodel.fit(x, y, callbacks=cbs)",
    "index": "first = cbs[0]\nprint(cbs.index(first))\nmodel.fit(x, y, callbacks=cbs)",
    "reverse": "cbs.reverse()\nmodel.fit(x, y, callbacks=cbs[:1])",
    "count": "print(cbs.count(cbs[0]), cbs.__len__())\nmodel.fit(x, y, callbacks=cbs)",
    "sort": "cbs.sort(key=lambda cb: 0)\nmodel.fit(x, y, callbacks=cbs[:1])",
    "multiplied": "print(len(cbs * 2))\nmodel.fit(x, y, callbacks=cbs)",
    "insert at the end": "cbs.insert(1, ES(patience=3))\nmodel.fit(x, y, callbacks=cbs)",
}
_CHANGEABLE = {k: v for k, v in LISTS.items() if k not in ("tuple",)}

PROGRAMS = [
    *product("<made>\n<read>", made=LISTS, read=READS),
    *product("<made>\n<read>", made=_CHANGEABLE, read=LISTS_ONLY),
    *product(
        "def train():\n    <made>\n    <read>\ntrain()\n",
        made={
            "local list": "cbs = [W(), ES()]",
            "local name": "wandb_cb = W()\ncbs = [wandb_cb, ES()]",
        },
        read={k: v for k, v in {**READS, **LISTS_ONLY}.items() if "import" not in v},
    ),
    *product(
        "#--- main.ipynb\n<made>\n# %%\n<read>\n",
        made={"cell list": "cbs = [W(), ES()]", "cell name": "cb = W()\n# %%\ncbs = [cb, ES()]"},
        read={**READS, **LISTS_ONLY},
    ),
    *read("""
## comprehension over it
cbs = [W(), ES()]
print([1 for _ in cbs])
model.fit(x, y, callbacks=cbs)

## map over it
cbs = [W(), ES()]
print(list(map(lambda cb: 1, cbs)))
model.fit(x, y, callbacks=cbs)

## any and sum over it
cbs = [W(), ES()]
print(sum(1 for _ in cbs), any(cb is None for cb in cbs))
model.fit(x, y, callbacks=cbs)

## next of it
cbs = [W(), ES()]
model.fit(x, y, callbacks=[next(iter(cbs))])

## unpacked directly
a, b = [W(), ES()]
model.fit(x, y, callbacks=[b])

## unpacked directly as a tuple
a, b = W(), ES()
model.fit(x, y, callbacks=[b])
model.fit(x, y, callbacks=[a, b])

## indexed directly
model.fit(x, y, callbacks=[W(), ES()][1:])

## unpacked from a call
def make():
    return W(), ES()
wandb_cb, stop = make()
model.fit(x, y, callbacks=[wandb_cb, stop])
model.fit(x, y, callbacks=[stop])

## unpacked in a parameter
def train(logger, stop):
    model.fit(x, y, callbacks=[stop, logger])
train(*[W(), ES()])

## unpacked in a loop
for name, cb in [("a", W()), ("b", ES())]:
    print(name)
    model.fit(x, y, callbacks=[cb])

## compared
cbs = [W(), ES()]
print(cbs == cbs[:2])
model.fit(x, y, callbacks=cbs)

## matched by length
cbs = [W()]
if len(cbs) == 1:
    model.fit(x, y, callbacks=cbs[0])

## an index from a constant
LOGGER, STOPPER = range(2)
cbs = [W(), ES()]
model.fit(x, y, callbacks=[cbs[STOPPER]])

## a list in a list
groups = [[W(), ES()], [ES()]]
for group in groups:
    print(len(group))
    model.fit(x, y, callbacks=group)

## a list in a dictionary
groups = {"all": [W(), ES()], "none": []}
print({name: len(group) for name, group in groups.items()})
model.fit(x, y, callbacks=groups["all"])

## copied
cbs = [W(), ES()]
more = list(cbs)
print(len(more), len(cbs.copy()), len(cbs[:]))
model.fit(x, y, callbacks=more)

## copied by the module
import copy
cbs = [W(), ES()]
print(len(copy.copy(cbs)))
model.fit(x, y, callbacks=cbs)

## truth only
cbs = [W(), ES()]
if cbs:
    model.fit(x, y, callbacks=cbs)

## truth of the length
cbs = [W(), ES()]
if len(cbs) > 2:
    print("many")
model.fit(x, y, callbacks=cbs)

## in a format
cbs = [W(), ES()]
print(f"{len(cbs)} callbacks, {cbs}")
model.fit(x, y, callbacks=cbs)

## printed
cbs = [W(), ES()]
print(cbs)
model.fit(x, y, callbacks=cbs)

## asserted
cbs = [W(), ES()]
assert len(cbs) == 2
model.fit(x, y, callbacks=cbs)

## logged
import logging
logging.basicConfig(level=logging.ERROR)
cbs = [W(), ES()]
logging.info("%d callbacks", len(cbs))
print("%d" % len(cbs))
model.fit(x, y, callbacks=cbs)

## removed by value
cb = W()
cbs = [cb, ES()]
cbs.remove(cb)
model.fit(x, y, callbacks=cbs)

## membership
cb = W()
cbs = [cb, ES()]
print(cb in cbs)
model.fit(x, y, callbacks=cbs)

## position of a name
cb = W()
cbs = [ES(), cb]
print(cbs.index(cb))
model.fit(x, y, callbacks=cbs)

## filtered
cbs = [W(), ES()]
cbs = [cb for cb in cbs if cb is not None]
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## filter function
cbs = list(filter(None, [W(), None, ES()]))
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## the fit changes its list
class Mine(Model):
    def fit(self, *args, callbacks=None, **kwargs):
        print(len(callbacks))
        return super().fit(*args, callbacks=callbacks, **kwargs)
Mine().fit(x, y, callbacks=[W(), ES()])

## a list that grows while it is used
cbs = [W()]
for n in range(2):
    cbs.append(ES(patience=n))
    print(len(cbs))
    model.fit(x, y, callbacks=cbs)

## while over it
cbs = [W(), ES()]
while cbs:
    cb = cbs.pop()
    model.fit(x, y, callbacks=[cb])

## a stack of lists
from itertools import chain, islice
cbs = list(chain([W()], [ES()]))
print(len(cbs))
model.fit(x, y, callbacks=list(islice(cbs, 1)))

## a named tuple
from collections import namedtuple
Pair = namedtuple("Pair", "logger stop")
pair = Pair(W(), ES())
model.fit(x, y, callbacks=[pair.stop])
model.fit(x, y, callbacks=list(pair))

## a set
cbs = {W(), ES()}
print(len(cbs))
model.fit(x, y, callbacks=list(cbs)[:0])

## in another function
def count(callbacks):
    print(len(callbacks))
    return callbacks
model.fit(x, y, callbacks=count([W(), ES()]))

## in a method
class Trainer:
    def __init__(self):
        self.callbacks = [W(), ES()]
    def count(self):
        return len(self.callbacks)
    def run(self):
        model.fit(x, y, callbacks=self.callbacks)
trainer = Trainer()
print(trainer.count())
trainer.run()

## through a property
class Trainer:
    @property
    def callbacks(self):
        return [W(), ES()]
print(len(Trainer().callbacks))
model.fit(x, y, callbacks=Trainer().callbacks)

## from a generator function
def make():
    yield W()
    yield ES()
print(len(list(make())))
model.fit(x, y, callbacks=list(make()))

## the callbacks of a list of Keras
cl = CallbackList([W(), ES()])
print(len(cl.callbacks))
model.fit(x, y, callbacks=cl)

## match sequence pattern
cbs = [W(), ES()]
match cbs:
    case [only]:
        print("one")
    case [a, b]:
        print("two")
    case _:
        print("many")
model.fit(x, y, callbacks=cbs)

## match sequence star
cbs = [W(), ES()]
match cbs:
    case [first, *rest]:
        print(len(rest))
        model.fit(x, y, callbacks=rest)

## pairwise
from itertools import tee
cbs = [W(), ES(), ES(patience=1)]
a, b = tee(cbs)
next(b, None)
for p, q in zip(a, b):
    model.fit(x, y, callbacks=[q])

## accumulate
from itertools import accumulate
for cbs in accumulate([[W()], [ES()]]):
    print(len(cbs))
    model.fit(x, y, callbacks=cbs)

## list in class with len
class Holder:
    def __init__(self):
        self.items = [W(), ES()]
    def __len__(self):
        return len(self.items)
    def __getitem__(self, i):
        return self.items[i]
h = Holder()
print(len(h))
model.fit(x, y, callbacks=list(h))

## indexed beside a logger
from wandb.integration.keras import WandbMetricsLogger
model.fit(x, y, callbacks=[[WandbMetricsLogger(), W(monitor="loss")][1]])

## a name indexed beside a logger
from wandb.integration.keras import WandbMetricsLogger
cbs = [WandbMetricsLogger(), W(monitor="loss")]
model.fit(x, y, callbacks=[cbs[1]])

## unpacked beside a logger
from wandb.integration.keras import WandbMetricsLogger
logger, cb = [WandbMetricsLogger(), W(monitor="loss")]
model.fit(x, y, callbacks=[cb])

## one of two, beside a logger
from wandb.integration.keras import WandbMetricsLogger
for cb in [WandbMetricsLogger(), W(monitor="loss")]:
    model.fit(x, y, callbacks=[cb])
"""),
]
