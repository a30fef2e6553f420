"""11. Effects: what arguments do when they are evaluated, how often, in which order."""

from programs import product, read

SAY = """\
def say(what, value=None):
    print(what)
    return value
"""
# an expression that prints, and a value of the right kind for each argument
IMPURE = {
    "monitor": "'loss'", "verbose": "1", "mode": "'max'", "save_weights_only": "True",
    "log_weights": "True", "save_model": "True", "training_data": "(x, y)",
    "validation_data": "(xv, yv)", "labels": "['a']", "predictions": "5",
    "generator": "iter([(x, y)])", "input_type": "'image'", "output_type": "'label'",
    "log_evaluation": "True", "validation_steps": "2", "class_colors": "[1]",
    "log_batch_frequency": "3", "log_best_prefix": "'top_'", "save_graph": "False",
    "validation_indexes": "[0]", "infer_missing_processors": "False",
    "log_evaluation_frequency": "1", "compute_flops": "True", "unknown": "1", "data_type": "'image'",
}  # fmt: skip
PLACES = {
    "inline": "model.fit(x, y, validation_data=(xv, yv), callbacks=[ES(), <call>])",
    "name": "cb = <call>\nmodel.fit(x, y, callbacks=[cb])",
}


def _two():
    names = list(IMPURE)
    for first, second in zip(names, names[5:] + names[:5]):
        yield f"{first} then {second}", _call(first, second)
    for first, second in zip(names, names[1:] + names[:1]):
        yield f"{second} then {first}", _call(second, first)
    # pairs whose parts stand in another order than their arguments
    for first, second in [
        ("save_model", "save_graph"), ("log_best_prefix", "log_weights"), ("monitor", "labels"),
        ("verbose", "monitor"), ("labels", "training_data"), ("save_model", "monitor"),
        ("save_graph", "compute_flops"), ("log_batch_frequency", "input_type"),
        ("mode", "monitor"), ("save_weights_only", "verbose"), ("save_model", "log_weights"),
        ("validation_data", "log_evaluation"), ("input_type", "log_evaluation"),
    ]:  # fmt: skip
        yield f"also {first} then {second}", _call(first, second)


def _call(*names, extra=""):
    given = [f"{name}=say({name!r}, {IMPURE[name]})" for name in names]
    return f"W({', '.join(given)}{extra})"


