"""13. Pragmas: a line that has one is left as it is, and the program runs as before."""

from programs import product, read

PRAGMAS = {
    "bare": "  # wandb-keras: ignore",
    "its code": "  # wandb-keras: ignore[WKM101, WKM102]",
    "call code": "  # wandb-keras: ignore[WKM101]",
    "import code": "  # wandb-keras: ignore[WKM102]",
    "kept code": "  # wandb-keras: ignore[WKM408]",
    "changed code": "  # wandb-keras: ignore[WKM201, WKM202]",
    "lost code": "  # wandb-keras: ignore[WKM303]",
    "unused code": "  # wandb-keras: ignore[WKM207]",
    "unknown code": "  # wandb-keras: ignore[WKM999]",
    "after noqa": "  # noqa: E501  # wandb-keras: ignore",
}
PROGRAM = {
    "on a call": "model.fit(x, y, callbacks=[W()])<pragma>",
    "on an assignment": "cbs = [W(), ES()]<pragma>\nmodel.fit(x, y, callbacks=cbs)",
    "on a name": "cb = W()<pragma>\nmodel.fit(x, y, callbacks=[cb])",
    "on the use of a name": "cb = W()\nmodel.fit(x, y, callbacks=[cb])<pragma>",
    "on one of two": "model.fit(x, y, callbacks=[W()])<pragma>\nmodel.fit(x, y, callbacks=[W(), ES()])",
    "on one of two names": "a = W()<pragma>\nb = W()\nmodel.fit(x, y, callbacks=[a, b])",
    "on the import": "from wandb.keras import WandbCallback<pragma>\nmodel.fit(x, y, callbacks=[WandbCallback()])",
    "on the import of an alias": "from wandb.keras import WandbCallback as Logger<pragma>\nmodel.fit(x, y, callbacks=[Logger()])",
    "on the import of a module": "import wandb.keras<pragma>\nmodel.fit(x, y, callbacks=[wandb.keras.WandbCallback()])",
    "on the import of wandb": "import wandb<pragma>\nmodel.fit(x, y, callbacks=[wandb.keras.WandbCallback()])",
    "on an unused import": "from wandb.keras import WandbCallback<pragma>\nmodel.fit(x, y)",
    "on one of two imports": "from wandb.keras import WandbCallback<pragma>\nfrom wandb.integration.keras import WandbCallback as Other\nmodel.fit(x, y, callbacks=[WandbCallback(), Other()])",
    "on a line of an import": "from wandb.keras import (\n    WandbCallback,<pragma>\n)\nmodel.fit(x, y, callbacks=[WandbCallback()])",
    "on the first line of an import": "from wandb.keras import (<pragma>\n    WandbCallback,\n)\nmodel.fit(x, y, callbacks=[WandbCallback()])",
    "on a line of a call": "model.fit(x, y, callbacks=[\n    W(\n        save_model=False,<pragma>\n    ),\n    ES(),\n])",
    "on the first line of a call": "model.fit(x, y, callbacks=[\n    W(<pragma>\n        save_model=False,\n    ),\n])",
    "on an element": "model.fit(x, y, callbacks=[\n    W(),<pragma>\n    ES(),\n])",
    "on another element": "model.fit(x, y, callbacks=[\n    W(),\n    ES(),<pragma>\n])",
    "on an append": "cbs = []\ncbs.append(W())<pragma>\nmodel.fit(x, y, callbacks=cbs)",
    "on one of two appends": "cbs = []\ncbs.append(W())<pragma>\ncbs.append(W())\nmodel.fit(x, y, callbacks=cbs)",
    "on a return": "def make():\n    return W()<pragma>\nmodel.fit(x, y, callbacks=[make()])",
    "on a branch": "if x:\n    cb = W()\nelse:\n    cb = W(save_model=False)<pragma>\nmodel.fit(x, y, callbacks=[cb])",
    "on a test of type": "cb = W()\nprint(isinstance(cb, W))<pragma>\nmodel.fit(x, y, callbacks=[cb])",
    "on a subclass": "class Mine(W):<pragma>\n    pass\nmodel.fit(x, y, callbacks=[Mine(), W()])",
    "on an annotation": "def train(cb: W):<pragma>\n    model.fit(x, y, callbacks=[cb])\ntrain(W())",
    "on a re-export": "from wandb.keras import WandbCallback<pragma>\n__all__ = ['WandbCallback']",
    "on the class as a value": "make = W<pragma>\nmodel.fit(x, y, callbacks=[make(), W()])",
    "on an import in try": "try:\n    from wandb.keras import WandbCallback<pragma>\nexcept ImportError:\n    WandbCallback = None\nmodel.fit(x, y, callbacks=[WandbCallback()])",
    "on an import in a function": "def make():\n    from wandb.keras import WandbCallback<pragma>\n    return WandbCallback()\nmodel.fit(x, y, callbacks=[make()])",
    "on a generator": "cbs = [cb for cb in [W()]]<pragma>\nmodel.fit(x, y, callbacks=cbs)",
}

PROGRAMS = [
    *product("<program>", program=PROGRAM, pragma=PRAGMAS),
    *read("""
## in a string
print("# wandb-keras: ignore")
model.fit(x, y, callbacks=[W(), ES()])

## on the line above
# wandb-keras: ignore
model.fit(x, y, callbacks=[W(), ES()])

## on several lines
from wandb.keras import WandbCallback  # wandb-keras: ignore
cb = WandbCallback()  # wandb-keras: ignore
cbs = [cb, ES()]  # wandb-keras: ignore
model.fit(x, y, callbacks=cbs)

## on the import, with the trio
from wandb.keras import WandbCallback, WandbMetricsLogger  # wandb-keras: ignore
model.fit(x, y, callbacks=[WandbCallback()])

## in a notebook
#--- main.ipynb
from wandb.keras import WandbCallback  # wandb-keras: ignore
# %%
model.fit(x, y, callbacks=[WandbCallback(), ES()])

## in a notebook on the use
#--- main.ipynb
model.fit(x, y, callbacks=[W(), ES()])  # wandb-keras: ignore
# %%
model.fit(x, y, callbacks=[W(), ES()])

## in another file
#--- main.py
from parts import logger
model.fit(x, y, callbacks=[logger()])  # wandb-keras: ignore
#--- parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()

## in another file on the holder
#--- main.py
from parts import logger
model.fit(x, y, callbacks=[logger()])
#--- parts.py
from wandb.keras import WandbCallback
def logger():
    return WandbCallback()  # wandb-keras: ignore

## on a two-line backslash
cbs = [W(), \\
       ES()]  # wandb-keras: ignore
model.fit(x, y, callbacks=cbs)

## pragma on except branch
try:
    from wandb.integration.keras import WandbCallback
except ImportError:
    from wandb.keras import WandbCallback  # wandb-keras: ignore
model.fit(x, y, callbacks=[WandbCallback()])

## pragma on with statement
import contextlib
with contextlib.nullcontext(W()) as cb:  # wandb-keras: ignore
    model.fit(x, y, callbacks=[cb])

## a star import with a pragma gives the class
from wandb.keras import *  # wandb-keras: ignore
model.fit(x, y, callbacks=[WandbCallback()])
"""),
]
