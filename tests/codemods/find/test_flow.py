"""Where a callback goes, and what may stand in its place: small programs, verdicts thought out.

``W()`` is the construction, ``es`` another callback, ``m`` a model of unknown making. A verdict is
``several`` (any number of callbacks may come in its place, and one other, too), ``one`` (one other
callback object is not noticed, several are), ``none`` (either could be noticed, or not all is seen).
"""

from __future__ import annotations

import pytest
from flow_support import verdict

SEVERAL = {
    # what people write
    "inline": "m.fit(x, y, callbacks=[W()])",
    "inline with others": "m.fit(x, y, callbacks=[es, W(), es])",
    "inline, two": "m.fit(x, y, callbacks=[W(), W()])",
    "bare": "m.fit(x, y, callbacks=W())",
    "bare or None": "m.fit(x, y, callbacks=W() if c else None)",
    "bare or another": "m.fit(x, y, callbacks=W() if c else es)",
    "by position": "m.fit(x, y, 32, 10, 1, [W()])",
    "fit_generator": "m.fit_generator(g, steps_per_epoch=3, callbacks=[W()])",
    "fit_generator by position": "m.fit_generator(g, 3, 10, 1, [W(), es])",
    "evaluate": "m.evaluate(x, y, callbacks=[W()])",
    "predict": "m.predict(x, callbacks=[W()])",
    "search of a tuner": "tuner.search(x, y, callbacks=[W()])",
    "tuple": "m.fit(x, callbacks=(es, W()))",
    "chained receiver": "build().fit(x, callbacks=[W()])",
    "item receiver": "models[0].fit(x, callbacks=[W()])",
    "history kept": "history = m.fit(x, callbacks=[W()])",
    "in a with": "with strategy.scope():\n    m.fit(x, callbacks=[W()])",
    "in a function": "def train(m):\n    return m.fit(x, callbacks=[W()])",
    "in a method": "class T:\n    def run(self):\n        self.model.fit(x, callbacks=[W()])",
    "in a loop": "for lr in rates:\n    m.fit(x, callbacks=[W(), es])",
    "under main": "if __name__ == '__main__':\n    cbs = [W()]\n    m.fit(callbacks=cbs)",
    "list under a name": "cbs = [W(), es]\nm.fit(x, callbacks=cbs)",
    "annotated list": "cbs: list = [W(), es]\nm.fit(x, callbacks=cbs)",
    "list in a function": "def f():\n    cbs = [es, W()]\n    m.fit(x, callbacks=cbs)",
    "list splatted": "cbs = [W()]\nm.fit(x, callbacks=[*cbs, es])",
    "list added": "cbs = [W()]\nm.fit(x, callbacks=cbs + [es])",
    "list added before": "cbs = [W()]\nm.fit(x, callbacks=[es] + cbs)",
    "list of one or none": "m.fit(x, callbacks=[es] + ([W()] if c else []))",
    "conditional list": "cbs = [W()] if c else []\nm.fit(x, callbacks=cbs)",
    "conditional element": "m.fit(x, callbacks=[W() if c else es])",
    "conditional list or None": "cbs = [W()] if c else None\nm.fit(x, callbacks=cbs)",
    "or": "cbs = extra or [W()]\nm.fit(x, callbacks=cbs)",
    "append": "cbs = []\ncbs.append(W())\nm.fit(x, callbacks=cbs)",
    "append under a condition": "cbs = [es]\nif c:\n    cbs.append(W())\nm.fit(x, callbacks=cbs)",
    "append to a list()": "cbs = list()\ncbs.append(W())\nm.fit(x, callbacks=cbs)",
    "append conditional": "cbs = []\ncbs.append(W() if c else es)\nm.fit(x, callbacks=cbs)",
    "append another": "cbs = [W()]\ncbs.append(es)\nm.fit(x, callbacks=cbs)",
    "insert first": "cbs = [es]\ncbs.insert(0, W())\nm.fit(x, callbacks=cbs)",
    "insert another first": "cbs = [W()]\ncbs.insert(0, es)\nm.fit(x, callbacks=cbs)",
    "extend": "cbs = [es]\ncbs.extend([W(), es])\nm.fit(x, callbacks=cbs)",
    "extended": "cbs = [W()]\ncbs.extend([es])\nm.fit(x, callbacks=cbs)",
    "augmented by": "cbs = [es]\ncbs += [W()]\nm.fit(x, callbacks=cbs)",
    "augmented": "cbs = [W()]\ncbs += [es]\nm.fit(x, callbacks=cbs)",
    "rebound to a sum": "cbs = [es]\ncbs = cbs + [W()]\nm.fit(x, callbacks=cbs)",
    "copied": "cbs = [W()]\nm.fit(x, callbacks=list(cbs))",
    "copied by method": "cbs = [W()]\nm.fit(x, callbacks=cbs.copy())",
    "alias of a list": "cbs = [W()]\nother = cbs\nm.fit(x, callbacks=other)",
    "name": "cb = W()\nm.fit(x, callbacks=[cb])",
    "name with others": "cb = W()\nm.fit(x, callbacks=[es, cb])",
    "name bare": "cb = W()\nm.fit(x, callbacks=cb)",
    "name in a list": "cb = W()\ncbs = [cb]\nm.fit(x, callbacks=cbs)",
    "name appended": "cb = W()\ncbs = []\ncbs.append(cb)\nm.fit(x, callbacks=cbs)",
    "alias": "cb = W()\nother = cb\nm.fit(x, callbacks=[other])",
    "two names at once": "a = b = W()\nm.fit(x, callbacks=[a])\nn.fit(x, callbacks=[b])",
    "two branches": "if c:\n    cb = W()\nelse:\n    cb = W()\nm.fit(x, callbacks=[cb])",
    "None, tested": "cb = W() if c else None\nif cb:\n    m.fit(x, callbacks=[cb])",
    "None, tested in place": "cb = W() if c else None\nm.fit(x, callbacks=[cb] if cb else None)",
    "None, is not": "cb = None\nif c:\n    cb = W()\nif cb is not None:\n    m.fit(callbacks=[cb])",
    "another, but bare": "cb = es\nif c:\n    cb = W()\nm.fit(x, callbacks=cb)",
    "filtered": "m.fit(x, callbacks=[c for c in [W() if f else None, es] if c])",
    "filtered, is not": "m.fit(callbacks=[c for c in [es, W() if f else None] if c is not None])",
    "filter(None)": "m.fit(callbacks=list(filter(None, [W() if f else None, es])))",
    "test of a list": "cbs = [W()]\nif cbs:\n    m.fit(callbacks=cbs)",
    "membership": "cbs = [W()]\nif es not in cbs:\n    cbs.append(es)\nm.fit(callbacks=cbs)",
    "deleted at the end": "cb = W()\nm.fit(callbacks=[cb])\ndel cb",
    "shown in a cell": "cb = W()\ncb\nm.fit(callbacks=[cb])",
    "assert": "cb = W()\nassert cb\nm.fit(callbacks=[cb])",
    # functions
    "returned list": "def make():\n    return [W(), es]\nm.fit(callbacks=make())",
    "returned": "def make():\n    return W()\nm.fit(callbacks=[make(), es])",
    "returned bare": "def make():\n    return W()\nm.fit(callbacks=make())",
    "returned under a name": "def make():\n    cb = W()\n    return cb\nm.fit(callbacks=[make()])",
    "returned, two ways": (
        "def make(k):\n    if k:\n        return W()\n    return W()\nm.fit(callbacks=[make(1), es])"
    ),
    "returned list, built": (
        "def make(log):\n    cbs = [es]\n    if log:\n        cbs.append(W())\n    return cbs\n"
        "m.fit(callbacks=make(True))"
    ),
    "returned through two": (
        "def a():\n    return [W()]\ndef b():\n    return a() + [es]\nm.fit(callbacks=b())"
    ),
    "lambda": "make = lambda: [W()]\nm.fit(callbacks=make())",
    "lambda of one": "make = lambda: W()\nm.fit(callbacks=[make()])",
    "parameter": "def train(cbs):\n    m.fit(callbacks=cbs)\ntrain([W()])",
    "parameter by keyword": "def train(x, cbs=()):\n    m.fit(x, callbacks=cbs)\ntrain(1, cbs=[W()])",
    "parameter, keyword only": "def train(*, cbs):\n    m.fit(x, callbacks=cbs)\ntrain(cbs=[W()])",
    "parameter of one": "def train(cb):\n    m.fit(callbacks=cb)\ntrain(W())",
    "parameter, other callers": (
        "def train(cbs=None):\n    m.fit(callbacks=cbs)\ntrain([W()])\ntrain(stuff())\ntrain()"
    ),
    "parameter added to": (
        "def train(cbs):\n    cbs = cbs + [es]\n    m.fit(callbacks=cbs)\ntrain([W()])"
    ),
    "parameter appended to": (
        "def add(cbs):\n    cbs.append(W())\nmine = []\nadd(mine)\nm.fit(callbacks=mine)"
    ),
    "keywords": "def train(**kw):\n    m.fit(x, **kw)\ntrain(callbacks=[W()])",
    "keywords of one": "def train(**kw):\n    m.fit(x, **kw)\ntrain(callbacks=W())",
    "closure": "def f():\n    cbs = [W()]\n    def g():\n        m.fit(callbacks=cbs)\n    g()",
    "nonlocal": (
        "def f():\n    cb = None\n    def setup():\n        nonlocal cb\n        cb = W()\n    setup()\n"
        "    if cb is not None:\n        m.fit(callbacks=[cb])"
    ),
    "global": "def setup():\n    global cbs\n    cbs = [W()]\ndef run():\n    m.fit(callbacks=cbs)",
    "default of a parameter": "def train(cbs=[W()]):\n    m.fit(callbacks=cbs)\ntrain()",
    # dictionaries
    "options": "kw = {'epochs': 3, 'callbacks': [W()]}\nm.fit(x, **kw)",
    "options of one": "kw = {'epochs': 3, 'callbacks': W()}\nm.fit(x, **kw)",
    "options by dict()": "kw = dict(epochs=3, callbacks=[W()])\nm.fit(x, **kw)",
    "options in place": "m.fit(x, **{'callbacks': [W()]})",
    "options set later": "kw = {}\nkw['callbacks'] = [W()]\nm.fit(x, **kw)",
    "options returned": "def options():\n    return {'callbacks': [W(), es]}\nm.fit(**options())",
    "options merged": "kw = {'callbacks': [W()]}\nm.fit(x, **{**kw, 'epochs': 3})",
    "options read": "kw = {'callbacks': [W()]}\nm.fit(x, callbacks=kw['callbacks'])",
    "options got": "kw = {'callbacks': [W()]}\nm.fit(x, callbacks=kw.get('callbacks'))",
    "options appended to": (
        "kw = {'callbacks': [es]}\nkw['callbacks'].append(W())\nm.fit(x, **kw)"
    ),
    "options, other key": "kw = {'callbacks': [W()], 'n': 3}\nprint(kw['n'])\nm.fit(x, **kw)",
    "groups": "for cbs in [[W()], [es]]:\n    m.fit(callbacks=cbs)",
    "groups indexed": "groups = [[W(), es], [es]]\nm.fit(callbacks=groups[0])",
    "groups enumerated": ("for i, cbs in enumerate([[W()], [es]]):\n    m.fit(callbacks=cbs)"),
    # classes
    "attribute": (
        "class T:\n    def __init__(self):\n        self.cb = W()\n"
        "    def run(self):\n        m.fit(callbacks=[self.cb, es])"
    ),
    "attribute list": (
        "class T:\n    def __init__(self):\n        self.cbs = [W()]\n"
        "    def run(self):\n        self.model.fit(callbacks=self.cbs)"
    ),
    "attribute appended to": (
        "class T:\n    def __init__(self):\n        self.cbs = []\n        self.cbs.append(W())\n"
        "    def run(self):\n        self.model.fit(callbacks=self.cbs)"
    ),
    "attribute, None, tested": (
        "class T:\n    def __init__(self, log):\n        self.cb = None\n        if log:\n"
        "            self.cb = W()\n    def run(self):\n        cbs = [es]\n"
        "        if self.cb is not None:\n            cbs.append(self.cb)\n"
        "        m.fit(callbacks=cbs)"
    ),
    "method": (
        "class T:\n    def make(self):\n        return [W()]\n"
        "    def run(self):\n        self.model.fit(callbacks=self.make())"
    ),
    "method of one": (
        "class T:\n    def make(self):\n        return W()\n"
        "    def run(self):\n        self.model.fit(callbacks=[self.make(), es])"
    ),
    "method's parameter": (
        "class T:\n    def train(self, cbs):\n        self.model.fit(callbacks=cbs)\n"
        "    def run(self):\n        self.train([W()])"
    ),
    "static method": (
        "class T:\n    @staticmethod\n    def make():\n        return [W()]\n"
        "    def run(self):\n        self.model.fit(callbacks=self.make())"
    ),
    "constructor": (
        "class T:\n    def __init__(self, cbs):\n        self.cbs = cbs\n"
        "    def run(self):\n        self.model.fit(callbacks=self.cbs)\nT([W()]).run()"
    ),
    "own fit followed": (
        "class T:\n    def fit(self, callbacks):\n        self.model.fit(x, callbacks=callbacks)\n"
        "T().fit([W()])"
    ),
    "own fit, keyword": (
        "class T:\n    def fit(self, callbacks=()):\n"
        "        self.model.fit(x, callbacks=[es, *callbacks])\nT().fit(callbacks=[W()])"
    ),
    "own function called fit": (
        "def fit(model, callbacks):\n    model.fit(x, callbacks=callbacks)\nfit(m, [W()])"
    ),
    "fit of the base": (
        "import keras\nclass M(keras.Model):\n    def fit(self, x):\n"
        "        return super().fit(x, callbacks=[W()])"
    ),
    "foreign class beside own": (
        "import keras\nclass M(keras.Model):\n    def call(self, x):\n        return x\n"
        "M().fit(x, callbacks=[W()])"
    ),
}

