"""3. Argument lists and records: each element has its meaning by its place."""

from programs import product, read

PLACES = {
    "tuple": "args = (model, W(), 3)",
    "list": "args = [model, W(), 3]",
    "tuple name": "cb = W()\nargs = (model, cb, 3)",
    "list name": "cb = W()\nargs = [model, cb, 3]",
    "concatenated": "args = (model,) + (W(), 3)",
    "returned": "def arguments():\n    return model, W(), 3\nargs = arguments()",
    "returned list": "def arguments():\n    return [model, W(), 3]\nargs = arguments()",
    "attribute": "class Job:\n    pass\njob = Job()\njob.args = (model, W(), 3)\nargs = job.args",
    "appended": "args = [model]\nargs.append(W())\nargs.append(3)",
    "extended": "args = [model]\nargs.extend([W(), 3])",
    "added": "args = [model]\nargs += [W(), 3]",
    "conditional": "args = (model, W() if x else None, 3)",
    "last": "args = [model, W()] + [3]",
    "inserted": "args = [model, 3]\nargs.insert(1, W())",
}
CALLS = {
    "splat": "train(*args)",
    "thread": "from threading import Thread\nt = Thread(target=train, args=args)\nt.start()\nt.join()",
    "partial": "from functools import partial\npartial(train, *args)()",
    "unpacked": "a, b, c = args\ntrain(a, b, c)",
    "indexed": "train(args[0], args[1], args[2])",
    "apply": "def apply(f, arguments):\n    return f(*arguments)\napply(train, args)",
    "submit": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(1) as pool:\n    pool.submit(train, *args).result()",
    "zip": "train(**dict(zip(('m', 'cb', 'n'), args)))",
}
TRAIN = "def train(m, cb, n):\n    print(n)\n    m.fit(x, y, callbacks=[cb])\n"

