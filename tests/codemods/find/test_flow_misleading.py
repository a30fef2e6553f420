"""Programs made to mislead: a verdict may be stricter than what stands here, never laxer."""

from __future__ import annotations

import pytest
from flow_support import verdict

NONE = {
    "isinstance checkpoint": """\
from keras.callbacks import ModelCheckpoint
cb = W()
x = isinstance(cb, ModelCheckpoint)
m.fit(callbacks=[cb])
""",
    "locals of the function around": """\
def f():
    cbs = [W()]
    m.fit(callbacks=cbs)
    def g():
        cbs
        return locals()
    return g
""",
    "eval in a function": """\
cbs = [W()]
m.fit(callbacks=cbs)
def f():
    return eval("len(cbs)")
""",
    "locals of the module": "cbs = [W()]\nm.fit(callbacks=cbs)\nn = len(locals()['cbs'])",
    "kw get shared": """\
def f(m, **kw):
    kw['callbacks'].append(W())
    m.fit(**kw)
mine = []
f(m, callbacks=mine)
b = mine[0].best
""",
    "fit positional after star": "m.fit(*data, 32, 1, 1, [W()])",
    "fit wrong position": "m.fit(x, y, [W()])",
    "unbound fit positional": "import keras\nkeras.Model.fit(m, x, y, 32, 1, [W()])",
    "fit attr on self": """\
class M:
    def __init__(self):
        self.fit = lambda callbacks: len(callbacks)
M().fit(callbacks=[W()])
""",
    "getattr fit": "getattr(m, 'fit')(callbacks=[W()])",
    "fit via methodcaller": "methodcaller('fit', callbacks=[W()])(m)",
    "dict in fit": "m.fit(callbacks={'a': W()})",
    "fit map": "m.fit(callbacks=map(f, [W()]))",
    "dict dispatch call": """\
def a():
    return [W()]
m.fit(callbacks={'a': a, 'b': b}[mode]())
""",
    "format method": """\
cbs = [W()]
s = 'x'.format(cbs=cbs)
m.fit(callbacks=cbs)
""",
    "wandb config": """\
import wandb
cbs = [W()]
wandb.config.update({'callbacks': cbs})
m.fit(callbacks=cbs)
""",
    "for enumerate print": """\
cbs = [W(), es]
for i, c in enumerate(cbs):
    print(i, c)
m.fit(callbacks=cbs)
""",
    "for type": """\
cbs = [W(), es]
for c in cbs:
    print(c.__class__.__name__)
m.fit(callbacks=cbs)
""",
    "list comp types": "names = [type(c).__name__ for c in [W(), es]]",
    "starred call print": "print(*[1, W()])",
    "exec string": """\
cbs = [W()]
exec('n = len(cbs)')
m.fit(callbacks=cbs)
""",
    "default attr": """\
def f(cb=W()):
    return cb.best
f()
""",
    "__defaults__": """\
def f(cb=W()):
    m.fit(callbacks=cb)
n = f.__defaults__[0].best
f()
""",
    "__defaults__2": """\
def f(cb=W()):
    m.fit(callbacks=cb)
for d in f.__defaults__:
    print(d)
""",
    "__closure__": """\
def f():
    cb = W()
    def g():
        m.fit(callbacks=cb)
    return g.__closure__[0].cell_contents.best
""",
    "__wrapped__": """\
def f():
    return W()
g = f.__call__
b = g().best
""",
    "inspect.signature": """\
import inspect
def f(cb=W()):
    m.fit(callbacks=cb)
b = inspect.signature(f).parameters['cb'].default.best
""",
    "callback param": """\
def f(g):
    g(W())
f(print)
""",
    "return in lambda list": "fs = [lambda: W()]\nb = fs[0]().best",
    "lambda in dict": "fs = {'a': lambda: [W()]}\nn = len(fs['a']())",
    "lambda arg": "run(lambda: [W()])",
    "mutual": """\
def a(c):
    return b(c)
def b(c):
    return c.best
a(W())
""",
    "attr unpack target used": """\
class A:
    def __init__(self):
        self.a, self.b = W(), es
    def run(self):
        return self.a.best
""",
    "attr for target": """\
class A:
    def run(self):
        for self.cb in [W()]:
            b = self.cb.best
""",
    "sub target": """\
d = {}
for d['x'] in [W()]:
    b = d['x'].best
""",
    "sub unpack": """\
d = {}
d['x'], y = W(), 1
b = d['x'].best
""",
    "sub attr unpack": "o.x, y = W(), 1",
    "extend item": "cbs = []\ncbs.extend(W())",
    "append result": "x = cbs.append(W())",
    "append bound": """\
cbs = []
add = cbs.append
add(W())
n = len(cbs)
""",
    "append star": """\
cbs = []
cbs.append(*[W()])
n = len(cbs)
""",
    "append kw": "cbs = []\ncbs.insert(index=0, object=W())",
    "list.append": """\
cbs = []
list.append(cbs, W())
n = len(cbs)
""",
    "operator": """\
import operator
cbs = operator.add([W()], [es])
n = len(cbs)
""",
    "deepcopy": "import copy\nm.fit(callbacks=copy.deepcopy([W()]))",
    "np.array": """\
import numpy as np
a = np.array([W(), es])
a.shape
""",
    "unary": "x = -W()",
    "lt": "x = W() < 1",
    "issubclass": "cb = W()\nx = issubclass(type(cb), object)",
    "a list in itself": """\
d = {}
while x:
    d = d["next"]
d["cbs"].append(W())
m.fit(callbacks=d["cbs"])
""",
    "alias of the class changed in a function": """\
from wandb.keras import WandbCallback as W
def f():
    cls = W
    cls.on_epoch_end = g
m.fit(callbacks=[W()])
""",
    "another alias of the class": """\
from wandb.keras import WandbCallback as W
from wandb.keras import WandbCallback as Old
Old.on_epoch_end = g
m.fit(callbacks=[W()])
""",
    "path of the class patched": """\
from wandb.keras import WandbCallback as W
with mock.patch("wandb.keras.WandbCallback.on_epoch_end"):
    m.fit(callbacks=[W()])
""",
    "nested alias attr": """\
base = []
d = {'cbs': base}
d['cbs'].append(W())
b = base[0].best
m.fit(**d)
""",
    "nested list": """\
base = []
d = [base]
d[0].append(W())
b = base[0].best
""",
    "nested setdefault": """\
base = []
d = {}
d.setdefault('callbacks', base).append(W())
b = base[0].best
m.fit(**d)
""",
    "nested dict of": """\
base = []
d = dict(callbacks=base)
d['callbacks'].append(W())
b = base[0].best
m.fit(**d)
""",
    "nested copy": """\
base = []
d = {'callbacks': base}
e = d.copy()
e['callbacks'].append(W())
b = base[0].best
m.fit(**e)
""",
    "nested merge": """\
base = []
d = {'callbacks': base}
e = {**d}
e['callbacks'].append(W())
b = base[0].best
m.fit(**e)
""",
    "nested update": """\
base = []
d = {'callbacks': []}
d.update(callbacks=base)
d['callbacks'].append(W())
b = base[0].best
m.fit(**d)
""",
    "nested list append": """\
base = []
d = []
d.append(base)
d[0].append(W())
b = base[0].best
""",
    "nested list augmented": """\
base = []
d = []
d += [base]
d[0].append(W())
b = base[0].best
""",
    "nested slice": """\
base = []
d = [base, 1]
e = d[:1]
e[0].append(W())
b = base[0].best
""",
    "tuple return item used": """\
def build():
    return m, W()
model, cb = build()
b = cb.best
""",
    "tuple return star": """\
def build():
    return 1, 2, W()
a, *r = build()
b = r[1].best
""",
    "tuple index": "t = (1, W())\nb = t[1].best",
    "tuple index variable": "t = (1, W())\nb = t[i].best",
    "tuple index neg": "t = (1, W())\nb = t[-1].best",
    "tuple iterate": """\
t = (es, W())
for c in t:
    c.x = 1
""",
    "tuple printed": "t = (es, W())\nprint(t)",
    "heir with foreign base": """\
from lib import B
class A:
    def __init__(self):
        self.cbs = [W()]
    def run(self):
        m.fit(callbacks=self.cbs)
class C(A, B):
    pass
""",
    "frame": """\
import inspect
def f():
    cbs = [W()]
    g()
    m.fit(callbacks=cbs)
def g():
    return inspect.currentframe().f_back.f_locals
""",
    "builtins eval": """\
import builtins
def f():
    cbs = [W()]
    builtins.eval('len(cbs)')
    m.fit(callbacks=cbs)
""",
    "W patched": "W.on_epoch_end = f\nm.fit(callbacks=[W()])",
    "W setattr": "setattr(W, 'x', f)\nm.fit(callbacks=[W()])",
    "W in tuple var": """\
KINDS = (W, int)
cb = W()
m.fit(callbacks=[cb])
""",
    "W alias patched": """\
V = W
V.on_epoch_end = f
m.fit(callbacks=[W()])
""",
    "W type compare": """\
m.fit(callbacks=[W()])
for c in others:
    if type(c) == W:
        pass
""",
    "W registry": "m.fit(callbacks=[W()])\nR = {W: 1}",
    "W passed": "m.fit(callbacks=[W()])\nregister(W)",
    "W method": "m.fit(callbacks=[W()])\nold = W.on_epoch_end",
    "mock model": """\
from unittest.mock import MagicMock
m = MagicMock()
m.fit(callbacks=[W()])
len(m.fit.call_args.kwargs['callbacks'])
""",
    "instance with getattr": """\
class P:
    def __getattr__(self, n):
        return log(n)
P().fit(callbacks=[W()])
""",
    "fit alias": "fit = m.fit\nfit(callbacks=[W()])",
    "comp attr": "b = [c.best for c in (W(),)]",
    "swap attr": """\
a, b = W(), es
a, b = b, a
x = b.best
""",
    "nested function return": """\
def outer():
    cb = W()
    def inner():
        return cb
    return inner
b = outer()().best
""",
    "returned lambda": """\
def outer():
    cb = W()
    return lambda: cb
b = outer()().best
""",
    "star args": """\
def f(*a):
    return a[0].best
f(W())
""",
    "kwargs get": """\
def f(**k):
    return k['cb'].best
f(cb=W())
""",
    "kwargs pass": """\
def g(cb):
    return cb.best
def f(**k):
    return g(**k)
f(cb=W())
""",
    "kwargs values": """\
def f(**k):
    return [v.best for v in k.values()]
f(cb=W())
""",
    "dict unpack values": "a, b = {'x': W(), 'y': 1}.values()\nq = a.best",
    "dict comp attr": "d = {i: W() for i in range(2)}\nb = d[0].best",
    "or default attr": """\
def f(cbs=None):
    cbs = cbs or []
    cbs.append(W())
    m.fit(callbacks=cbs)
mine = []
f(mine)
b = mine[0].best
""",
    "property like": """\
class A:
    def cbs(self):
        return [W()]
    n = property(cbs)
    def run(self):
        m.fit(callbacks=self.cbs())
""",
    "inc loop": """\
cb = None
for i in range(2):
    if cb is not None:
        b = cb.best
    cb = W()
""",
    "f of list": """\
def show(c):
    print(c)
show([W()])
""",
    "print in method": """\
class A:
    def log(self, c):
        print(c)
    def run(self):
        self.log(W())
""",
    "returns itself": """\
def same(c):
    return c
cb = same(W())
b = cb.best
""",
    "filter fn": """\
def keep(c):
    return c.best
m.fit(callbacks=list(filter(keep, [W()])))
""",
    "sorted key": "sorted([W()], key=lambda c: c.best)",
    "print star": "print(*[W()])",
    "string join": "', '.join(str(c) for c in [W()])",
    "format spec": "'{}'.format(W())",
    "percent tuple": "'%s %s' % (1, W())",
    "assert message": "cb = W()\nassert x, cb",
    "raise from": "cb = W()\nraise E(cb)",
    "matmul": "x = W() @ y",
    "for else": """\
for c in [W()]:
    pass
else:
    b = c.best
""",
    "async comp": "async def f():\n    return [c async for c in [W()]]",
    "star in call own": """\
def f(a, b):
    return b.best
f(*[1, W()])
""",
    "stringly": """\
class T:
    def __init__(self):
        self.cb = W()
    def run(self):
        for n in ('cb', 'x'):
            print(getattr(self, n))
""",
    "setattr literal": """\
class T:
    def __init__(self):
        setattr(self, 'cb', W())

""",
    "decorated method": """\
class T:
    @cached_property
    def cbs(self):
        return [W()]
    def run(self):
        m.fit(callbacks=self.cbs)
""",
    "enum class": """\
from enum import Enum
class T(Enum):
    a = W()
""",
    "namedtuple": """\
from collections import namedtuple
T = namedtuple('T', 'cb')
t = T(W())
b = t.cb.best
""",
    "simplenamespace": """\
from types import SimpleNamespace
t = SimpleNamespace(cb=W())
b = t.cb.best
""",
    "yield value": """\
def gen():
    x = yield W()
next(gen()).best
""",
    "send": """\
def gen():
    x = yield 1
    b = x.best
g = gen()
next(g)
g.send(W())
""",
    "contextmanager": """\
@contextmanager
def cm():
    yield W()
with cm() as cb:
    b = cb.best
""",
    "reduce": "from functools import reduce\nreduce(lambda a, c: a + [c], [W()], [])",
    "map lambda": "list(map(lambda c: c.best, [W()]))",
}

