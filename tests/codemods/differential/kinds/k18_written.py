"""18. What is written: odd bytes, line endings, and files that are left alone run as before."""

from programs import read

TEXTS = {
    "plain": "cbs = [W(), ES()]\nmodel.fit(x, y, callbacks=cbs)\n",
    "counted": "cbs = [W(), ES()]\nprint(len(cbs))\nmodel.fit(x, y, callbacks=cbs)\n",
    "name": "cb = W()\nmodel.fit(x, y, callbacks=[cb])\n",
    "block": "if x:\n    for _ in x:\n        model.fit(x, y, callbacks=[W(), ES()])\n",
    "lines": "model.fit(\n    x,\n    callbacks=[\n        W(),  # logger\n        ES(),\n    ],\n)\n",
    "multiline string": "s = '''a\nb\n'''\nprint(repr(s))\nmodel.fit(x, y, callbacks=[W(labels=[s], input_type='image')])\n",
    "strings": "print('tab\\t', 'ü', \"\\u00fc\", b'\\xff', r'\\n')\nmodel.fit(x, y, callbacks=[W()])\n",
    "continued": "cbs = [W()] + \\\n    [ES()]\nmodel.fit(x, y, callbacks=cbs)\n",
}
FORMS = {
    "crlf": lambda t: t.replace("\n", "\r\n"),
    "cr": lambda t: t.replace("\n", "\r"),
    "no end": lambda t: t.rstrip("\n"),
    "bom": lambda t: "\ufeff" + t,
    "tabs": lambda t: t.replace("    ", "\t"),
    "form feed": lambda t: t.replace("\ncb", "\n\f\ncb", 1),
    "form feed at the start of a line": lambda t: t.replace("\nmodel.fit", "\n\fmodel.fit", 1),
    "blank except": lambda t: "try:\n    pass\nexcept ValueError :\n    pass\n" + t,
    "comment at the end": lambda t: t + "# the end",
    "empty lines": lambda t: (
        t.replace("\n", "\n\n") if "\\\n" not in t and "'''" not in t else t + "\n\n"
    ),
    "non-ascii names": lambda t: "größe = 'ü'\nprint(größe)\n" + t,
    "spaces at the end": lambda t: (
        t.replace("[W()", "[W() ").replace("\n", "  \n")
        if "'''" not in t and "\\\n" not in t
        else t
    ),
    "fstring": lambda t: "v = 3.14159\nprint(f'{v!r  :>12}|{v:.2f}')\n" + t,
    "mixed": lambda t: t.replace("\n", "\r\n", 3),
    "coding": lambda t: "# -*- coding: utf-8 -*-\n" + t,
    "semicolons": lambda t: "a = 1; b = 2; print(a + b)\n" + t,
    "old comments": lambda t: "#!/usr/bin/env python\n#\n" + t + "\n#end\n\n\n",
}


def _programs():
    from programs import Program, program

    for name, text in TEXTS.items():
        for form, change in FORMS.items():
            made = program(f"{name} {form}", text)
            changed = change(made.files["main.py"])
            yield Program(made.name, {"main.py": changed}, product=True)
            if form in ("crlf", "bom", "no end", "cr", "mixed"):
                # the same in a tree: bytes are read and written
                yield Program(
                    f"{made.name} in a tree", {"main.py": changed, "other.py": ""}, product=True
                )


PROGRAMS = [
    *_programs(),
    *read("""
## an old file beside it
#--- main.py
model.fit(x, y, callbacks=[W(), ES()])
#--- old.py
print "python 2"

## a broken file beside it that names it
#--- main.py
model.fit(x, y, callbacks=[W(), ES()])
#--- old.py
from wandb.keras import WandbCallback
print "python 2"

## a deep file beside it
#--- main.py
model.fit(x, y, callbacks=[W(), ES()])
#--- deep.py
from wandb.keras import WandbCallback
value = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[WandbCallback]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

## a sweep beside it
#--- main.py
model.fit(x, y, callbacks=[W(), ES()])
#--- sweep.yaml
metric:
  name: val_loss
  goal: minimize

## requirements beside it
#--- main.py
model.fit(x, y, callbacks=[W(), ES()])
#--- requirements.txt
wandb<0.17

## read me beside it
#--- main.py
model.fit(x, y, callbacks=[W(), ES()])
#--- README.md
Use `WandbCallback()`.

## a program that reads its own source
import wandb.keras
print(len(open.__doc__) > 0)
model.fit(x, y, callbacks=[wandb.keras.WandbCallback()])

## a program that asks for its line
import sys
cb = W()
print(sys._getframe().f_lineno > 0)
model.fit(x, y, callbacks=[cb])
"""),
]
