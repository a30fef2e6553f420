"""15. append and insert become extend and slices: receivers, parentheses, comments, lines."""

from programs import product, read

RECEIVERS = {
    "name": "cbs",
    "parentheses": "(cbs)",
    "double parentheses": "((cbs))",
    "parentheses on lines": "(\n    cbs\n)",
    "parentheses with a comment": "(  # the list\n    cbs\n)",
    "attribute": "box.cbs",
    "attribute in parentheses": "(box.cbs)",
    "attribute on lines": "(\n    box\n    .cbs\n)",
    "item": "by['cbs']",
    "item in parentheses": "(by['cbs'])",
    "call": "get()",
    "chained": "box.me().me().cbs",
    "chained on lines": "(\n    box\n    .me()  # one\n    .me()  # two\n    .cbs\n)",
    "conditional": "(cbs if x else [])",
    "walrus": "(more := cbs)",
    "or": "(None or cbs)",
}
METHODS = {
    "append": "<receiver>.append(W())",
    "append on lines": "<receiver>.append(\n    W()\n)",
    "append with a comment": "<receiver>.append(  # logger\n    W()  # best\n)",
    "append with a comment after": "<receiver>.append(\n    W(),\n    # nothing more\n)",
    "append in parentheses": "<receiver>.append((W()))",
    "append with spaces": "<receiver> . append ( W() )",
    "insert": "<receiver>.insert(0, W())",
    "insert on lines": "<receiver>.insert(\n    0,  # first\n    W(),  # logger\n)",
    "insert in parentheses": "<receiver>.insert((0), (W()))",
    "insert behind": "<receiver>.insert(1, W())",
    "insert at an expression": "<receiver>.insert(len(cbs) - 1, W())",
    "insert before the last": "<receiver>.insert(-1, W())",
    "extend": "<receiver>.extend([W()])",
    "extend by a tuple": "<receiver>.extend((W(), ES(patience=2)))",
    "augmented": "cbs += [W()]",
    "augmented in parentheses": "cbs += ([W()])",
    "augmented on lines": "cbs += [  # more\n    W(),  # logger\n]",
    "name appended": "cb = W()\n<receiver>.append(cb)",
    "name inserted": "cb = W()\n<receiver>.insert(0, cb)",
    "append with a semicolon": "<receiver>.append(W()); print('done')",
    "append in one line": "if x: <receiver>.append(W())",
    "insert in one line": "if x: <receiver>.insert(0, W())",
    "append of a conditional": "<receiver>.append(W() if x else ES())",
    "append twice in a line": "<receiver>.append(W()); <receiver>.append(W(save_model=False))",
}
SETTING = """\
cbs = [ES()]
by = {"cbs": cbs}
class Box:
    def __init__(self):
        self.cbs = cbs
    def me(self):
        return self
box = Box()
def get():
    return cbs
"""

PROGRAMS = [
    *[
        p
        for p in product(
            SETTING + "<method>\nmodel.fit(x, y, callbacks=cbs)", method=METHODS, receiver=RECEIVERS
        )
        if "augmented" not in p.name or p.name.endswith(" name")
    ],
    *read("""
## a local list only
def train():
    callbacks = []
    callbacks.append(W())
    callbacks.insert(0, W(save_model=False))
    model.fit(x, y, callbacks=callbacks)
train()

## a local list in parentheses
def train():
    callbacks = [ES()]
    (callbacks).insert(0, W())
    (callbacks).append(W(log_weights=True))
    model.fit(x, y, callbacks=callbacks)
train()

## a local list on lines
def train():
    callbacks = [ES()]
    (
        callbacks
        # the logger comes first
        .insert(
            0,
            W(),
        )
    )
    model.fit(x, y, callbacks=callbacks)
train()

## with tabs
def train():
\tcallbacks = [ES()]
\tif x:
\t\tcallbacks.append(
\t\t\tW(),
\t\t)
\tmodel.fit(x, y, callbacks=callbacks)
train()

## backslashes
cbs = [ES()]
cbs \\
    .append(W())
model.fit(x, y, callbacks=cbs)

## a comment after
cbs = [ES()]
cbs.insert(0, W())  # first
model.fit(x, y, callbacks=cbs)

## in a lambda
cbs = [ES()]
add = lambda: cbs.append(W())
add()
model.fit(x, y, callbacks=cbs)

## in a with
import contextlib
cbs = []
with contextlib.suppress(ValueError): cbs.append(W())
model.fit(x, y, callbacks=cbs)

## in a try
cbs = []
try: cbs.append(W())
except ValueError: pass
model.fit(x, y, callbacks=cbs)

## in a match
cbs = []
match x:
    case [1, 2]: cbs.append(W())
    case _: pass
model.fit(x, y, callbacks=cbs)

## in a loop else
cbs = []
for _ in x: pass
else: cbs.append(W())
model.fit(x, y, callbacks=cbs)

## as a default value
cbs = []
def train(done=cbs.append(W())):
    print(done)
    model.fit(x, y, callbacks=cbs)
train()

## in an assertion
cbs = []
assert cbs.append(W()) is None
model.fit(x, y, callbacks=cbs)

## in a return
cbs = []
def add():
    return cbs.append(W())
print(add())
model.fit(x, y, callbacks=cbs)

## of an unpacked list
first, *cbs = [ES(), ES()]
cbs.append(W())
model.fit(x, y, callbacks=cbs)

## of a tuple that is added to
cbs = (ES(),)
cbs += (W(),)
model.fit(x, y, callbacks=cbs)

## of a tuple that is added to in a name
cbs = (ES(),)
cb = W()
cbs = cbs + (cb,)
model.fit(x, y, callbacks=cbs)

## of a list that is added to from the left
cbs = [ES()]
cbs = [W()] + cbs
model.fit(x, y, callbacks=cbs)

## of a sum
cbs = sum([[W()], [ES()]], [])
model.fit(x, y, callbacks=cbs)

## of a sum counted
cbs = sum([[W()], [ES()]], [])
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## by slice assignment
cbs = [ES()]
cbs[0:0] = [W()]
model.fit(x, y, callbacks=cbs)

## by slice assignment at the end
cbs = [ES()]
cbs[len(cbs):] = [W()]
model.fit(x, y, callbacks=cbs)

## by slice assignment of an extended slice
cbs = [ES(), ES(patience=1)]
cbs[::2] = [W()]
model.fit(x, y, callbacks=cbs)

## by a method of the class
cbs = [ES()]
list.append(cbs, W())
list.insert(cbs, 0, W(save_model=False))
model.fit(x, y, callbacks=cbs)

## by an operator
import operator
cbs = [ES()]
cbs = operator.iadd(cbs, [W()])
model.fit(x, y, callbacks=cbs)

## by bisect
import bisect
cbs = []
bisect.insort(cbs, W())
cbs.append(ES())
model.fit(x, y, callbacks=cbs)

## by partial
from functools import partial
cbs = []
add = partial(cbs.append, W())
add()
model.fit(x, y, callbacks=cbs)

## by map
cbs = []
list(map(cbs.append, [W(), ES()]))
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## by map, not counted
cbs = []
list(map(cbs.append, [W(), ES()]))
model.fit(x, y, callbacks=cbs)

## through an alias
cbs = [ES()]
alias = cbs
alias.append(W())
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## through an alias not counted
cbs = [ES()]
alias = cbs
alias.append(W())
model.fit(x, y, callbacks=cbs)
"""),
]
