"""6. An element in parentheses, with comments and line breaks inside."""

from programs import product, read

ELEMENTS = {
    "plain": "(W())",
    "comment before": "(\n        # best\n        W()\n    )",
    "comment after": "(\n        W()  # best\n    )",
    "comment below": "(\n        W()\n        # best\n    )",
    "twice": "((W()))",
    "twice with comments": "(\n        (  # one\n            W()  # two\n        )\n    )",
    "lines": "(\n        W()\n    )",
    "arguments": "(\n        W(\n            save_model=False,  # small\n        )\n    )",
    "call on lines": "W(\n        # nothing\n    )",
    "conditional": "(W() if x else ES())",
    "conditional lines": "(\n        W()  # yes\n        if x\n        else ES()  # no\n    )",
    "walrus": "(cb := W())",
    "dotted": "(\n        wandb.keras.WandbCallback()  # best\n    )",
}
PLACES = {
    "alone": "model.fit(x, y, callbacks=[<element>])",
    "alone with comma": "model.fit(x, y, callbacks=[\n    <element>,\n])",
    "first": "model.fit(x, y, callbacks=[<element>, ES()])",
    "last": "model.fit(x, y, callbacks=[\n    ES(),\n    <element>\n])",
    "tuple": "model.fit(x, y, callbacks=(<element>, ES()))",
    "tuple of one": "model.fit(x, y, callbacks=(<element>,))",
    "value": "model.fit(x, y, callbacks=<element>)",
    "assigned": "cbs = [\n    <element>,  # logger\n    ES(),  # stop\n]\nmodel.fit(x, y, callbacks=cbs)",
    "name": "cb = <element>\nmodel.fit(x, y, callbacks=[cb, ES()])",
    "appended": "cbs = [ES()]\ncbs.append(<element>)\nmodel.fit(x, y, callbacks=cbs)",
    "extended": "cbs = [ES()]\ncbs += [<element>]\nmodel.fit(x, y, callbacks=cbs)",
    "returned": "def make():\n    return <element>\nmodel.fit(x, y, callbacks=[make()])",
    "returned list": "def make():\n    return [<element>]\nmodel.fit(x, y, callbacks=make())",
}

PROGRAMS = [
    *product("<place>", place=PLACES, element=ELEMENTS),
    *read("""
## list in parentheses
model.fit(x, y, callbacks=([W(), ES()]))

## list in parentheses with comments
model.fit(x, y, callbacks=(  # all
    [  # of
        W(),  # them
        ES(),
    ]
))

## callback in parentheses with a trailing comma
model.fit(x, y, callbacks=(
    # a tuple
    W(),
))

## tuple without parentheses
cbs = W(), ES()
model.fit(x, y, callbacks=cbs)

## tuple of one without parentheses
cbs = W(),
model.fit(x, y, callbacks=cbs)

## backslashes
cbs = \\
    [W(), \\
     ES()]
model.fit(x, y, callbacks=cbs)

## element with its index
model.fit(x, y, callbacks=[(W(), ES())[0]])

## element negated twice
model.fit(x, y, callbacks=[W()] if not (not x) else [])

## element of a concatenation
model.fit(x, y, callbacks=([ES()] + [(
    W()
)]))

## a comment between the elements
model.fit(x, y, callbacks=[
    # the first
    (W()),
    # the second
    ES(),
    # the end
])

## an empty line in between
model.fit(x, y, callbacks=[

    (

        W()

    ),

    ES(),
])

## the callee in parentheses
model.fit(x, y, callbacks=[(WandbCallback)()])

## the callee in parentheses with a comment
model.fit(x, y, callbacks=[(  # the class
    WandbCallback
)()])

## parenthesised import
from wandb.keras import (  # the logger
    # is this
    WandbCallback,  # here
)
model.fit(x, y, callbacks=[(WandbCallback())])

## a lambda around it
make = lambda: (W())
model.fit(x, y, callbacks=[make()])

## a lambda around it on lines
make = lambda: (
    # best
    W()
)
model.fit(x, y, callbacks=[make(), ES()])

## or in parentheses
cb = None
model.fit(x, y, callbacks=[(cb or W())])

## and in parentheses
model.fit(x, y, callbacks=[(x and W())])

## starred in parentheses
model.fit(x, y, callbacks=[*(W(), ES())])

## starred list
model.fit(x, y, callbacks=[*[W()], ES()])
"""),
]
