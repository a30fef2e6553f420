"""14. Notebooks: magics, shells, cells that share names."""

from programs import product, read

MAGICS = {
    "time": "%%time\n<body>",
    "timeit with a setup": "%%timeit n = 1\n<body>",
    "timeit with options": "%%timeit -n 1\n<body>",
    "capture": "%%capture out\n<body>",
    "wandb": "%%wandb\n<body>",
    "unknown": "%%mymagic\n<body>",
    "unknown with arguments": "%%mymagic --flag value\n<body>",
    "skip": "%%skip_if_done\n<body>",
    "two": "%%time\n%%capture\n<body>",
    "unknown below time": "%%time\n%%mymagic\n<body>",
    "run_cell": 'get_ipython().run_cell("""<body>""")',
    "run_cell of a name": "source = '''<body>'''\nget_ipython().run_cell(source)",
    "run_cell_magic": "get_ipython().run_cell_magic('time', '', '''<body>''')",
    "run_cell_magic unknown": "get_ipython().run_cell_magic('mymagic', '', '''<body>''')",
    "exec": "exec('''<body>''')",
    "after a shell line": "!pip install wandb\n<body>",
    "after a line magic": "%matplotlib inline\n<body>",
    "none": "<body>",
}
BODIES = {
    "uses the class": "model.fit(x, y, callbacks=[WandbCallback(), EarlyStopping()])",
    "uses a name": "model.fit(x, y, callbacks=[cb, EarlyStopping()])",
    "uses a list": "print(len(cbs))\nmodel.fit(x, y, callbacks=cbs)",
    "imports it": "from wandb.keras import WandbCallback\nmodel.fit(x, y, callbacks=[WandbCallback()])",
}
LINES = {
    "pip": "!pip install wandb",
    "pip of lines": "!pip install \\\n    wandb \\\n    keras",
    "pip magic": "%pip install wandb",
    "pip magic of lines": "%pip install \\\n  wandb",
    "automagic": "pip install wandb",
    "automagic ls": "ls",
    "cd": "%cd .",
    "help": "model?",
    "assigned shell": "files = !ls",
    "assigned magic": "got = %who_ls",
    "timed": "%time model.fit(x, y, callbacks=[cb])",
    "timed class": "%time model.fit(x, y, callbacks=[WandbCallback()])",
    "timeit of a list": "%timeit -n1 len(cbs)",
    "env": "%env WANDB_MODE=offline",
    "load_ext": "%load_ext tensorboard",
    "indented": "if x:\n    !echo yes\n    print('yes')",
    "comment": "# %time nothing",
    "modulo": "a = 7\nb = (a\n% 4)\nprint(b)",
    "not equal": "print(1 != 2, 'a' !='b')",
    "string": "s = '''\n!pip install wandb\n%time x\n'''\nprint(len(s))",
    "question": "print('what?')\n# really?",
}
HEAD = "#--- main.ipynb\nfrom wandb.keras import WandbCallback\ncb = W()\ncbs = [W(), ES()]\n# %%\n"