ONE = {
    # kind 1: length or position matters
    "unpacked": "cbs = [W(), es]\na, b = cbs\nm.fit(callbacks=[a, b])",
    "unpacked at once": "a, b = W(), es\nm.fit(callbacks=[a, b])",
    "unpacked with a star": "a, *rest = [W(), es]\nm.fit(callbacks=rest)",
    "indexed": "cbs = [W(), es]\nm.fit(callbacks=[cbs[1]])",
    "indexed from the end": "cbs = [es, W()]\nm.fit(callbacks=[cbs[-1]])",
    "indexed at once": "m.fit(callbacks=[[es, W()][i]])",
    "sliced": "cbs = [W(), es]\nm.fit(callbacks=cbs[:1])",
    "len": "cbs = [W(), es]\nm.fit(callbacks=cbs, epochs=len(cbs))",
    "pop": "cbs = [W(), es]\ncbs.pop()\nm.fit(callbacks=cbs)",
    "popped is used": "cbs = [es, W()]\nm.fit(callbacks=[cbs.pop()])",
    "item deleted": "cbs = [W(), es]\ndel cbs[0]\nm.fit(callbacks=cbs)",
    "item assigned": "cbs = [W(), es]\ncbs[1] = other\nm.fit(callbacks=cbs)",
    "assigned to an item": "cbs = [es, es]\ncbs[0] = W()\nm.fit(callbacks=cbs)",
    "zip": "for cb, n in zip([W(), es], [1, 2]):\n    m.fit(callbacks=[cb], epochs=n)",
    "enumerate": "for i, cb in enumerate([W(), es]):\n    m.fit(callbacks=[cb], epochs=i)",
    "reversed": "m.fit(callbacks=list(reversed([W(), es])))",
    "next": "m.fit(callbacks=[next(iter([W(), es]))])",
    "index": "cbs = [W(), es]\nn = cbs.index(es)\nm.fit(callbacks=cbs)",
    "inserted at 1": "cbs = [W(), es]\ncbs.insert(1, other)\nm.fit(callbacks=cbs)",
    "through a return": (
        "def make():\n    return [W(), es]\na, b = make()\nm.fit(callbacks=[a, b])"
    ),
    "through an attribute": (
        "class T:\n    def __init__(self):\n        self.cbs = [W(), es]\n"
        "    def run(self):\n        m.fit(callbacks=self.cbs[:1])"
    ),
    "through an alias": "cbs = []\nother = cbs\ncbs.append(W())\nm.fit(callbacks=cbs, n=len(other))",
    "through an appended alias": (
        "base = [es]\ncbs = base\ncbs += [W()]\nn = len(base)\nm.fit(callbacks=cbs)"
    ),
    "through a parameter": (
        "def train(cbs):\n    first = cbs[0]\n    m.fit(callbacks=[first])\ntrain([W()])"
    ),
    "through a caller's list": (
        "def add(cbs):\n    cbs.append(W())\nmine = []\nadd(mine)\nn = len(mine)\nm.fit(callbacks=mine)"
    ),
    "through a closure": (
        "def f():\n    cbs = [W()]\n    def g():\n        return len(cbs)\n    m.fit(callbacks=cbs)\n    g()"
    ),
    "first turn of a loop": (
        "cbs = []\nfor i in range(2):\n    n = len(cbs)\n    cbs = [W()]\nm.fit(callbacks=cbs)"
    ),
    "repeated": "m.fit(callbacks=[W()] * 2)",
    "set": "m.fit(callbacks={W(), es})",
    "compared": "cbs = [W()]\nif cbs == []:\n    pass\nm.fit(callbacks=cbs)",
    # kind 2: alternatives
    "alternatives": "for cb in [W(), None]:\n    m.fit(callbacks=[cb] if cb else [])",
    "alternatives in a comprehension": "[m.fit(callbacks=[cb]) for cb in [W(), es]]",
    "alternatives, nested": "for cb in (W(), es):\n    for n in (1, 2):\n        m.fit(callbacks=[cb], epochs=n)",
    "grid": "grid = {'cb': [W(), None]}\nfor cb in grid['cb']:\n    m.fit(callbacks=[cb])",
    "grid of options": (
        "for kw in [{'callbacks': [W()]}, {'callbacks': []}]:\n    m.fit(callbacks=kw['callbacks'][:1])"
    ),
    # kind 3: records
    "record": "name, cb, on = ('wandb', W(), True)\nm.fit(callbacks=[cb])",
    "records": "for name, cb in [('a', W()), ('b', es)]:\n    m.fit(callbacks=[cb])",
    "records in a dictionary": "for n, cb in {'a': W()}.items():\n    m.fit(callbacks=[cb])",
    "values": "m.fit(callbacks=list({'a': W(), 'b': es}.values()))",
    "value by key": "known = {'wandb': W()}\nm.fit(callbacks=[known['wandb']])",
    # others
    "generator": "def make():\n    yield W()\n    yield es\nm.fit(callbacks=list(make()))",
    "comprehension": "m.fit(callbacks=[W() for i in range(2)])",
    "walrus": "m.fit(callbacks=[(cb := W())])",
    "hook by hand": "cb = W()\ncb.set_model(m)\ncb.on_train_begin()",
    "hooks in a loop": "cbs = [W(), es]\nfor cb in cbs:\n    cb.on_epoch_end(0, logs)",
    "None, not tested": "cb = W() if c else None\nm.fit(callbacks=[cb, es])",
    "None, rebound after the test": (
        "cb = W() if c else None\nif cb:\n    cb = None\n    m.fit(callbacks=[cb])"
    ),
    "another": "cb = es\nif c:\n    cb = W()\nm.fit(callbacks=[cb])",
    "another from a function": (
        "def make(k):\n    if k:\n        return W()\n    return es\nm.fit(callbacks=[make(1)])"
    ),
    "nothing from a function": (
        "def make(k):\n    if k:\n        return W()\ncbs = []\ncbs.append(make(1))\nm.fit(callbacks=cbs)"
    ),
    "parameter, another caller": (
        "def train(cb):\n    m.fit(callbacks=[cb])\ntrain(W())\ntrain(es)"
    ),
    "own fit wraps it": (
        "class T:\n    def fit(self, callbacks):\n        self.model.fit(callbacks=[callbacks])\n"
        "T().fit(callbacks=W())"
    ),
    "own fit counts": (
        "class T:\n    def fit(self, callbacks):\n        self.n = len(callbacks)\nT().fit([W()])"
    ),
    "own fit, unknown receiver": (
        "class T:\n    def fit(self, callbacks):\n        self.n = len(callbacks)\nm.fit(callbacks=[W()])"
    ),
    "any callback?": (
        "from keras.callbacks import Callback\ncb = W()\nif isinstance(cb, Callback):\n"
        "    m.fit(callbacks=[cb])"
    ),
    "list or one?": (
        "cb = W()\nif not isinstance(cb, (list, tuple)):\n    cb = [cb]\nm.fit(callbacks=cb)"
    ),
    "identity": "cb = W()\nif cb is not es:\n    m.fit(callbacks=[cb])",
    "and": "m.fit(callbacks=[c and W()])",
    "typed": "cb: object = W()\nm.fit(callbacks=[cb])",
    "typed return": "def make() -> object:\n    return W()\nm.fit(callbacks=[make()])",
    "bare, searched": "cb = W()\nother = [cb, es]\nm.fit(callbacks=[other[0]])",
}

