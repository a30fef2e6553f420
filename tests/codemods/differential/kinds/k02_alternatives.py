"""2. A list of alternatives: each element is one choice."""

from programs import product, read

USES = {
    "in a fit": "model.fit(x, y, callbacks=[cb] if cb else [])",
    "alone": "model.fit(x, y, callbacks=cb)",
    "tested": "if cb is not None:\n    model.fit(x, y, callbacks=[cb, ES()])\nelse:\n    model.fit(x, y)",
    "or": "model.fit(x, y, callbacks=cb or ES())",
    "printed": "print(cb is None)",
}
LOOPS = {
    "list": "for cb in [W(), None]:\n    <use>",
    "tuple": "for cb in (None, W()):\n    <use>",
    "name": "choices = [W(), None]\nfor cb in choices:\n    <use>",
    "enumerate": "for n, cb in enumerate([W(), None]):\n    print(n)\n    <use>",
    "zip": "for lr, cb in zip([0.1, 0.2], [W(), None]):\n    print(lr)\n    <use>",
    "product": "from itertools import product\nfor lr, cb in product([0.1, 0.2], [W(), None]):\n    print(lr)\n    <use>",
    "function": "def train(cb):\n    <use>\nfor choice in [W(), None]:\n    train(choice)",
    "map": "def train(cb):\n    <use>\nlist(map(train, [W(), None]))",
    "starmap": "from itertools import starmap\ndef train(lr, cb):\n    print(lr)\n    <use>\nlist(starmap(train, [(1, W()), (2, None)]))",
    "grid": 'GRID = {"lr": [0.1], "cb": [W(), None]}\nfor cb in GRID["cb"]:\n    <use>',
    "grid product": 'from itertools import product\nGRID = {"lr": [0.1, 0.2], "cb": [W(), None]}\nfor values in product(*GRID.values()):\n    cb = dict(zip(GRID, values))["cb"]\n    <use>',
    "dictionary": 'for name, cb in {"with": W(), "without": None}.items():\n    print(name)\n    <use>',
    "list of pairs": 'for name, cb in [("with", W()), ("without", None)]:\n    print(name)\n    <use>',
    "list of dictionaries": 'for run in [{"cb": W()}, {"cb": None}]:\n    cb = run["cb"]\n    <use>',
    "returned": "def choices():\n    return [W(), None]\nfor cb in choices():\n    <use>",
    "attribute": "class Grid:\n    choices = [W(), None]\nfor cb in Grid.choices:\n    <use>",
    "cycle": "from itertools import cycle, islice\nfor cb in islice(cycle([W(), None]), 3):\n    <use>",
    "list of classes of cases": "CASES = [[W(), 1], [None, 2]]\nfor cb, n in CASES:\n    print(n)\n    <use>",
    "reversed": "for cb in reversed([W(), None]):\n    <use>",
    "sorted": "for cb in sorted([W(), None], key=lambda c: c is None):\n    <use>",
    "generator": "for cb in (c for c in [W(), None]):\n    <use>",
    "parametrize": "def parametrize(name, values):\n    def decorate(f):\n        def run():\n            for value in values:\n                f(value)\n        return run\n    return decorate\n@parametrize('cb', [W(), None])\ndef train(cb):\n    <use>\ntrain()",
    "parametrize tuples": "def parametrize(name, values):\n    def decorate(f):\n        def run():\n            for value in values:\n                f(*value)\n        return run\n    return decorate\n@parametrize('n, cb', [(1, W()), (2, None)])\ndef train(n, cb):\n    print(n)\n    <use>\ntrain()",
}
LOOPS.update(
    {
        "in a function " + k: "def main():\n    " + v.replace("\n", "\n    ") + "\nmain()"
        for k, v in LOOPS.items()
        if k in ("list", "name", "zip", "grid")
    }
)