PROGRAMS = [
    *product(
        HEAD + "<magic>\n# %%\nmodel.fit(x, y, callbacks=[cb])\nmodel.fit(x, y, callbacks=cbs)",
        magic=MAGICS,
        body=BODIES,
    ),
    *list(
        product(
            "#--- main.ipynb\n<line>\n# %%\ncb = W()\ncbs = [W()]\n# %%\n<line>\n# %%\nmodel.fit(x, y, callbacks=[cb, *cbs])",
            line={
                f"line {k}": v
                for k, v in LINES.items()
                if "cb" not in v and "Wandb" not in v and not k.startswith("automagic")
            },
        )
    ),
    *product(
        "#--- main.ipynb\ncb = W()\ncbs = [W()]\n# %%\n<line>\n# %%\nmodel.fit(x, y, callbacks=[cb, *cbs])",
        line={f"line of names {k}": v for k, v in LINES.items() if "cb" in v or "Wandb" in v},
    ),
    *read("""
## the import in its own cell
#--- main.ipynb
from wandb.keras import WandbCallback
# %%
model.fit(x, y, callbacks=[WandbCallback()])

## the import in its own cell, unused
#--- main.ipynb
from wandb.keras import WandbCallback
# %%
model.fit(x, y)

## the import twice
#--- main.ipynb
from wandb.keras import WandbCallback
# %%
model.fit(x, y, callbacks=[WandbCallback()])
# %%
from wandb.keras import WandbCallback
# %%
model.fit(x, y, callbacks=[WandbCallback(), ES()])

## a cell that only imports
#--- main.ipynb
# %%
from wandb.keras import WandbCallback
# %%
print("nothing")

## a cell that shows
#--- main.ipynb
cbs = [W(), ES()]
# %%
len(cbs)
# %%
model.fit(x, y, callbacks=cbs)

## a cell that shows the list
#--- main.ipynb
cbs = [W(), ES()]
# %%
cbs
# %%
model.fit(x, y, callbacks=cbs)

## a cell that shows the construction
#--- main.ipynb
W()

## a cell that shows a list of it
#--- main.ipynb
[W(), ES()]

## a cell that shows what fit gives
#--- main.ipynb
model.fit(x, y, callbacks=[W()])

## a name in another cell
#--- main.ipynb
cb = W()
# %%
callbacks = [cb, ES()]
# %%
model.fit(x, y, callbacks=callbacks)

## a name in an earlier cell
#--- main.ipynb
def train():
    model.fit(x, y, callbacks=[cb])
# %%
cb = W()
# %%
train()

## a function in another cell
#--- main.ipynb
def make():
    return [W(), ES()]
# %%
a, b = make()
# %%
model.fit(x, y, callbacks=[a, b])

## a list that is extended in another cell
#--- main.ipynb
cbs = [W()]
# %%
cbs.append(ES())
# %%
print(len(cbs))
model.fit(x, y, callbacks=cbs)

## the name is used again
#--- main.ipynb
cb = W()
# %%
model.fit(x, y, callbacks=[cb])
# %%
cb = ES()
# %%
model.fit(x, y, callbacks=[cb])

## the same name for a list and an element
#--- main.ipynb
cb = W()
# %%
model.fit(x, y, callbacks=[cb])
# %%
cb = [W(), ES()]
# %%
model.fit(x, y, callbacks=cb)

## a cell that is run twice
#--- main.ipynb
cbs = []
def again():
    cbs.append(W())
    print(len(cbs))
# %%
again()
# %%
again()
# %%
model.fit(x, y, callbacks=cbs)

## a cell that does not parse for Python
#--- main.ipynb
%%bash
for i in 1 2; do echo $i; done
# %%
model.fit(x, y, callbacks=[W(), ES()])

## a bash cell that names it
#--- main.ipynb
%%bash
grep WandbCallback main.py
# %%
model.fit(x, y, callbacks=[W(), ES()])

## a cell written to a file
#--- main.ipynb
%%writefile train.py
import wandb.keras
cbs = [wandb.keras.WandbCallback()]
# %%
model.fit(x, y, callbacks=[W(), ES()])

## an html cell
#--- main.ipynb
%%html
<b>WandbCallback</b>
# %%
model.fit(x, y, callbacks=[W()])

## a timeit cell with the import in its setup
#--- main.ipynb
%%timeit from wandb.keras import WandbCallback
model.fit(x, y, callbacks=[WandbCallback()])

## a timeit cell with a construction in its setup
#--- main.ipynb
%%timeit cb = WandbCallback()
model.fit(x, y, callbacks=[cb])
print(cb.monitor)

## a timeit cell with a list in its setup
#--- main.ipynb
%%timeit cbs = [WandbCallback()]
print(len(cbs))

## names in a run_cell
#--- main.ipynb
cbs = [W(), ES()]
# %%
get_ipython().run_cell("a, b = cbs")
# %%
model.fit(x, y, callbacks=[b])

## names in an ex
#--- main.ipynb
cb = W()
# %%
get_ipython().user_ns["cb"].monitor
# %%
model.fit(x, y, callbacks=[get_ipython().user_ns["cb"]])

## a line magic uses a name
#--- main.ipynb
cbs = [W(), ES()]
# %%
%time print(len(cbs))
# %%
model.fit(x, y, callbacks=cbs)

## a line magic makes a name
#--- main.ipynb
%time cb = WandbCallback()
# %%
model.fit(x, y, callbacks=[cb])
# %%
model.fit(x, y, callbacks=[W()])

## get_ipython magic makes a name
#--- main.ipynb
get_ipython().run_line_magic("time", "cb = WandbCallback()")
# %%
model.fit(x, y, callbacks=[cb])

## a shell that takes a name
#--- main.ipynb
cb = W()
# %%
!echo {cb.monitor}
# %%
model.fit(x, y, callbacks=[cb])

## a main guard
#--- main.ipynb
if __name__ == "__main__":
    model.fit(x, y, callbacks=[W(), ES()])

## a semicolon
#--- main.ipynb
model.fit(x, y, callbacks=[W()]);

## a placeholder of the tool's
#--- main.ipynb
print("wkm-0")
# %%
model.fit(x, y, callbacks=[W()])

## a placeholder of the tool's as a string
#--- main.ipynb
\"\"\"wkm-0\"\"\"
# %%
!pip install wandb
# %%
model.fit(x, y, callbacks=[W()])

## a sentinel of the tool's
#--- main.ipynb
# <wandb-keras-migrate: cell 1>
print("hello")
# %%
model.fit(x, y, callbacks=[W()])

## a use of the tool's
#--- main.ipynb
def wkm_uses(*names):
    print(len(names))
wkm_uses(1, 2)
# %%
%time model.fit(x, y, callbacks=[W()])

## underscores of the shell
#--- main.ipynb
cb = W()
# %%
try:
    print(_)
except NameError:
    print("no underscore")
model.fit(x, y, callbacks=[cb])

## a class over cells
#--- main.ipynb
class Trainer:
    def __init__(self):
        self.cb = W()
# %%
t = Trainer()
# %%
model.fit(x, y, callbacks=[t.cb])

## an exception in a cell
#--- main.ipynb
try:
    cb = W(log_gradients=True)
except ValueError as error:
    print("no data")
    cb = ES()
# %%
model.fit(x, y, callbacks=[cb])

## a module beside
#--- main.ipynb
import helper
# %%
helper.train(model, [W(), ES()])
#--- helper.py
def train(model, callbacks):
    print(len(callbacks))
    model.fit([1], callbacks=callbacks)

## del in another cell
#--- main.ipynb
cb = W()
# %%
model.fit(x, y, callbacks=[cb])
# %%
del cb

## del of the class in another cell
#--- main.ipynb
cb = W()
# %%
del WandbCallback
# %%
model.fit(x, y, callbacks=[cb])

## a conditional import over cells
#--- main.ipynb
USE = True
if USE:
    from wandb.keras import WandbCallback
# %%
cbs = [WandbCallback()] if USE else []
# %%
model.fit(x, y, callbacks=cbs)

## star import
#--- main.ipynb
from wandb.keras import *
# %%
model.fit(x, y, callbacks=[WandbCallback(), ES()])

## an async cell
#--- main.ipynb
import asyncio
async def train():
    return model.fit(x, y, callbacks=[W()])
# %%
got = asyncio.run(train())
"""),
]