NONE = {
    # passed to what is not seen
    "argument": "train(m, W())",
    "argument in a list": "train(m, [W()])",
    "keyword callbacks of a function": "train(callbacks=[W()])",
    "keyword callbacks of a method": "learner.autofit(callbacks=[W()])",
    "imported function": "from lib import fit\nfit(m, callbacks=[W()])",
    "imported module's fit": "import lib\nlib.fit(m, callbacks=[W()])",
    "printed": "cb = W()\nprint(cb)\nm.fit(callbacks=[cb])",
    "list printed": "cbs = [W()]\nprint(cbs)\nm.fit(callbacks=cbs)",
    "f-string": "cb = W()\ns = f'{cb}'\nm.fit(callbacks=[cb])",
    "format": "cb = W()\ns = '%s' % cb\nm.fit(callbacks=[cb])",
    "logging": "import logging\ncbs = [W()]\nlogging.info('%s', cbs)\nm.fit(callbacks=cbs)",
    "stored elsewhere": "config.cb = W()",
    "stored elsewhere, list": "config.cbs = [W()]\nm.fit(callbacks=config.cbs)",
    "partial": "from functools import partial\nrun = partial(m.fit, callbacks=[W()])\nrun()",
    "sorted": "m.fit(callbacks=sorted([W(), es], key=str))",
    "map": "m.fit(callbacks=list(map(f, [W()])))",
    "random choice": "import random\nm.fit(callbacks=[random.choice([W(), es])])",
    "dict(zip())": "d = dict(zip(['a', 'b'], [W(), es]))\nm.fit(callbacks=[d['a']])",
    "product": "from itertools import product\nfor cb, n in product([W(), None], [1]):\n    m.fit(callbacks=[cb])",
    "pickled": "import pickle\ncb = W()\npickle.dumps(cb)\nm.fit(callbacks=[cb])",
    "raised": "raise W()",
    "awaited": "async def f():\n    return W()\nasync def g():\n    m.fit(callbacks=[await f()])",
    "subclass statement": "class A(W()):\n    pass",
    # kind 3
    "argument list": "args = (m, W(), 3)\ntrain(*args)",
    "thread": "from threading import Thread\nThread(target=run, args=[W()]).start()",
    "record of strings": "spec = ['wandb', W(), True]\nregister(spec)",
    # kind 8
    "append to an unknown": "cbs.append(W())\nm.fit(callbacks=cbs)",
    "append to a CallbackList": "import keras\ncbs = keras.callbacks.CallbackList()\ncbs.append(W())",
    "append to a deque": "from collections import deque\ncbs = deque()\ncbs.append(W())\nm.fit(callbacks=cbs)",
    "append to an own class": (
        "class L(list):\n    def append(self, v):\n        print(v)\ncbs = L()\ncbs.append(W())"
    ),
    "append to a parameter": "def add(cbs):\n    cbs.append(W())",
    "append to another's attribute": "trainer.cbs.append(W())",
    "append to an imported list": "from lib import cbs\ncbs.append(W())\nm.fit(callbacks=cbs)",
    "append to what a function gives": "cbs = get_callbacks()\ncbs.append(W())\nm.fit(callbacks=cbs)",
    # kind 9
    "isinstance of the class": "cb = W()\nif isinstance(cb, W):\n    pass\nm.fit(callbacks=[cb])",
    "type": "cb = W()\nn = type(cb).__name__\nm.fit(callbacks=[cb])",
    "class": "cb = W()\nn = cb.__class__\nm.fit(callbacks=[cb])",
    "match": "cb = W()\nmatch cb:\n    case W():\n        pass\nm.fit(callbacks=[cb])",
    "by type": "d = {W: 1}\ncb = W()\nd[type(cb)]\nm.fit(callbacks=[cb])",
    "helper": "def name(c):\n    return type(c).__name__\ncb = W()\nname(cb)\nm.fit(callbacks=[cb])",
    "types of a list": "cbs = [W()]\nkinds = [type(c) for c in cbs]\nm.fit(callbacks=cbs)",
    "isinstance in a list": (
        "cbs = [W()]\nlog = any(isinstance(c, W) for c in cbs)\nm.fit(callbacks=cbs)"
    ),
    "singledispatch": "from functools import singledispatch\n@singledispatch\ndef f(c):\n    pass\nf(W())",
    # kind 12
    "attribute read": "cb = W()\nm.fit(callbacks=[cb])\nb = cb.best",
    "attribute set": "cb = W()\ncb.log_weights = True\nm.fit(callbacks=[cb])",
    "attribute set by index": "cbs = [W()]\ncbs[0].log_weights = True\nm.fit(callbacks=cbs)",
    "attribute set in a loop": "cbs = [W()]\nfor cb in cbs:\n    cb.x = 1\nm.fit(callbacks=cbs)",
    "attribute through an alias": "cb = W()\nother = cb\nother.x = 1\nm.fit(callbacks=[cb])",
    "attribute through a function": "def make():\n    return W()\nb = make().monitor\nm.fit(callbacks=[make()])",
    "attribute at once": "b = W().best",
    "setattr": "cb = W()\nsetattr(cb, 'x', 1)\nm.fit(callbacks=[cb])",
    "getattr": "cb = W()\nb = getattr(cb, 'best', None)\nm.fit(callbacks=[cb])",
    "attribute deep": (
        "class T:\n    def __init__(self):\n        self.cb = W()\n"
        "    def best(self):\n        return self.cb.best"
    ),
    "hook replaced": "cb = W()\ncb.on_epoch_end = f\nm.fit(callbacks=[cb])",
    "attribute augmented": "cb = W()\ncb.n += 1\nm.fit(callbacks=[cb])",
    "attribute deleted": "cb = W()\ndel cb.best\nm.fit(callbacks=[cb])",
    "attribute of a popped": "cbs = [W()]\nb = cbs.pop().best",
    "attribute after unpacking": "cb, n = W(), 1\nb = cb.best",
    "attribute in a lambda": "cb = W()\nm.fit(callbacks=[cb])\nf = lambda: cb.best",
    "attribute in a comprehension": "cbs = [W()]\nb = [c.best for c in cbs]\nm.fit(callbacks=cbs)",
    "attribute via a parameter": (
        "def best(cb):\n    return cb.best\ncb = W()\nm.fit(callbacks=[cb])\nbest(cb)"
    ),
    "attribute via a walrus": "if (cb := W()):\n    b = cb.best",
    "attribute via a generator": ("def make():\n    yield W()\nfor cb in make():\n    b = cb.best"),
    "attribute via a dictionary": "d = {'cb': W()}\nb = d['cb'].best",
    "attribute via values": "d = {'cb': W()}\nfor cb in d.values():\n    b = cb.best",
    "attribute via with": "with W() as cb:\n    b = cb.best",
    # read by text
    "globals": "cbs = [W()]\nm.fit(callbacks=globals()['cbs'])",
    "locals": "def f():\n    cbs = [W()]\n    g(locals())",
    "vars": "cbs = [W()]\nm.fit(callbacks=vars()['cbs'])",
    "eval": "cbs = [W()]\neval('len(cbs)')\nm.fit(callbacks=cbs)",
    "exec": "cbs = [W()]\nexec(code)\nm.fit(callbacks=cbs)",
    "getattr of self": (
        "class T:\n    def __init__(self):\n        self.cbs = [W()]\n"
        "    def run(self):\n        m.fit(callbacks=getattr(self, 'cbs'))"
    ),
    "getattr of self, computed": (
        "class T:\n    def __init__(self):\n        self.cbs = [W()]\n"
        "    def run(self, n):\n        return len(getattr(self, n))"
    ),
    "__dict__": (
        "class T:\n    def __init__(self):\n        self.cbs = [W()]\n"
        "    def run(self):\n        return self.__dict__"
    ),
    "vars of self": (
        "class T:\n    def __init__(self):\n        self.cbs = [W()]\n"
        "    def run(self):\n        return vars(self)"
    ),
    "attrgetter": (
        "from operator import attrgetter\nclass T:\n    def __init__(self):\n        self.cbs = [W()]\n"
        "g = attrgetter('cbs')"
    ),
    "mock.patch of a function": (
        "from unittest import mock\ndef make():\n    return W()\n"
        "with mock.patch('script.make'):\n    m.fit(callbacks=[make()])"
    ),
    # what scopes do not show
    "match capture": "cbs = [W()]\nmatch x:\n    case cbs:\n        pass\nm.fit(callbacks=cbs)",
    "walrus in a comprehension": "[cb := W() for i in range(1)]\nm.fit(callbacks=[cb])",
    "decorated function": "@cache\ndef make():\n    return W()\nm.fit(callbacks=[make()])",
    "function passed on": "def make():\n    return W()\nregister(make)",
    "function bound twice": (
        "def make():\n    return W()\nif c:\n    def make():\n        return es\nm.fit(callbacks=[make()])"
    ),
    "class attribute": "class T:\n    cb = W()\n    def run(self):\n        m.fit(callbacks=[self.cb])",
    "class with unseen bases": (
        "from lib import Base\nclass T(Base):\n    def __init__(self):\n        self.cb = W()\n"
        "    def run(self):\n        m.fit(callbacks=[self.cb])"
    ),
    "model's attribute": (
        "import keras\nclass M(keras.Model):\n    def __init__(self):\n        self.cbs = [W()]\n"
        "    def run(self):\n        self.fit(callbacks=self.cbs)"
    ),
    "decorated class": (
        "@dataclass\nclass T:\n    def __post_init__(self):\n        self.cb = W()\n"
        "    def run(self):\n        m.fit(callbacks=[self.cb])"
    ),
    "method with unseen callers": (
        "from lib import Base\nclass T(Base):\n    def callbacks(self):\n        return [W()]"
    ),
    "property": (
        "class T:\n    @property\n    def cbs(self):\n        return [W()]\n"
        "    def run(self):\n        m.fit(callbacks=self.cbs)"
    ),
    "fit replaced": "m.fit = wrap(m.fit)\nm.fit(callbacks=[W()])",
    "fit replaced by setattr": "setattr(M, 'fit', wrap)\nm.fit(callbacks=[W()])",
    "own fit, decorated": (
        "class T:\n    @deco\n    def fit(self, callbacks):\n        pass\nT().fit(callbacks=[W()])"
    ),
    "dict key": "d = {W(): 1}",
    "index": "d[W()] = 1",
    "stored under a computed key": "d = {}\nd[k] = W()\nm.fit(callbacks=[d['a']])",
    "default of a list appended": "def f(cbs=[]):\n    cbs.append(W())\n    return cbs\nregister(f())",
    "arithmetic": "x = W() + 1",
    "star argument": "cbs = [W()]\nf(*cbs)",
}

CASES = [
    pytest.param(source, wanted, id=name)
    for wanted, group in (("several", SEVERAL), ("one", ONE), ("none", NONE))
    for name, source in group.items()
]


@pytest.mark.parametrize(("source", "wanted"), CASES)
def test_verdict(source, wanted):
    assert verdict(source) == wanted