PROGRAMS = [
    *product(TRAIN + "<place>\n<call>", place=PLACES, call=CALLS),
    *product(
        TRAIN + "def main():\n    <place>\n    <call>\nmain()\n",
        place={"local tuple": "args = (model, W(), 3)", "local list": "args = [model, W(), 3]"},
        call=CALLS,
    ),
    *read("""
## a record
row = ["wandb", W(), True]
name, cb, on = row
print(name, on)
model.fit(x, y, callbacks=[cb])

## a table of records
for name, cb, on in [["wandb", W(), True], ["stop", ES(), False]]:
    print(name, on)
    model.fit(x, y, callbacks=[cb])

## a record by index
row = ["wandb", W(), True]
model.fit(x, y, callbacks=[row[1]])
print(row[2])

## thread with a list
from threading import Thread
def train(cb):
    model.fit(x, y, callbacks=[cb])
t = Thread(target=train, args=[W()])
t.start()
t.join()

## thread with a tuple of one
from threading import Thread
def train(cb):
    model.fit(x, y, callbacks=[cb])
t = Thread(target=train, args=(W(),))
t.start()
t.join()

## thread with keywords
from threading import Thread
def train(cb):
    model.fit(x, y, callbacks=[cb])
t = Thread(target=train, kwargs={"cb": W()})
t.start()
t.join()

## splat of a display
def train(cb, n):
    print(n)
    model.fit(x, y, callbacks=[cb])
train(*[W(), 3])

## splat of a tuple display
def train(cb, n):
    print(n)
    model.fit(x, y, callbacks=[cb])
train(*(W(), 3))

## variadic
def train(*cbs):
    print(len(cbs))
    model.fit(x, y, callbacks=list(cbs))
train(W(), ES())

## variadic splat
def train(*cbs):
    print(len(cbs))
    model.fit(x, y, callbacks=list(cbs))
train(*[W(), ES()])

## variadic uncounted
def train(*cbs):
    model.fit(x, y, callbacks=list(cbs))
train(W(), ES())

## variadic with a first
def train(first, *cbs):
    model.fit(x, y, callbacks=[first])
    model.fit(x, y, callbacks=list(cbs))
train(*[W(), ES()])

## keywords
def train(m, cb):
    m.fit(x, y, callbacks=[cb])
train(**{"m": model, "cb": W()})

## keywords from dict
def train(m, cb):
    m.fit(x, y, callbacks=[cb])
train(**dict(m=model, cb=W()))

## splat into a class
class Job:
    def __init__(self, m, cb):
        self.m, self.cb = m, cb
job = Job(*[model, W()])
job.m.fit(x, y, callbacks=[job.cb])

## a data class
from dataclasses import dataclass
@dataclass
class Job:
    cb: object
    n: int
job = Job(W(), 3)
print(job.n)
model.fit(x, y, callbacks=[job.cb])

## a record of a format
print("%s %s" % (len([1]), 2))
row = (1, W())
print("%d %s" % (row[0], row[1] is None))
model.fit(x, y, callbacks=[row[1]])

## starmap
from itertools import starmap
def train(m, cb):
    m.fit(x, y, callbacks=[cb])
list(starmap(train, [(model, W())]))

## positional fit
model.fit(x, y, 32, 1, 0, [W()])

## positional fit by a splat
args = (x, y, 32, 1, 0, [W(), ES()])
model.fit(*args)

## positional fit by a splat of one
args = [x, y, 32, 1, 0, W()]
model.fit(*args)

## positional fit by a splat after
args = [W(), ES()]
model.fit(x, y, 32, 1, 0, args)

## returned together
def build():
    return Sequential(), W()
m, cb = build()
m.fit(x, y, callbacks=[cb])

## returned together in brackets
def build():
    return [Sequential(), W()]
m, cb = build()
m.fit(x, y, callbacks=[cb])

## returned together and indexed
def build():
    return Sequential(), W()
parts = build()
parts[0].fit(x, y, callbacks=[parts[1]])

## assigned together
m, cb = Sequential(), W()
m.fit(x, y, callbacks=[cb])

## assigned together in brackets
[m, cb] = [Sequential(), W()]
m.fit(x, y, callbacks=[cb])

## yielded together
def build():
    yield Sequential(), W()
for m, cb in build():
    m.fit(x, y, callbacks=[cb])

## swapped
a, b = W(), ES()
a, b = b, a
model.fit(x, y, callbacks=[a])

## a stack of work
work = [(model.fit, W())]
for f, cb in work:
    f(x, y, callbacks=[cb])

## a tuple key
by = {(1, 2): W()}
model.fit(x, y, callbacks=[by[1, 2]])

## atexit
import atexit
def done(cb, n):
    pass
atexit.register(done, W(), 3)
atexit.unregister(done)
model.fit(x, y)

## a default record
def train(parts=("wandb", W())):
    name, cb = parts
    print(name)
    model.fit(x, y, callbacks=[cb])
train()

## operator itemgetter
from operator import itemgetter
row = ["wandb", W()]
model.fit(x, y, callbacks=[itemgetter(1)(row)])

## operator call
from operator import methodcaller
methodcaller("fit", x, y, callbacks=[W(), ES()])(model)

## namedtuple make
from collections import namedtuple
Job = namedtuple("Job", "cb n")
job = Job._make([W(), 3])
model.fit(x, y, callbacks=[job.cb])

## inspect bind
import inspect
def train(cb, n):
    model.fit(x, y, callbacks=[cb])
inspect.signature(train).bind(*[W(), 3])
train(*[W(), 3])

## monkeypatched fit
real = model.fit
def spy(*args, callbacks=None, **kwargs):
    print(len(callbacks))
    return real(*args, callbacks=callbacks, **kwargs)
model.fit = spy
model.fit(x, y, callbacks=[W(), ES()])

## monkeypatched class fit
real = Model.fit
def spy(self, *args, callbacks=None, **kwargs):
    print(len(callbacks))
    return real(self, *args, callbacks=callbacks, **kwargs)
Model.fit = spy
model.fit(x, y, callbacks=[W(), ES()])

## mock fit
from unittest import mock
with mock.patch.object(model, "fit") as fit:
    model.fit(x, y, callbacks=[W(), ES()])
    print(len(fit.call_args.kwargs["callbacks"]))

## decorated fit wrapper
def log(f):
    def wrapper(*args, **kwargs):
        print(len(kwargs["callbacks"]))
        return f(*args, **kwargs)
    return wrapper
fit = log(model.fit)
fit(x, y, callbacks=[W(), ES()])

## partial keywords read
from functools import partial
fit = partial(model.fit, x, y, callbacks=[W(), ES()])
print(len(fit.keywords["callbacks"]))
fit()

## dataclass fields loop
from dataclasses import dataclass, fields
@dataclass
class J:
    a: object
    b: object
j = J(W(), ES())
cbs = [getattr(j, f.name) for f in fields(j)]
print(len(cbs))
model.fit(x, y, callbacks=cbs)
"""),
]
