"""8. append and insert on what is no list."""

from programs import product, read

THINGS = {
    "list": "cbs = [ES()]",
    "list call": "cbs = list()",
    "callback list": "cbs = CallbackList([ES()])",
    "empty callback list": "cbs = CallbackList()",
    "deque": "from collections import deque\ncbs = deque([ES()])",
    "short deque": "from collections import deque\ncbs = deque([ES()], maxlen=1)",
    "own class": "class Bag:\n    def __init__(self):\n        self.found = []\n    def append(self, cb):\n        print('append')\n        self.found.append(cb)\n    def __iter__(self):\n        return iter(self.found)\ncbs = Bag()",
    "own list": "class Bag(list):\n    def append(self, cb):\n        print('append', len(self))\n        super().append(cb)\ncbs = Bag()",
    "counted list": "class Bag(list):\n    def extend(self, more):\n        raise TypeError('no')\ncbs = Bag()",
    "user list": "from collections import UserList\ncbs = UserList()",
    "array of lists": "from collections import defaultdict\nby = defaultdict(list)\ncbs = by['train']",
    "attribute": "class Box:\n    pass\nbox = Box()\nbox.cbs = []\ncbs = box.cbs",
    "function": "def make():\n    return []\ncbs = make()",
    "slot": "slots = {'cbs': []}\ncbs = slots['cbs']",
}
APPENDS = {
    "append": "cbs.append(W())",
    "append name": "cb = W()\ncbs.append(cb)",
    "append twice": "cbs.append(W())\ncbs.append(W(save_model=False))",
    "append perhaps": "if x:\n    cbs.append(W())",
    "append lambda": "add = cbs.append\nadd(W())",
}
ENDS = {
    "fit": "model.fit(x, y, callbacks=cbs if isinstance(cbs, CallbackList) else list(cbs))",
    "count": "print(sum(1 for _ in getattr(cbs, 'callbacks', cbs)))",
}
PARAMETERS = {
    "of a list": "add([ES()])",
    "of a callback list": "add(CallbackList([ES()]))",
    "of a deque": "from collections import deque\nadd(deque(maxlen=2))",
    "of an own class": "class Bag:\n    def append(self, cb):\n        print('append')\n    def insert(self, i, cb):\n        print('insert', i)\n    def extend(self, cbs):\n        print('extend', len(cbs))\n    def __iter__(self):\n        return iter(())\nadd(Bag())",
}
BODIES = {
    "append": "cbs.append(W())", "insert": "cbs.insert(0, W())",
    "extend": "cbs.extend([W()])", "augmented": "cbs += [W()]",
    "name": "cb = W()\ncbs.append(cb)",
}  # fmt: skip


def _impossible(program):
    """CallbackList has append alone; a deque with += and extend is fine."""
    name = program.name
    return (
        "callback list" in name and any(w in name for w in ("insert", "extend", "augmented"))
    ) or ("own class" in name and "augmented" in name)