AT_MOST_ONE = {
    "kw setdefault shared": """\
def f(m, **kw):
    kw.setdefault('callbacks', []).append(W())
    m.fit(**kw)
mine = []
f(m, callbacks=mine)
n = len(mine)
""",
    "fit args star": "args = [x, y, 1, 1, 1, [W()]]\nm.fit(*args)",
    "fit args star tuple": "args = (x, y, 1, 1, 1, W())\nm.fit(*args)",
    "class fit": """\
class M:
    @classmethod
    def fit(cls, callbacks):
        n = len(callbacks)
M.fit(callbacks=[W()])
""",
    "static fit": """\
class M:
    @staticmethod
    def fit(model, callbacks):
        n = len(callbacks)
M.fit(m, callbacks=[W()])
""",
    "fit assigned in class": """\
class M:
    def run(self, callbacks):
        n = len(callbacks)
    fit = run
M().fit(callbacks=[W()])
""",
    "fit lambda in class": """\
class M:
    fit = lambda self, callbacks: len(callbacks)
M().fit(callbacks=[W()])
""",
    "fit in namespace": """\
from types import SimpleNamespace
m = SimpleNamespace(fit=lambda callbacks: len(callbacks))
m.fit(callbacks=[W()])
""",
    "fit type()": """\
M = type('M', (), {'fit': lambda self, callbacks: len(callbacks)})
M().fit(callbacks=[W()])
""",
    "fit in if class": """\
class M:
    if x:
        def fit(self, callbacks):
            return len(callbacks)
M().fit(callbacks=[W()])
""",
    "nested class fit": """\
def make():
    class M:
        def fit(self, callbacks):
            return len(callbacks)
    return M()
make().fit(callbacks=[W()])
""",
    "partialmethod": """\
class M:
    fit = partialmethod(run, 1)
M().fit(callbacks=[W()])
""",
    "async fit": """\
class M:
    async def fit(self, callbacks):
        return len(callbacks)
async def go():
    await M().fit(callbacks=[W()])
""",
    "list in list for fit": "m.fit(callbacks=[[W()], es])",
    "is truthy arith": "m.fit(callbacks=[W()] * bool(a))",
    "index item by bool": "m.fit(callbacks=[[es, W()][flag]])",
    "percent": """\
cbs = [W()]
s = '%d' % len(cbs)
m.fit(callbacks=cbs)
""",
    "wandb config n": """\
import wandb
cbs = [W()]
wandb.config.n = len(cbs)
m.fit(callbacks=cbs)
""",
    "assert len": """\
cbs = [W()]
assert len(cbs) == 1
m.fit(callbacks=cbs)
""",
    "while pop": """\
cbs = [W(), es]
while cbs:
    m.fit(callbacks=[cbs.pop()])
""",
    "for enumerate print i": """\
cbs = [W(), es]
for i, c in enumerate(cbs):
    print(i)
m.fit(callbacks=cbs)
""",
    "inner function default": """\
def f(cbs=[W()]):
    return cbs[0]
m.fit(callbacks=[f()])
""",
    "kwonly default": """\
def f(*, cb=W()):
    m.fit(callbacks=[cb])
f()
f(cb=es)
""",
    "try else": """\
try:
    cbs = [W()]
except E:
    cbs = []
else:
    n = len(cbs)
m.fit(callbacks=cbs)
""",
    "cbs in nested function arg": """\
def f(g):
    return g([W()])
f(lambda cbs: len(cbs))
""",
    "lambda param": "(lambda cbs: len(cbs))([W()])",
    "recursion append": """\
def f(n, cbs):
    cbs.append(W())
    if n:
        return f(n - 1, cbs)
    return len(cbs)
f(2, [])
""",
    "two classes one attr": """\
class A:
    def __init__(self):
        self.cb = W()
    def run(self):
        m.fit(callbacks=[self.cb])
class B:
    def __init__(self):
        self.cb = es
    def run(self):
        m.fit(callbacks=[self.cb])
""",
    "attr counted by other": """\
class A:
    def __init__(self):
        self.cbs = [W()]
        self.m.fit(callbacks=self.cbs)
def n(a):
    return len(a.cbs)
""",
    "attr unpack target": """\
class A:
    def __init__(self):
        self.a, self.b = W(), es
    def run(self):
        m.fit(callbacks=[self.a])
""",
    "chained sub": """\
d = {}
d['a'] = e = [W()]
n = len(e)
m.fit(callbacks=d['a'])
""",
    "chained attr": """\
class T:
    def __init__(self):
        self.cbs = cbs = [W()]
        self.n = len(cbs)
    def run(self):
        m.fit(callbacks=self.cbs)
""",
    "aug attr": """\
class T:
    def __init__(self):
        self.cbs = []
        self.cbs += [W()]
    def run(self):
        return len(self.cbs)
""",
    "aug sub": """\
d = {'callbacks': []}
d['callbacks'] += [W()]
n = len(d['callbacks'])
m.fit(**d)
""",
    "aug sub alias": """\
base = []
d = {'callbacks': base}
d['callbacks'] += [W()]
n = len(base)
m.fit(**d)
""",
    "aug in loop len": """\
cbs = []
for i in range(3):
    if len(cbs) < 2:
        cbs += [W()]
m.fit(callbacks=cbs)
""",
    "append list fit": """\
cbs = []
cbs.append([W()])
m.fit(callbacks=cbs)
""",
    "append tuple": """\
cbs = []
cbs.append(('a', W()))
for n, c in cbs:
    m.fit(callbacks=[c])
""",
    "append dict len": """\
cfgs = []
cfgs.append({'callbacks': [W()]})
for c in cfgs:
    n = len(c['callbacks'])
""",
    "append in comp len": """\
cbs = []
[cbs.append(W()) for i in range(2)]
n = len(cbs)
m.fit(callbacks=cbs)
""",
    "append to self": """\
cbs = [W()]
cbs.append(cbs)
m.fit(callbacks=cbs)
""",
    "del slice": """\
cbs = [W(), es]
del cbs[1:]
m.fit(callbacks=cbs)
""",
    "compare chain": "cb = W()\nx = None is not cb is not es",
    "in tuple": """\
cb = W()
x = cb in (es, cb)
m.fit(callbacks=[cb])
""",
    "cb or other": """\
cb = W()
x = cb or 3
m.fit(callbacks=[cb])
""",
    "string annotation": """\
def f(cb: 'W'):
    m.fit(callbacks=[cb])
f(W())
""",
    "isinstance list": """\
def f(cbs):
    if not isinstance(cbs, list):
        cbs = [cbs]
    m.fit(callbacks=cbs)
f(W())
""",
    "tuple indexed at once": "m.fit(callbacks=[(W(), es)[0]])",
    "tuple indexed, other": "m.fit(callbacks=[(W(), es)[1]])",
    "star import below": """\
cb = W()
from lib import *
m.fit(callbacks=[cb, es])
""",
    "nested alias": """\
base = []
d = {'cbs': base}
d['cbs'].append(W())
n = len(base)
m.fit(**d)
""",
    "nested alias stored later": """\
base = []
d = {}
d['cbs'] = base
d['cbs'].append(W())
n = len(base)
m.fit(callbacks=d['cbs'])
""",
    "slice chained": """\
base = [es]
c = d = base[:]
c.append(W())
n = len(d)
m.fit(callbacks=c)
""",
    "tuple return item": """\
def build():
    return m, W()
model, cb = build()
model.fit(callbacks=[cb])
""",
    "tuple len": """\
t = (es, W())
n = len(t)
m.fit(callbacks=t)
""",
    "tuple concatenated": """\
t = (es,) + (W(),)
a, b = t
m.fit(callbacks=[b])
""",
    "search bare": "t.search(x, callbacks=W())",
    "default mutable shared": """\
def add(c, cbs=[]):
    cbs.append(c)
    return cbs
m.fit(callbacks=add(W()))
n = len(add(es))
""",
    "genexp counted": "n = sum(1 for c in [W(), es])",
    "lambda default": """\
cbs = [W()]
f = lambda c=cbs: len(c)
m.fit(callbacks=cbs)
""",
    "late binding": """\
def f():
    return len(cbs)
cbs = [W()]
m.fit(callbacks=cbs)
f()
""",
    "class body read": """\
cbs = [W()]
class A:
    n = len(cbs)
m.fit(callbacks=cbs)
""",
    "class body shadow": """\
cbs = [W()]
class A:
    n = len(cbs)
    cbs = 1
m.fit(callbacks=cbs)
""",
    "try finally": """\
cbs = []
try:
    cbs.append(W())
finally:
    n = len(cbs)
m.fit(callbacks=cbs)
""",
    "while loop index": """\
cbs = [W(), es]
i = 0
while i < 2:
    m.fit(callbacks=[cbs[i]])
    i += 1
""",
    "swap": """\
a, b = W(), es
a, b = b, a
m.fit(callbacks=[a])
""",
    "kwargs len": """\
def f(**k):
    m.fit(**k)
    return len(k['callbacks'])
f(callbacks=[W()])
""",
    "dict pop": """\
kw = {'callbacks': [W()]}
cbs = kw.pop('callbacks')
n = len(cbs)
m.fit(callbacks=cbs)
""",
    "dict items": """\
kw = {'callbacks': [W()]}
for k, v in kw.items():
    n = len(v)
m.fit(**kw)
""",
    "dict comp": "d = {i: W() for i in range(2)}\nm.fit(callbacks=list(d.values()))",
    "or default": """\
def f(cbs=None):
    cbs = cbs or []
    cbs.append(W())
    m.fit(callbacks=cbs)
mine = []
f(mine)
n = len(mine)
""",
    "self in closure": """\
class T:
    def __init__(self):
        self.cbs = []
        def add():
            self.cbs.append(W())
        add()
    def n(self):
        return len(self.cbs)
""",
    "attr alias": """\
class T:
    def __init__(self, cbs):
        self.cbs = cbs
        self.cbs.append(W())
    def run(self):
        m.fit(callbacks=self.cbs)
mine = []
T(mine).run()
n = len(mine)
""",
    "attr alias self 2": """\
class T:
    def __init__(self):
        base = []
        self.cbs = base
        self.cbs.append(W())
        self.n = len(base)
    def run(self):
        m.fit(callbacks=self.cbs)
""",
    "static attr": """\
class T:
    cbs = []
    def run(self):
        self.cbs.append(W())
        m.fit(callbacks=self.cbs)
    def n(self):
        return len(T.cbs)
""",
    "method override": """\
class A:
    def make(self):
        return W()
    def run(self):
        m.fit(callbacks=[self.make()])
class B(A):
    def make(self):
        return es
""",
    "method super": """\
class A:
    def make(self):
        return [W()]
    def run(self):
        m.fit(callbacks=self.make())
class B(A):
    def make(self):
        return super().make()[:1]
""",
    "min": "min([W()], key=id)",
    "global in function del": """\
cbs = [W()]
def f():
    global cbs
    del cbs[0]
m.fit(callbacks=cbs)
""",
    "subscript slice assign": """\
cbs = [es, es]
cbs[0:1] = [W()]
n = len(cbs)
m.fit(callbacks=cbs)
""",
    "slice assign 2": """\
cbs = [W(), es]
cbs[0:1] = []
m.fit(callbacks=cbs)
""",
    "insert var": """\
cbs = [W()]
cbs.insert(i, es)
m.fit(callbacks=cbs)
""",
    "insert two": """\
cbs = [W()]
cbs.insert(1, W())
m.fit(callbacks=cbs)
""",
    "import shadows item": """\
from lib import cb
cb = W()
m.fit(callbacks=[cb])
""",
    "walrus list": "if (cbs := [W()]):\n    n = len(cbs)",
    "walrus in call": "m.fit(callbacks=(cbs := [W()]))\nn = len(cbs)",
    "object.__setattr__": """\
class T:
    def __init__(self):
        self.cb = W()
        object.__setattr__(self, 'cb', es)
    def run(self):
        m.fit(callbacks=[self.cb])
""",
    "dict update attr": """\
class T:
    def __init__(self):
        self.cb = W()
        self.__dict__.update({'cb': es})
    def run(self):
        m.fit(callbacks=[self.cb])
""",
    "other object same attr": """\
class T:
    def __init__(self):
        self.cbs = [W()]
    def run(self):
        m.fit(callbacks=self.cbs)
def f(t):
    return len(t.cbs)
""",
    "module attr": """\
import sys
cbs = [W()]
mod = sys.modules[__name__]
n = len(mod.cbs)
m.fit(callbacks=cbs)
""",
    "module getattr": """\
import sys
cbs = [W()]
n = len(getattr(sys.modules[__name__], name))
m.fit(callbacks=cbs)
""",
    "from main": """\
cbs = [W()]
def f():
    import __main__
    return len(__main__.cbs)
m.fit(callbacks=cbs)
""",
    "yield item": """\
def gen():
    for i in range(2):
        yield W()
for cb in gen():
    m.fit(callbacks=[cb])
""",
    "yield list len": """\
def gen():
    yield [W()]
for cbs in gen():
    n = len(cbs)
""",
    "fit in lambda counted": """\
cbs = [W()]
f = lambda: cbs[-1]
m.fit(callbacks=cbs)
f()
""",
}