PROGRAMS = [
    *product("<loop>", loop=LOOPS, use=USES),
    *read("""
## comprehension
runs = [model.fit(x, y, callbacks=[cb]) for cb in [W(), ES()]]
print(len(runs))

## comprehension with a condition
runs = [model.fit(x, y, callbacks=[cb] if cb else None) for cb in [W(), None]]
print(len(runs))

## dictionary comprehension
runs = {n: model.fit(x, y, callbacks=[cb]) for n, cb in enumerate([W(), ES()])}
print(sorted(runs))

## generator consumed
for _ in (model.fit(x, y, callbacks=[cb]) for cb in (W(), ES())):
    print("done")

## grid of lists
for cbs in [[W()], [W(), ES()], []]:
    print(len(cbs))
    model.fit(x, y, callbacks=cbs)

## grid of lists not counted
for cbs in [[W()], [ES()], []]:
    model.fit(x, y, callbacks=cbs)

## chosen by index
choice = 1
cb = [None, W()][choice]
model.fit(x, y, callbacks=[cb] if cb else [])

## chosen by truth
flag = True
cb = (ES(), W())[flag]
model.fit(x, y, callbacks=[cb])

## chosen by name
choices = {"wandb": W(), "stop": ES()}
model.fit(x, y, callbacks=[choices["wandb"]])

## chosen by name with get
choices = {"wandb": W()}
cb = choices.get("other", ES())
model.fit(x, y, callbacks=[cb])

## chosen at random
import random
cb = random.Random(1).choice([W(), None])
model.fit(x, y, callbacks=[cb] if cb else [])

## sampled
import random
cbs = random.Random(1).sample([W(), ES()], 1)
model.fit(x, y, callbacks=cbs)

## subtests
import unittest
class Test(unittest.TestCase):
    def test(self):
        for cb in [W(), None]:
            with self.subTest(cb=cb is None):
                model.fit(x, y, callbacks=[cb] if cb else [])
result = unittest.TextTestRunner(stream=open("/dev/null", "w")).run(
    unittest.defaultTestLoader.loadTestsFromTestCase(Test)
)
print(result.testsRun, len(result.failures), len(result.errors))

## zip longest
from itertools import zip_longest
for a, b in zip_longest([W(), ES()], [1]):
    print(b)
    model.fit(x, y, callbacks=[a])

## permutations
from itertools import permutations
for pair in permutations([W(), ES()]):
    print(len(pair))
    model.fit(x, y, callbacks=list(pair))

## combinations
from itertools import combinations
for pair in combinations([W(), ES(), ES(patience=2)], 2):
    model.fit(x, y, callbacks=list(pair))

## a queue of work
queue = [W(), None]
while queue:
    cb = queue.pop(0)
    model.fit(x, y, callbacks=[cb] if cb else [])

## next of an iterator
source = iter([W(), None])
cb = next(source)
model.fit(x, y, callbacks=[cb])
print(next(source))

## max of them
cb = max([W(), ES()], key=lambda c: isinstance(c, EarlyStopping))
model.fit(x, y, callbacks=[cb])

## a grid in a function's default
def search(cbs=(W(), None)):
    for cb in cbs:
        model.fit(x, y, callbacks=[cb] if cb else [])
search()

## a grid in keyword arguments
def search(**grid):
    for cb in grid["cb"]:
        model.fit(x, y, callbacks=[cb] if cb else [])
search(lr=[1], cb=[W(), None])

## a grid in a nested dictionary
GRID = {"fit": {"cb": [W(), None]}, "lr": 1}
for cb in GRID["fit"]["cb"]:
    model.fit(x, y, callbacks=[cb] if cb else [])

## threads over them
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    print(len(list(pool.map(lambda cb: model.fit(x, y, callbacks=[cb]), [W(), ES()]))))

## options tuple of tuples
for n, (c, flag) in enumerate(((W(), True), (None, False))):
    print(n, flag)
    model.fit(x, y, callbacks=[c] if flag else [])

## dataclass options
from dataclasses import dataclass
@dataclass
class Option:
    name: str
    cb: object = None
for o in [Option("w", W()), Option("n")]:
    print(o.name)
    model.fit(x, y, callbacks=[o.cb] if o.cb else [])

## match picks
for mode in ("w", "e", "n"):
    match mode:
        case "w":
            c = W()
        case "e":
            c = ES()
        case _:
            c = None
    model.fit(x, y, callbacks=[c] if c else [])

## one or list in dict
for kwargs in ({"callbacks": W()}, {"callbacks": [ES()]}):
    model.fit(x, y, **kwargs)
"""),
]