PROGRAMS = [
    *product("<thing>\n<append>\n<end>", thing=THINGS, append=APPENDS, end=ENDS),
    *(
        p
        for p in product(
            "def add(cbs):\n    <body>\n    print(sum(1 for _ in getattr(cbs, 'callbacks', cbs)))\n<call>",
            body={f"parameter {name}": text for name, text in BODIES.items()},
            call=PARAMETERS,
        )
        if not _impossible(p)
    ),
    *read("""
## insert into a deque
from collections import deque
cbs = deque([ES()])
cbs.insert(0, W())
cbs.appendleft(ES())
print(len(cbs))
model.fit(x, y, callbacks=list(cbs))

## append left
from collections import deque
cbs = deque()
cbs.appendleft(W())
model.fit(x, y, callbacks=list(cbs))

## add to a set
cbs = set()
cbs.add(W())
print(len(cbs))
model.fit(x, y, callbacks=list(cbs))

## put into a queue
from queue import Queue
queue = Queue()
queue.put(W())
model.fit(x, y, callbacks=[queue.get()])

## register with an own method
class Trainer:
    def __init__(self):
        self.callbacks = []
    def add_callback(self, cb):
        self.callbacks.append(cb)
        print(len(self.callbacks))
trainer = Trainer()
trainer.add_callback(W())
model.fit(x, y, callbacks=trainer.callbacks)

## append to an attribute
class Trainer:
    def __init__(self):
        self.callbacks = []
        self.callbacks.append(W())
    def run(self):
        model.fit(x, y, callbacks=self.callbacks)
Trainer().run()

## append to an attribute of an own kind
class Bag:
    def append(self, cb):
        print("append")
class Trainer:
    def __init__(self):
        self.callbacks = Bag()
    def run(self):
        self.callbacks.append(W())
Trainer().run()

## append to an attribute of another's
class Trainer:
    def __init__(self, owner):
        owner.callbacks.append(W())
class Owner:
    callbacks = CallbackList([])
Trainer(Owner)
model.fit(x, y, callbacks=Owner.callbacks)

## append to the callbacks of a callback list
cl = CallbackList([])
cl.callbacks.append(W())
print(len(cl.callbacks))
model.fit(x, y, callbacks=cl)

## append to a callback list by hand
cl = CallbackList([], model=model)
cl.append(W())
cl.set_model(model)
cl.on_train_begin({})
cl.on_epoch_end(0, {"loss": 1})

## a list that becomes a callback list
cbs = []
cbs.append(W())
cbs = CallbackList(cbs)
model.fit(x, y, callbacks=cbs)

## either a list or a callback list
cbs = [] if not x else CallbackList()
cbs.append(W())
model.fit(x, y, callbacks=cbs)

## a list with a global
cbs = []
def add():
    cbs.append(W())
add()
model.fit(x, y, callbacks=cbs)

## a list with a default
def add(cbs=[]):
    cbs.append(W())
    return cbs
model.fit(x, y, callbacks=add())

## a list with a default counted
def add(cbs=[]):
    cbs.append(W())
    return len(cbs)
print(add(), add())

## a parameter that is counted after
def add(cbs):
    cbs.append(W())
mine = []
add(mine)
print(len(mine))
model.fit(x, y, callbacks=mine)

## a parameter with a default of None
def train(callbacks=None):
    callbacks = callbacks or []
    callbacks.append(W())
    model.fit(x, y, callbacks=callbacks)
train()
train([ES()])

## a parameter that is copied
def train(callbacks=()):
    callbacks = list(callbacks)
    callbacks.append(W())
    model.fit(x, y, callbacks=callbacks)
train()
train([ES()])

## append in a loop
cbs = []
for n in range(2):
    cbs.append(W(log_batch_frequency=n))
model.fit(x, y, callbacks=cbs)

## append in a loop counted
cbs = []
for n in range(2):
    cbs.append(W(log_batch_frequency=n))
    print(len(cbs))

## append in a comprehension
cbs = []
[cbs.append(W()) for _ in range(2)]
model.fit(x, y, callbacks=cbs)

## append whose value is used
cbs = []
print(cbs.append(W()))
model.fit(x, y, callbacks=cbs)

## append in a condition
cbs = []
x and cbs.append(W())
model.fit(x, y, callbacks=cbs)

## append to a copy
cbs = [ES()]
more = cbs[:]
more.append(W())
print(len(cbs))
model.fit(x, y, callbacks=more)

## append to an element
groups = [[], []]
groups[0].append(W())
model.fit(x, y, callbacks=groups[0])

## append to an element counted
groups = [[], []]
groups[0].append(W())
print([len(group) for group in groups])

## append to the result of a call
def group():
    return found
found = []
group().append(W())
model.fit(x, y, callbacks=found)

## append to a file-like
class Log:
    def append(self, *things):
        print(len(things))
Log().append(W())

## insert at the end
cbs = [ES(), ES()]
cbs.insert(len(cbs), W())
cbs.insert(-1, ES(patience=9))
model.fit(x, y, callbacks=cbs)

## insert at a negative place
cbs = [ES(), ES(patience=1)]
cbs.insert(-1, W())
model.fit(x, y, callbacks=cbs)

## insert at a place with an effect
def place():
    print("place")
    return 0
cbs = [ES()]
cbs.insert(place(), W())
model.fit(x, y, callbacks=cbs)

## insert beyond the end
cbs = [ES()]
cbs.insert(9, W())
model.fit(x, y, callbacks=cbs)

## insert with keywords is none
class Bag(list):
    def insert(self, index, object):
        print("insert", index)
        super().insert(index, object)
cbs = Bag()
cbs.insert(0, W())
model.fit(x, y, callbacks=list(cbs))

## plus parameter own
class Bag:
    def __add__(self, other):
        print(len(other))
        return list(other)
def run(m, cbs):
    m.fit(x, y, callbacks=cbs + [W()])
run(model, Bag())

## radd own
class Bag:
    def __radd__(self, other):
        print(len(other))
        return list(other)
model.fit(x, y, callbacks=[W()] + Bag())

## add operator on own class
class Bag:
    def __init__(self, *items):
        self.items = list(items)
    def __add__(self, other):
        print(len(other))
        return Bag(*self.items, *other)
    def __iadd__(self, other):
        print("iadd", len(other))
        self.items.extend(other)
        return self
b = Bag(ES())
b += [W()]
c = b + [W(save_model=False)]
model.fit(x, y, callbacks=c.items)
"""),
]