ONE = {name: _call(name) for name in IMPURE}
NEEDED = {
    "labels with pictures": "W(input_type='image', labels=say('labels', ['a']))",
    "labels with both": "W(input_type='image', log_evaluation=True, labels=say('labels', ['a']))",
    "labels without": "W(labels=say('labels', ['a']))",
    "data with both": "W(input_type='image', log_evaluation=True, validation_data=(xv, say('data', yv)))",
    "data with pictures": "W(input_type='image', validation_data=(xv, say('data', yv)))",
    "data of a call with both": "W(input_type='image', log_evaluation=True, validation_data=say('data', (xv, yv)))",
    "data without": "W(validation_data=say('data', (xv, yv)))",
    "training data with gradients": "W(log_gradients=True, training_data=say('data', (x, y)))",
    "training data without": "W(training_data=say('data', (x, y)))",
    "training data of next": "W(training_data=next(it))",
    "training data of next with gradients": "W(log_gradients=True, training_data=next(it))",
    "monitor with both": "W(monitor=say('monitor', 'loss'))",
    "monitor with none": "W(monitor=say('monitor', 'loss'), save_model=False, log_best_prefix=None)",
    "mode with none": "W(mode=say('mode', 'max'), save_model=False, log_best_prefix=None)",
    "mode with both": "W(mode=say('mode', 'max'))",
    "verbose with none": "W(verbose=say('verbose', 1), save_model=False, log_best_prefix=None)",
    "verbose with a flag": "W(verbose=say('verbose', 1), save_model=say('save', False))",
    "weights with no model": "W(save_weights_only=say('weights', True), save_model=False)",
    "weights with a flag": "W(save_weights_only=say('weights', True), save_model=say('save', True))",
    "prefix with both": "W(log_best_prefix=say('prefix', 'top_'))",
    "prefix without model": "W(log_best_prefix=say('prefix', 'top_'), save_model=False)",
    "predictions without": "W(predictions=say('predictions', 3))",
    "predictions capped": "W(input_type='image', predictions=say('predictions', 300))",
    "generator without": "W(generator=say('generator', it))",
    "steps without": "W(validation_steps=say('steps', 3))",
    "colors without": "W(class_colors=say('colors', []))",
    "indexes without": "W(validation_indexes=say('indexes', []))",
    "processor without": "W(validation_row_processor=say('processor'))",
    "unknown": "W(log_model=say('unknown', True))",
    "unknown of two": "W(log_model=say('unknown', True), other=say('other'))",
    "data type and input type": "W(data_type=say('data', 'image'), input_type=say('input', 'label'))",
    "data type first": "W(data_type=say('data', None), input_type=say('input', 'image'))",
    "output processor": "W(log_evaluation=True, output_row_processor=say('row'))",
    "a conditional table": "W(log_evaluation=say('table', False), labels=say('labels', ['a']))",
    "a conditional pictures": "W(input_type=say('kind', None), labels=say('labels', ['a']))",
    "a conditional gradient": "W(log_gradients=say('flag', False), training_data=say('data', (x, y)))",
    "a conditional gradient true": "W(log_gradients=say('flag', True), training_data=say('data', (x, y)))",
    "frequency": "W(log_batch_frequency=say('every', 0))",
    "a walrus": "W(monitor=(m := 'loss'))",
    "a walrus used": "W(monitor=(m := 'loss'), log_best_prefix=m)",
    "a list made": "W(labels=[say(n, n) for n in 'ab'], input_type='image', log_evaluation=True)",
    "an attribute": "W(monitor=config.monitor)",
    "an attribute twice": "W(monitor=config.monitor, verbose=config.verbose)",
    "a subscript": "W(monitor=settings['monitor'])",
    "a property": "W(save_model=config.save)",
    "a positional": "W(say('monitor', 'loss'), say('verbose', 1))",
    "all positional": "W('loss', 1, 'min', False, False, False, say('save', True))",
    "an operator": "W(log_batch_frequency=say('a', 6) // say('b', 2))",
    "a conditional expression": "W(save_model=say('a', True) if x else say('b', False))",
    "a lambda": "W(log_evaluation=True, validation_row_processor=lambda i, row: say('row', {}))",
    "an fstring": "W(monitor=f\"{say('m', 'loss')}\")",
    "a raising one": "W(labels=[1 / 1][0:0] or say('labels'))",
}
BEFORE = """\
it = iter([(x, y), (xv, yv)])
settings = {'monitor': 'loss'}
class Config:
    verbose = 1
    @property
    def monitor(self):
        print('get monitor')
        return 'loss'
    @property
    def save(self):
        print('get save')
        return True
config = Config()
"""
AFTER = "\nprint(next(it, None))"