SEVERAL = {
    "isinstance es": """\
from keras.callbacks import EarlyStopping
cb = W()
x = isinstance(cb, EarlyStopping)
m.fit(callbacks=[cb])
""",
    "locals of another function": """\
def other():
    return locals()
def f():
    cbs = [W()]
    m.fit(callbacks=cbs)
""",
    "globals, but a local name": """\
def f():
    cbs = [W()]
    m.fit(callbacks=cbs)
    return globals()
""",
    "guard then method": """\
class T:
    def __init__(self):
        self.cb = W() if c else None
    def run(self):
        cbs = []
        if self.cb:
            cbs.append(self.cb)
        self.m.fit(callbacks=cbs)
""",
    "fit with star before": "m.fit(*data, callbacks=[W()])",
    "fit with kw after": "m.fit(x, callbacks=[W()], **kw)",
    "evaluate result": "r = m.evaluate(x, callbacks=[W()], return_dict=True)",
    "fit tuple plus": "m.fit(callbacks=(es,) + (W(),))",
    "cond in cond": "m.fit(callbacks=[W() if a else (es if b else W())])",
    "nested cond list": "m.fit(callbacks=[es] + ([W()] if a else [W(), es] if b else []))",
    "or empty": "m.fit(callbacks=cbs or [W()])",
    "and list": "m.fit(callbacks=a and [W()])",
    "or with later": """\
extra = []
cbs = extra or [W()]
cbs.append(es)
m.fit(callbacks=cbs)
""",
    "index by bool": "m.fit(callbacks=[[], [W()]][flag])",
    "default bare": """\
def f(cb=W()):
    m.fit(callbacks=cb)
f()
""",
    "with body": """\
with a as b, c:
    cbs = [W()]
m.fit(callbacks=cbs)
""",
    "lambda iife": "m.fit(callbacks=(lambda: [W()])())",
    "recursion": """\
def f(n, cbs):
    if n:
        return f(n - 1, cbs + [W()])
    return cbs
m.fit(callbacks=f(2, []))
""",
    "aug sub ok": """\
d = {'callbacks': []}
d['callbacks'] += [W()]
m.fit(**d)
""",
    "aug in loop": """\
cbs = []
for i in range(3):
    cbs += [W()]
m.fit(callbacks=cbs)
""",
    "extend tuple": """\
cbs = []
cbs.extend((W(), es))
m.fit(callbacks=cbs)
""",
    "append list": """\
cbs = []
cbs.append([W()])
m.fit(callbacks=cbs[0])
""",
    "append dict": """\
cfgs = []
cfgs.append({'callbacks': [W()]})
for c in cfgs:
    m.fit(**c)
""",
    "append cond": """\
cbs = []
c and cbs.append(W())
m.fit(callbacks=cbs)
""",
    "append in comp": """\
cbs = []
[cbs.append(W()) for i in range(2)]
m.fit(callbacks=cbs)
""",
    "del name": """\
cb = W()
m.fit(callbacks=[cb])
del cb
""",
    "print not": """\
cbs = [W()]
print(not cbs)
m.fit(callbacks=cbs)
""",
    "if expr value": """\
cb = W()
x = 1 if cb else 2
m.fit(callbacks=[cb])
""",
    "attribute called as keras' module": """\
import tensorflow as tf
class T:
    def __init__(self):
        self.callbacks = [W(), tf.keras.callbacks.EarlyStopping()]
    def run(self):
        self.model.fit(callbacks=self.callbacks)
""",
    "method called as keras' module": """\
import tensorflow as tf
class T:
    def callbacks(self):
        return [W(), tf.keras.callbacks.EarlyStopping()]
    def run(self):
        self.model.fit(callbacks=self.callbacks())
""",
    "star import above": """\
from keras.layers import *
cb = W()
m.fit(callbacks=[cb, es])
""",
    "slice copy": """\
base = [es]
c = base[:]
c.append(W())
n = len(base)
m.fit(callbacks=c)
""",
    "tuple return": """\
def build():
    return m, [W()]
model, cbs = build()
model.fit(callbacks=cbs)
""",
    "tuple other index": """\
t = (1, [W()])
print(t[0])
m.fit(callbacks=t[1])
""",
    "W subclass": """\
class S(W):
    pass
m.fit(callbacks=[W()])
""",
    "W is None": "if W is not None:\n    m.fit(callbacks=[W()])",
    "generator expr": "m.fit(callbacks=list(c for c in [W(), es]))",
    "insert W at var": """\
cbs = [es]
cbs.insert(i, W())
m.fit(callbacks=cbs)
""",
    "insert W at -1": """\
cbs = [es, es]
cbs.insert(-1, W())
m.fit(callbacks=cbs)
""",
    "with as list": """\
with open(f) as cbs:
    pass
cbs = [W()]
m.fit(callbacks=cbs)
""",
    "import shadows": """\
from lib import cbs
cbs = [W()]
m.fit(callbacks=cbs)
""",
    "type comment": "cbs = [W()]  # type: list\nm.fit(callbacks=cbs)",
    "thread": "Thread(target=lambda: m.fit(callbacks=cbs))\ncbs = [W()]",
    "from import module": "from lib import trainer\ntrainer.fit(callbacks=[W()])",
}


@pytest.mark.parametrize("source", NONE.values(), ids=NONE)
def test_nothing_else_may_stand_there(source):
    assert set(verdict(source).split()) == {"none"}


@pytest.mark.parametrize("source", AT_MOST_ONE.values(), ids=AT_MOST_ONE)
def test_at_most_one(source):
    words = verdict(source).split()
    assert words != ["several"]
    assert "several" not in words or len(words) > 1


@pytest.mark.parametrize("source", SEVERAL.values(), ids=SEVERAL)
def test_several(source):
    assert verdict(source) == "several"