PROGRAMS = [
    *product(SAY + BEFORE + "<place>" + AFTER, place=PLACES, call={**ONE, **dict(_two())}),
    *product(
        SAY + BEFORE + "<place>" + AFTER,
        place={f"needed {k}": v for k, v in PLACES.items()},
        call=NEEDED,
    ),
    *product(
        SAY + BEFORE + "<place>" + AFTER,
        place={
            "returned": "def make():\n    return <call>\nmodel.fit(x, y, callbacks=[make(), make()])",
            "in a loop": "for _ in range(2):\n    model.fit(x, y, callbacks=[<call>, ES()])",
            "in a condition": "model.fit(x, y, callbacks=[<call>] if x else [])",
            "not reached": "model.fit(x, y, callbacks=[<call>] if not x else [ES()])",
            "in a lambda": "make = lambda: <call>\nmodel.fit(x, y, callbacks=[make()])",
            "in a default": "def train(cb=<call>):\n    model.fit(x, y, callbacks=[cb])\ntrain()\ntrain()",
            "after another": "model.fit(x, y, callbacks=[say('first', ES()), <call>, say('last', ES())])",
            "in a comprehension": "model.fit(x, y, callbacks=[<call> for n in range(2)])",
            "in an append": "cbs = []\nsay('before', cbs).append(<call>)\nmodel.fit(x, y, callbacks=cbs)",
            "in a class": "class Box:\n    cb = <call>\nmodel.fit(x, y, callbacks=[Box.cb])",
        },
        call={
            k: NEEDED[k]
            for k in (
                "data of a call with both",
                "labels with both",
                "training data without",
                "monitor with both",
                "unknown",
                "a conditional gradient",
            )
        },
    ),
    *read("""
## a raising argument
#fails
def wrong():
    print("wrong")
    raise ValueError("no")
model.fit(x, y, callbacks=[W(training_data=wrong())])

## a raising argument that is caught
def wrong():
    raise ValueError("no")
try:
    cb = W(labels=wrong())
except ValueError as error:
    print(error)
    cb = ES()
model.fit(x, y, callbacks=[cb])

## a missing key that is caught
settings = {}
try:
    cb = W(labels=settings["labels"])
except KeyError as error:
    print("missing", error)
    cb = ES()
model.fit(x, y, callbacks=[cb])

## gradients without data
#fails
model.fit(x, y, callbacks=[W(log_gradients=True)])

## gradients without data that are caught
try:
    cb = W(log_gradients=True)
except ValueError:
    cb = ES()
model.fit(x, y, callbacks=[cb])

## gradients with a triple
#fails
model.fit(x, y, callbacks=[W(log_gradients=True, training_data=(x, y, 1))])

## without a run
#fails
wandb.finish()
model.fit(x, y, callbacks=[W()])

## without a run that is caught
wandb.finish()
try:
    cb = W()
except wandb.Error:
    cb = ES()
    print("no run")
model.fit(x, y, callbacks=[cb])

## too many arguments
#fails
model.fit(x, y, callbacks=[W(*range(30))])

## an argument twice
#fails
model.fit(x, y, callbacks=[W("loss", monitor="val_loss")])

## an await
import asyncio
async def ask():
    print("ask")
    return True
async def main():
    model.fit(x, y, callbacks=[W(save_model=await ask(), log_weights=await ask())])
asyncio.run(main())

## a yield
def main():
    cb = W(save_model=(yield "save"), labels=(yield "labels"))
    model.fit(x, y, callbacks=[cb])
asking = main()
print(next(asking))
print(asking.send(True))
try:
    asking.send(["a"])
except StopIteration:
    print("done")

## a counter
counter = iter(range(10))
model.fit(x, y, callbacks=[W(log_batch_frequency=next(counter) + 1), W(log_batch_frequency=next(counter) + 1)])
print(next(counter))

## a pop
settings = {"monitor": "loss", "labels": ["a"]}
model.fit(x, y, callbacks=[W(monitor=settings.pop("monitor"), labels=settings.pop("labels"))])
print(settings)

## a pop that is dropped
settings = {"labels": ["a"]}
model.fit(x, y, callbacks=[W(labels=settings.pop("labels"))])
print(settings)

## a call between construction and fit
it = iter([1, 2])
cb = W(log_batch_frequency=next(it))
print(next(it))
model.fit(x, y, callbacks=[cb])

## a value that changes between construction and fit
labels = ["a"]
cb = W(input_type="image", labels=labels)
labels.append("b")
model.fit(x, y, callbacks=[cb])

## a name that changes between construction and fit
every = 3
cb = W(log_batch_frequency=every)
every = 5
model.fit(x, y, callbacks=[cb])

## data of fit that is made later
cb = W(log_evaluation=True)
xv, yv = [7, 8], [1, 1]
model.fit(x, y, validation_data=(xv, yv), callbacks=[cb])

## data of fit with an effect
def load():
    print("load")
    return [7, 8]
model.fit(x, y, validation_data=(load(), yv), callbacks=[W(log_evaluation=True)])

## data of fit in pictures
model.fit(x, y, validation_data=(xv, yv), callbacks=[W(input_type="image")])

## data of fit in both
model.fit(x, y, validation_data=(xv, yv), callbacks=[W(data_type="image", log_evaluation=True, labels=["a"])])

## data of fit of a name
data = (xv, yv)
model.fit(x, y, validation_data=data, callbacks=[W(log_evaluation=True)])

## data that is a generator
def batches():
    print("start")
    yield xv, yv
model.fit(x, y, callbacks=[W(log_evaluation=True, generator=batches(), validation_steps=1)])

## one hot labels used by pictures and table
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
cb = W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))
model.fit(x, y, callbacks=[cb])

## one hot labels used by pictures and table, inline
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
model.fit(x, y, callbacks=[ES(), W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))])

## one hot labels after an effect
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
def stop():
    print("stop")
    return EarlyStopping()
model.fit(x, y, callbacks=[stop(), W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))])

## one hot labels in a condition
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
if not x:
    cb = W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))
else:
    cb = ES()
model.fit(x, y, callbacks=[cb])

## one hot labels in one line
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
if x: cb = W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))
model.fit(x, y, callbacks=[cb])

## one hot labels in a loop
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
for n in range(2):
    cb = W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))
    model.fit(x, y, callbacks=[cb])

## one hot labels in a short circuit
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
cb = x and W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))
model.fit(x, y, callbacks=[cb])

## one hot labels in a while condition
def one_hot(values):
    print("one hot")
    return [[v] for v in values]
done = []
while len(done) < 2 and not done.append(W(input_type="image", log_evaluation=True, validation_data=(xv, one_hot(yv)))):
    pass
print(len(done))

## exception in dropped attribute
class C: pass
try:
    cb = W(labels=C.nope)
except AttributeError:
    print("no attr")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## name error in dropped
try:
    cb = W(labels=undefined_name)
except NameError:
    print("name")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## index error in dropped
try:
    cb = W(training_data=x[10])
except IndexError:
    print("index")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## zero division dropped
try:
    cb = W(validation_steps=1 // 0)
except ZeroDivisionError:
    print("zero")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## wandb config missing attr
try:
    cb = W(labels=wandb.config.labels)
except AttributeError:
    print("missing")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## missing key in a function that is guarded
settings = {}
def make():
    return W(labels=settings["labels"])
def build():
    return [make()]
try:
    cbs = build()
except KeyError as error:
    print("missing", error)
    cbs = [ES()]
model.fit(x, y, callbacks=cbs)

## missing key in a constructor that is guarded
settings = {}
class T:
    def __init__(self):
        self.cb = W(labels=settings["labels"])
try:
    cbs = [T().cb]
except (KeyError, ValueError) as error:
    print("missing", error)
    cbs = [ES()]
model.fit(x, y, callbacks=cbs)

## missing key that is suppressed
import contextlib
settings = {}
cbs = [ES()]
with contextlib.suppress(KeyError):
    cbs.append(W(labels=settings["labels"]))
model.fit(x, y, callbacks=cbs)

## a division that is guarded and conditional
n = 0
try:
    cb = W(save_model=bool(n), save_weights_only=1 / n > 0)
except ZeroDivisionError:
    print("zero")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## an import that is guarded is another matter
settings = {"labels": ["a"]}
try:
    from wandb.keras import WandbCallback
    cb = WandbCallback(labels=settings["labels"])
except ImportError:
    cb = ES()
model.fit(x, y, callbacks=[cb])

## what may raise where that is caught: a label that is computed
names, size = None, 0
def make(n):
    if n == 0: return W(labels="a" + size)
    if n == 1: return W(labels=-"a")
    if n == 2: return W(labels="a" < size)
    if n == 3: return W(labels={**names})
    if n == 4: return W(labels=[f"{'a':d}"])
    if n == 5: return W(labels={(): [], names[1:]: 1})
    if n == 6: return W(validation_steps=size ** -1)
    if n == 7: return W(labels={x})
    return W(labels=later)
for n in range(9):
    try:
        cb = make(n)
    except Exception as error:
        print(n, type(error).__name__)
        cb = ES()
    model.fit(x, y, callbacks=[cb])

## a name that has no value yet
def train():
    try:
        cb = W(labels=NAMES)
    except NameError:
        print("no names")
        cb = ES()
    model.fit(x, y, callbacks=[cb])
train()
NAMES = ["a"]
train()

## a name that has a value on one way
if not x:
    names = ["a"]
try:
    cb = W(labels=names)
except NameError:
    print("no names")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## a name that was deleted
names = ["a"]
del names
try:
    cb = W(labels=names)
except NameError:
    print("no names")
    cb = ES()
model.fit(x, y, callbacks=[cb])

## names that surely have a value stay out of it
names = ["a"]
try:
    data = (xv, yv)
    cb = W(labels=names, validation_data=data)
except Exception:
    cb = ES()
model.fit(x, y, callbacks=[cb])

## a monitor that is missing, and no part is made before
d, cbs = {}, []
try:
    cbs.append(W(log_weights=True, monitor=d["monitor"]))
except KeyError as error:
    print("skip", error)
print(len(cbs))

## a flag that is missing among the parts
d, cbs = {}, []
try:
    cbs += [W(log_weights=True, compute_flops=d["flops"])]
except KeyError as error:
    print("skip", error)
print(len(cbs))

## a context of the program's own swallows it
class Swallow:
    def __enter__(self):
        return self
    def __exit__(self, *error):
        print("swallowed", error[0])
        return True
d, cb = {}, None
with Swallow():
    cb = W(labels=d["labels"])
print(cb is None)

## a context that is a generator swallows it
import contextlib
@contextlib.contextmanager
def ignore():
    try:
        yield
    except Exception as error:
        print("ignored", type(error).__name__)
d, cbs = {}, [ES()]
with ignore():
    cbs.append(W(training_data=d["t"]))
model.fit(x, y, callbacks=cbs)

## a stack of contexts swallows it
import contextlib
d, cbs = {}, [ES()]
with contextlib.ExitStack() as stack:
    stack.enter_context(contextlib.suppress(KeyError))
    cbs.append(W(training_data=d["t"]))
model.fit(x, y, callbacks=cbs)

## a decorator swallows it
def safe(function):
    def inner():
        try:
            return function()
        except Exception as error:
            print("failed", error)
    return inner
d = {}
@safe
def train():
    model.fit(x, y, callbacks=[W(labels=d["labels"])])
train()

## a function that runs another swallows it
d = {}
def train():
    model.fit(x, y, callbacks=[W(labels=d["labels"])])
def run(function):
    try:
        function()
    except KeyError as error:
        print("failed", error)
run(train)

## a future holds it
from concurrent.futures import ThreadPoolExecutor
d = {}
def train():
    model.fit(x, y, callbacks=[W(labels=d["labels"])])
with ThreadPoolExecutor() as pool:
    print(repr(pool.submit(train).exception()))

## a lambda is called where it is caught
d = {}
make = lambda: W(labels=d["labels"])
try:
    cbs = [make()]
except KeyError:
    print("key")
    cbs = []
model.fit(x, y, callbacks=cbs)

## a generator is drawn where it is caught
ds = [{}, {"labels": ["a"]}]
made = (W(labels=d["labels"]) for d in ds)
try:
    cbs = list(made)
except KeyError:
    print("key")
    cbs = [ES()]
model.fit(x, y, callbacks=cbs)

## a constructor is run by a class below it
class Base:
    def __init__(self, d):
        self.cb = W(labels=d["labels"])
class Sub(Base):
    pass
try:
    made = Sub({})
except KeyError:
    print("key")
    made = None
print(made is None)

## a dictionary that makes what is missing
from collections import defaultdict
cfg = defaultdict(list)
model.fit(x, y, callbacks=[W(labels=cfg["labels"])])
print(dict(cfg))

## another file calls a method where it is caught
#--- main.py
import jobs
try:
    jobs.T({}).train(model)
except KeyError as e:
    print("failed", e)
#--- jobs.py
from wandb.keras import WandbCallback
class T:
    def __init__(self, d):
        self.d = d
    def cbs(self):
        return [WandbCallback(labels=self.d["labels"])]
    def train(self, model):
        model.fit([1], callbacks=self.cbs())

## another file makes an object where it is caught
#--- main.py
from jobs import T
t = None
try:
    t = T({})
except KeyError as e:
    print("failed", e)
print(t is None)
#--- jobs.py
from wandb.keras import WandbCallback
class T:
    def __init__(self, d):
        self._cb = WandbCallback(labels=d["labels"])
    def train(self, model):
        model.fit([1], callbacks=[self._cb])

## a decorator of another file
#--- main.py
from safe import safe
d = {}
@safe
def train():
    model.fit(x, y, callbacks=[W(labels=d["labels"])])
train()
#--- safe.py
def safe(f):
    def inner(*a):
        try:
            return f(*a)
        except Exception as e:
            print("failed", e)
    return inner

## a test in another file
#--- test_jobs.py
import contextlib
import jobs
with contextlib.suppress(KeyError):
    jobs.logger({})
    print("not here")
#--- jobs.py
from wandb.keras import WandbCallback
def logger(d):
    return WandbCallback(labels=d["labels"], save_model=False)

## fit in a try with config
wandb.init(config={"labels": ["a"], "monitor": "loss", "save": True})
config = wandb.config
try:
    model.fit(x, y, validation_data=(xv, yv), callbacks=[
        EarlyStopping(monitor="loss", patience=3),
        W(monitor=config.monitor, labels=config.labels, save_model=config.save),
    ])
except Exception:
    print("stopped")

## fit in a try with config that is missing
wandb.init(config={"labels": ["a"], "save": True})
config = wandb.config
try:
    model.fit(x, y, validation_data=(xv, yv), callbacks=[
        EarlyStopping(monitor="loss", patience=3),
        W(monitor=config.monitor, labels=config.labels, save_model=config.save),
    ])
except AttributeError as e:
    print("stopped", e)

## an effect after a Keras callback
def load():
    print("load")
    return ["a"]
model.fit(x, y, callbacks=[EarlyStopping(patience=2), W(labels=load()), LambdaCallback(on_train_end=lambda logs: print("end"))])

## an effect after a Keras callback of tf
import tensorflow as tf
def load():
    print("load")
    return ["a"]
model.fit(x, y, callbacks=[tf.keras.callbacks.ReduceLROnPlateau(), W(labels=load(), monitor=load() and "loss")])

## an effect after a Keras callback that reads
n = [1]
def load():
    n.append(2)
    return ["a"]
model.fit(x, y, callbacks=[EarlyStopping(patience=n[-1]), W(labels=load())])

## an effect after a Keras callback under its own name
class EarlyStopping(Callback):
    def __init__(self):
        super().__init__()
        print("mine")
def load():
    print("load")
    return ["a"]
model.fit(x, y, callbacks=[EarlyStopping(), W(labels=load())])

## an effect in an augmented list
def load(v):
    print("load", v)
    return v
cbs = [ES()]
cbs += [W(labels=load(2))]
model.fit(x, y, callbacks=cbs)

## an effect in an augmented list of a subscript
def load(v):
    print("load", v)
    return v
d = {"c": [ES()]}
d[load("c")] += [W(labels=load(2))]
model.fit(x, y, callbacks=d["c"])

## an effect in an augmented list that is rebound
def load(v):
    global cbs
    cbs = []
    return v
cbs = [ES()]
cbs += [W(labels=load(2))]
print(len(cbs))

## an effect in a fit whose history is read
def load(v):
    print("load", v)
    return v
h = model.fit(x, y, callbacks=[W(labels=load(2))]).history
print("history", model.fit(x, y, callbacks=[W(labels=load(3))]).history)

## reads after an effect
state = {"n": 0}
def bump():
    state["n"] += 1
    return state["n"]
cb = W(log_batch_frequency=bump(), predictions=state["n"], input_type="image", monitor=state and "loss")
model.fit(x, y, callbacks=[cb])

## reads after an effect that is dropped
state = {"m": "loss"}
def load():
    state["m"] = "val_loss"
    return []
model.fit(x, y, callbacks=[W(labels=load(), monitor=state["m"])])

## a list rebound by an argument
def load(v):
    global cbs
    cbs = []
    return v
cbs = [EarlyStopping()]
model.fit(x, y, callbacks=cbs + [W(labels=load(2))])

## a monitor rebound by an argument
m = "loss"
def load(v):
    global m
    m = "val_loss"
    return v
model.fit(x, y, callbacks=[W(monitor=m, labels=load(2))])

## a local rebound by an argument
def train():
    n = 1
    def load():
        nonlocal n
        n = 7
        return ["a"]
    model.fit(x, y, callbacks=[W(log_batch_frequency=n, labels=load())])
train()

## a keras callback patched
def load():
    print("load")
    return ["a"]
old = EarlyStopping.__init__
def init(self, *a, **k):
    print("init")
    old(self, *a, **k)
EarlyStopping.__init__ = init
model.fit(x, y, callbacks=[EarlyStopping(), W(labels=load())])

## a keras callback mocked
from unittest import mock
import keras.callbacks
def load():
    print("load")
    return ["a"]
class Loud(EarlyStopping):
    def __init__(self):
        super().__init__()
        print("loud")
with mock.patch("keras.callbacks.EarlyStopping", Loud):
    model.fit(x, y, callbacks=[keras.callbacks.EarlyStopping(), W(labels=load())])

## a keras callback whose argument the call changes
opts = {"patience": 1}
def load():
    opts["patience"] = 9
    return ["a"]
model.fit(x, y, callbacks=[EarlyStopping(**opts), W(labels=load())])

## a keras callback with a list the call changes
names = ["a"]
def load():
    names.append("b")
    return names
model.fit(x, y, callbacks=[EarlyStopping(names=names), W(labels=load())])

## hoist in a conditional element
def load():
    print("load")
use = False
model.fit(x, y, callbacks=[EarlyStopping(), *([W(labels=load())] if use else [])])

## hoist with a chained fit
def load():
    print("load")
class M(Sequential):
    def fit(self, *a, **k):
        print("fit")
        super().fit(*a, **k)
        return self
m = M()
m.fit(x, y, callbacks=[W(labels=load())]).fit(xv, yv, callbacks=[EarlyStopping()])

## hoist with an attribute of a property
def load():
    print("load")
class H:
    @property
    def m(self):
        print("m")
        return model
h = H()
h.m.fit(x, y, callbacks=[W(labels=load())])

## validation pair in a try
d = {"xv": xv}
try:
    cb = W(input_type="image", log_evaluation=True, validation_data=(d["xv"], d["yv"]))
except KeyError:
    cb = W()
model.fit(x, y, callbacks=[cb])
"""),
]
