"""Programs at random: statements that make values flow, out of which fits are made."""

from __future__ import annotations

from typing import Any, Callable

from hypothesis import strategies as st

from programs import SETTING, Program

IMPORTS = {
    "from wandb.keras import WandbCallback": "WandbCallback",
    "from wandb.keras import WandbCallback as Logger": "Logger",
    "from wandb.integration.keras import WandbCallback": "WandbCallback",
    "from wandb.keras import WandbCallback, WandbMetricsLogger": "WandbCallback",
    "from wandb.keras import *": "WandbCallback",
    "import wandb.keras": "wandb.keras.WandbCallback",
    "import wandb.keras as wk": "wk.WandbCallback",
    "from wandb import keras as wk": "wk.WandbCallback",
    "import wandb": "wandb.keras.WandbCallback",
    "import wandb as wb": "wb.keras.WandbCallback",
    "try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    WandbCallback = None": "WandbCallback",
    "try:\n    from wandb.integration.keras import WandbCallback\nexcept ImportError:\n    from wandb.keras import WandbCallback": "WandbCallback",
    "if flag:\n    from wandb.keras import WandbCallback": "WandbCallback",
    "import importlib\nwk = importlib.import_module('wandb.keras')": "wk.WandbCallback",
}
ARGUMENTS = [
    "", "", "", "", "save_model=False", "save_model=False, save_graph=False, log_best_prefix=None",
    "save_model=False, save_graph=False, log_best_prefix=None", "log_weights=True", "monitor='loss'",
    "log_batch_frequency=2", "save_model=flag", "labels=['a'], input_type='image'", "monitor=say('m', 'loss')",
    "log_weights=off, labels=say('l', ['a'])", "**{'save_graph': False}", "**options", "'loss', 1", "log_model=True",
]  # fmt: skip
HELPERS = """\
import copy
import functools
import itertools
flag, off, options = True, False, {'monitor': 'loss'}
def say(what, value=None):
    print(what)
    return value
"""
PRAGMA = "  # wandb-keras: ignore"
DEPTH = 3

Statement = Callable[["Writer"], None]


class Scope(dict):  # type: ignore[type-arg]
    """The expressions one can use at a place, by what they are worth."""

    def copy(self) -> Scope:
        return Scope({kind: list(found) for kind, found in self.items()})


class Writer:
    """Writes one program.

    Args:
        draw: Hypothesis' draw.
        legacy: What the legacy class is called.
    """

    def __init__(self, draw: Callable[..., Any], legacy: str) -> None:
        self.draw = draw
        self.legacy = legacy
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.budget = 24
        self.scope = Scope()
        self.globals: list[tuple[str, str]] = []

    # -- words

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    def name(self, base: str) -> str:
        self.count += 1
        return f"{base}{self.count}"

    def emit(self, *lines: str) -> None:
        pragma = PRAGMA if self.budget % 8 == 3 and self.chance(10) else ""
        for line in lines:
            text = "    " * self.indent + line
            self.lines.append(
                text + pragma if pragma and line == lines[-1] and not line.endswith(":") else text
            )

    def know(self, kind: str, expression: str) -> None:
        self.scope.setdefault(kind, []).append(expression)
        if self.indent == 0 and expression.isidentifier():
            self.globals.append((kind, expression))

    def known(self, kind: str) -> list[str]:
        return list(self.scope.get(kind, []))

    def bind(self, kind: str, value: str, base: str | None = None) -> str:
        """Assign a value to a new name, public or private."""
        name = self.name(base or self.pick([kind[:2], f"_{kind[:2]}"]))
        form = self.draw(st.integers(0, 11))
        if form == 0:
            self.emit(f"{name}: object = {value}")
        elif form == 1:
            self.emit(f"{name} = other_{name} = {value}")
        elif form == 2 and self.indent == 0:
            self.emit(f"if ({name} := {value}) is None:", "    print('none')")
        elif form == 3:
            self.emit(
                f"if flag:\n{'    ' * self.indent}    {name} = {value}\n{'    ' * self.indent}else:\n{'    ' * self.indent}    {name} = None"
            )
        else:
            self.emit(f"{name} = {value}")
        self.know(kind, name)
        return name

    # -- expressions

    def construction(self) -> str:
        return f"{self.legacy}({self.pick(ARGUMENTS)})"

    def one(self, depth: int = 0) -> str:
        """An expression for one callback."""
        ways = ["new", "new", "other"]
        for kind in ("one", "maker", "holder", "names"):
            if self.known(kind):
                ways += [kind] * (4 if kind == "one" else 2)
        if depth < 2:
            ways += ["if", "lambda", "parentheses", "copy", "index"]
        way = self.pick(ways)
        if way == "new":
            return self.construction()
        if way == "other":
            return self.pick(["EarlyStopping()", "EarlyStopping(patience=3)"])
        if way == "one":
            return self.pick(self.known("one"))
        if way == "maker":
            return f"{self.pick(self.known('maker'))}()"
        if way == "holder":
            holder = self.pick(self.known("holder"))
            return self.pick(
                [f"{holder}.cb", f"{holder}.cb", f"getattr({holder}, 'cb')", f"{holder}.get()"]
            )
        if way == "names":
            return f"{self.pick(self.known('names'))}['cb']"
        if way == "if":
            return f"({self.one(depth + 1)} if {self.test()} else {self.one(depth + 1)})"
        if way == "lambda":
            return f"(lambda: {self.one(depth + 1)})()"
        if way == "parentheses":
            return f"({self.one(depth + 1)})"
        if way == "copy":
            return f"copy.copy({self.one(depth + 1)})"
        many = self.many(depth + 1)
        return self.pick([f"({many})[0]", f"list({many})[-1]", f"next(iter({many}))"])

    def elements(self, depth: int) -> str:
        found = [self.one(depth + 1) for _ in range(self.draw(st.integers(1, 3)))]
        if self.known("many") and self.chance(25):
            found.append(f"*{self.pick(self.known('many'))}")
        return ", ".join(found)

    def many(self, depth: int = 0) -> str:
        """An expression for a list or tuple of callbacks that is not empty."""
        ways = ["list", "list", "list", "tuple"]
        for kind in ("many", "lister", "holder", "keywords"):
            if self.known(kind):
                ways += [kind] * (4 if kind == "many" else 2)
        if depth < 2:
            ways += ["sum", "if", "comprehension", "call", "slice"]
        way = self.pick(ways)
        if way == "list":
            return f"[{self.elements(depth)}]"
        if way == "tuple":
            return f"({self.elements(depth)},)"
        if way == "many":
            return self.pick(self.known("many"))
        if way == "lister":
            return f"{self.pick(self.known('lister'))}()"
        if way == "holder":
            holder = self.pick(self.known("holder"))
            return self.pick([f"{holder}.cbs", f"getattr({holder}, 'cbs')"])
        if way == "keywords":
            return f"{self.pick(self.known('keywords'))}['callbacks']"
        if way == "sum":
            return f"(list({self.many(depth + 1)}) + [{self.elements(depth + 1)}])"
        if way == "if":
            return (
                f"({self.many(depth + 1)} if {self.test()} else [])"
                if False
                else f"({self.many(depth + 1)} if flag else [])"
            )
        if way == "comprehension":
            one = self.pick(["c", "c", "(c)"])
            rest = self.pick(["", " if c is not None", " if c"])
            return f"[{one} for c in {self.many(depth + 1)}{rest}]"
        if way == "call":
            call = self.pick(
                [
                    "list",
                    "tuple",
                    "sorted",
                    "list(reversed",
                    "list(filter(None,",
                    "list(itertools.chain(",
                ]
            )
            key = ", key=lambda c: 0" if call == "sorted" else ""
            return f"{call}({self.many(depth + 1)}{key}){')' * call.count('(')}".replace(
                "None,(", "None, ("
            )
        return f"({self.many(depth + 1)})[{self.pick([':', ':2', '::1', '0:'])}]"

    def test(self) -> str:
        """A test that takes values and tells little about them."""
        ways = ["flag", "off", "not off"]
        for name in self.known("one"):
            ways += [name, f"{name} is not None"]
        for name in self.known("many"):
            ways += [name, f"len({name}) > 1"]
        return str(self.pick(ways))

    def fit(self) -> str:
        """A call of fit or the like."""
        way = self.pick(["list", "list", "inline", "inline", "inline", "alone", "star", "sum", "positional",
                         "keywords", "evaluate", "parameter", "conditional", "partial"])  # fmt: skip
        model = self.pick(["model", "model", "Sequential()"])
        if way == "list":
            return f"{model}.fit(x, y, callbacks={self.many(1)})"
        if way == "inline":
            return f"{model}.fit(x, y, validation_data=(xv, yv), callbacks=[{self.elements(1)}])"
        if way == "alone":
            return f"{model}.fit(x, y, callbacks={self.one(1)})"
        if way == "star":
            return f"{model}.fit(x, y, callbacks=[*{self.many(1)}, {self.one(1)}])"
        if way == "sum":
            return f"{model}.fit(x, y, callbacks=list({self.many(1)}) + [{self.one(1)}])"
        if way == "positional":
            return f"{model}.fit(x, y, 32, 1, 0, {self.many(1)})"
        if way == "keywords":
            if self.known("keywords"):
                return f"{model}.fit(x, y, **{self.pick(self.known('keywords'))})"
            return f"{model}.fit(x, y, **{{'callbacks': {self.many(1)}}})"
        if way == "evaluate":
            return f"{model}.{self.pick(['evaluate(x, y', 'predict(x'])}, callbacks={self.many(1)})"
        if way == "parameter":
            if self.known("taker"):
                return f"{self.pick(self.known('taker'))}({self.pick(['', 'callbacks='])}{self.many(1)})"
            if self.known("taker of one"):
                return f"{self.pick(self.known('taker of one'))}({self.pick(['', 'callback='])}{self.one(1)})"
            return f"{model}.fit(x, y, callbacks={self.many(1)})"
        if way == "conditional":
            name = self.one(1)
            return f"{model}.fit(x, y, callbacks=[{name}] if {self.test()} else [])"
        return f"functools.partial({model}.fit, callbacks={self.many(1)})(x, y)"

    # -- statements

    def block(
        self,
        head: str,
        size: int = 2,
        *known: tuple[str, str],
        close: Callable[[], None] | None = None,
    ) -> None:
        """An indented block with some statements."""
        outer, self.scope = self.scope, self.scope.copy()
        self.emit(head)
        self.indent += 1
        for kind, name in known:
            self.scope.setdefault(kind, []).append(name)
        for _ in range(self.draw(st.integers(1, size))):
            self.statement()
        if close is not None:
            close()
        self.indent -= 1
        self.scope = outer

    def statement(self) -> None:
        self.budget -= 1
        ways = SMALL if self.indent >= DEPTH or self.budget <= 0 else SMALL + LARGE
        self.pick(ways)(self)

    def make_one(self) -> None:
        self.bind(
            "one",
            self.construction() if self.chance(60) else self.one(1),
            self.pick(["cb", "_cb", "wandb_cb"]),
        )

    def make_many(self) -> None:
        self.bind(
            "many",
            f"[{self.elements(1)}]" if self.chance(60) else f"list({self.many(1)})",
            self.pick(["cbs", "_cbs", "callbacks"]),
        )

    def make_keywords(self) -> None:
        value = self.many(1)
        form = self.pick(
            [
                f"{{'callbacks': {value}}}",
                f"dict(callbacks={value})",
                f"{{**{{'epochs': 2}}, 'callbacks': {value}}}",
            ]
        )
        self.bind("keywords", form, "kw")

    def make_names(self) -> None:
        self.bind(
            "names",
            self.pick(
                [
                    f"{{'cb': {self.one(1)}}}",
                    f"{{'n': 3, 'cb': {self.one(1)}}}",
                    f"dict(cb={self.one(1)})",
                ]
            ),
            "by",
        )

    def make_record(self) -> None:
        cb, name = self.one(1), self.name("rec")
        left, right = self.pick([("[", "]"), ("(", ")")])
        self.emit(f"{name} = {left}'wandb', {cb}, True{right}")
        way = self.pick(["unpack", "index", "splat", "length"])
        got = self.name("got")
        if way == "unpack":
            self.emit(f"n_{got}, {got}, on_{got} = {name}")
        elif way == "index":
            self.emit(f"{got} = {name}[1]")
        elif way == "splat":
            self.emit(f"{got} = (lambda n, c, on: c)(*{name})")
        else:
            self.emit(f"{got} = {name}[len({name}) - 2]")
        self.know("one", got)

    def alias(self) -> None:
        kinds = [kind for kind in ("one", "many") if self.known(kind)]
        if not kinds:
            return self.make_one()
        kind = self.pick(kinds)
        self.bind(kind, self.pick(self.known(kind)))
        return None

    def grow(self) -> None:
        """Add to a list: append, insert, extend, +=, slices."""
        if not self.known("many"):
            return self.make_many()
        name = self.pick(self.known("many"))
        if not name.isidentifier():
            return self.use()
        own = self.name("more")
        self.emit(f"{own} = list({name})" if self.chance(50) else f"{own} = []")
        for _ in range(self.draw(st.integers(1, 2))):
            one = self.one(1)
            self.emit(self.pick([
                f"{own}.append({one})", f"{own}.append({one})", f"{own}.insert(0, {one})", f"{own}.extend([{one}])",
                f"{own} += [{one}]", f"{own} = {own} + [{one}]", f"{own} = [*{own}, {one}]", f"{own}[0:0] = [{one}]",
                f"{own}.insert(len({own}), {one})", f"({own}).append(({one}))",
            ]))  # fmt: skip
        self.know("many", own)
        return None

    def take(self) -> None:
        """Take something out of a list, by place or by name."""
        many = self.many(1)
        got = self.name("got")
        way = self.pick(["index", "star", "two", "pop", "loop", "next", "zip", "del", "max"])
        if way == "index":
            self.emit(f"{got} = list({many})[{self.pick(['0', '-1'])}]")
        elif way == "star":
            self.emit(f"{got}, *rest_{got} = {many}")
        elif way == "two":
            self.emit(f"{got}, second_{got} = [{self.one(1)}, {self.one(1)}]")
        elif way == "pop":
            self.emit(
                f"left_{got} = list({many})",
                f"{got} = left_{got}.pop({self.pick(['', '0', '-1'])})",
            )
        elif way == "loop":
            self.emit(f"for {got} in {many}:", "    print('loop')")
        elif way == "next":
            self.emit(f"{got} = next(c for c in {many} if c is not None)")
        elif way == "zip":
            self.emit(f"{got} = dict(zip('abcdefghijklmnop', {many}))['a']")
        elif way == "del":
            self.emit(
                f"left_{got} = list({many}) + [EarlyStopping()]",
                f"del left_{got}[-1]",
                f"{got} = left_{got}[0]",
            )
        else:
            self.emit(f"{got} = min({many}, key=lambda c: 0)")
        self.know("one", got)

    def look(self) -> None:
        """Print something that depends on what a value is."""
        ways = [
            f"print(len({self.many(1)}))",
            f"print({self.many(1)})",
            f"print(bool({self.one(1)}))",
            f"print({self.one(1)} is None)",
        ]
        for name in self.known("one"):
            ways += [
                f"print(getattr({name}, 'monitor', 'no'))", f"print(isinstance({name}, Callback))",
                f"print(hasattr({name}, 'log_weights'))", f"print(type({name}).__name__)", f"print({name})",
                f"print(isinstance({name}, (list, tuple)))",
            ]  # fmt: skip
            if "." not in self.legacy:
                ways.append(f"print(isinstance({name}, {self.legacy}))")
        for name in self.known("many"):
            ways += [f"print(len({name}))", f"print([c is None for c in {name}])", f"print(bool({name}))",
                     f"print(sum(1 for _ in {name}))", f"for n, c in enumerate({name}): print(n)"]  # fmt: skip
        for name in self.known("keywords"):
            ways += [f"print(sorted({name}))", f"print(len({name}['callbacks']))"]
        self.emit(self.pick(ways))

    def change(self) -> None:
        """Set an attribute, or call a hook by hand."""
        if not self.known("one"):
            return self.make_one()
        name = self.pick(self.known("one"))
        self.emit(self.pick([
            f"{name}.log_weights = True", f"{name}.monitor = 'loss'", f"setattr({name}, 'save_graph', False)",
            f"{name}.extra = 3", f"{name}.set_model(model)", f"{name}.on_train_begin({{}})",
            f"{name}.set_params({{'epochs': 1}})", f"{name}.on_epoch_end(0, {{'loss': 1}})" ,
            f"getattr({name}, 'on_train_begin')()",
        ]))  # fmt: skip
        return None

    def names_in_strings(self) -> None:
        names = [n for k in ("one", "many") for n in self.known(k) if (k, n) in self.globals]
        if not names:
            return self.look()
        name = self.pick(names)
        kind = "one" if name in self.known("one") else "many"
        self.bind(
            kind, self.pick([f"globals()['{name}']", f"globals().get('{name}')", f"eval('{name}')"])
        )
        return None

    def use(self) -> None:
        self.emit(self.pick(["", "", "", "history = "]) + self.fit())

    def tested_use(self) -> None:
        name = self.pick(self.known("one") or [self.bind("one", self.construction())])
        self.emit(
            f"if {self.pick(['', 'not '])}{name}:",
            "    print('yes')",
            f"model.fit(x, y, callbacks=[{name}])",
        )

    # -- statements with blocks

    def make_maker(self) -> None:
        name = self.name(self.pick(["make", "_make"]))
        one = self.pick(
            ["return", "yield", "name", "branches", "default", "lambda", "cached", "nested"]
        )
        if one == "lambda":
            self.emit(f"{name} = lambda: {self.one(1)}")
        elif one == "default":
            self.emit(f"def {name}(c={self.one(1)}):", "    return c")
        elif one == "branches":
            self.emit(
                f"def {name}(on=True):",
                "    if on:",
                f"        return {self.one(1)}",
                f"    return {self.one(1)}",
            )
        elif one == "cached":
            self.emit("@functools.lru_cache()", f"def {name}():", f"    return {self.one(1)}")
        elif one == "name":
            self.emit(
                f"def {name}():", f"    c = {self.one(1)}", f"    print('{name}')", "    return c"
            )
        elif one == "nested":
            self.emit(
                f"def {name}():",
                f"    c = {self.one(1)}",
                "    def inner():",
                "        return c",
                "    return inner()",
            )
        else:
            self.emit(f"def {name}():", f"    return {self.construction()}")
        self.know("maker", name)

    def make_lister(self) -> None:
        name = self.name(self.pick(["make_all", "_make_all"]))
        way = self.pick(["return", "name", "append", "empty", "comprehension"])
        if way == "append":
            self.emit(
                f"def {name}():",
                "    found = []",
                f"    found.append({self.one(1)})",
                f"    if flag: found += [{self.one(1)}]",
                "    return found",
            )
        elif way == "name":
            self.emit(f"def {name}(extra=()):", f"    c = {self.one(1)}", "    return [c, *extra]")
        elif way == "comprehension":
            self.emit(f"def {name}():", f"    return [c for c in {self.many(1)}]")
        else:
            self.emit(f"def {name}():", f"    return {self.many(1)}")
        self.know("lister", name)

    def make_taker(self) -> None:
        name = self.name(self.pick(["train", "_train"]))
        one = self.chance(50)
        parameter = "callback" if one else "callbacks"
        kind = "one" if one else "many"
        end = (
            (lambda: self.emit(f"model.fit(x, y, callbacks=[{parameter}])"))
            if one
            else (lambda: self.emit(f"model.fit(x, y, callbacks={parameter})"))
        )
        self.block(f"def {name}({parameter}):", 1, (kind, parameter), close=end)
        self.know("taker of one" if one else "taker", name)

    def make_holder(self) -> None:
        name, made = self.name(self.pick(["Box", "_Box"])), self.name("box")
        way = self.pick(["instance", "class", "parameters", "property"])
        if way == "class":
            self.emit(
                f"class {name}:",
                f"    cb = {self.one(1)}",
                f"    cbs = {self.many(1)}",
                "    def get(self):",
                "        return self.cb",
            )
        elif way == "property":
            self.emit(f"class {name}:", "    @property", "    def cb(self):", f"        return {self.one(1)}",
                      "    cbs = property(lambda self: [self.cb])", "    def get(self):", "        return self.cb")  # fmt: skip
        elif way == "parameters":
            self.emit(f"class {name}:", "    def __init__(self, cb, cbs):", "        self.cb = cb", "        self.cbs = list(cbs)",
                      "    def get(self):", "        return self.cbs[0]")  # fmt: skip
            self.emit(f"{made} = {name}({self.one(1)}, {self.many(1)})")
        else:
            self.emit(f"class {name}:", "    def __init__(self):", f"        self.cb = {self.one(1)}", f"        self.cbs = [{self.elements(1)}]",
                      "    def get(self):", "        return self.cb")  # fmt: skip
        if way != "parameters":
            self.emit(f"{made} = {name}()")
        self.know("holder", made)

    def loop(self) -> None:
        many, one = self.many(1), self.name("c")
        head = self.pick([
            f"for {one} in {many}:", f"for n, {one} in enumerate({many}):", f"for n, {one} in zip(range(9), {many}):",
            f"for {one} in [{self.one(1)}, {self.one(1)}]:", f"for n, {one} in [('a', {self.one(1)}), ('b', {self.one(1)})]:",
            f"for {one} in itertools.islice({many}, 2):", f"for {one}, n in itertools.product([{self.one(1)}], [1, 2]):",
        ])  # fmt: skip
        self.block(
            head,
            2,
            ("one", one),
            close=lambda: (
                self.emit(f"model.fit(x, y, callbacks=[{one}])") if self.chance(40) else None
            ),
        )

    def repeat(self) -> None:
        self.block("for _ in range(2):", 2)

    def branch(self) -> None:
        self.block(f"if {self.test()}:", 2)
        if self.chance(50):
            self.block("else:", 1)

    def attempt(self) -> None:
        self.block("try:", 2)
        self.emit("except Exception as error:", "    print(type(error).__name__)")

    def function(self) -> None:
        name = self.name(self.pick(["run", "_run"]))
        self.block(f"def {name}():", 3, close=self.use)
        self.emit(f"{name}()")

    def closure(self) -> None:
        name = self.name("outer")
        cb = self.name("cb")
        self.emit(f"def {name}():", f"    {cb} = {self.one(1)}", "    def inner():")
        how = self.pick([f"return {cb}", f"return [{cb}]", f"model.fit(x, y, callbacks=[{cb}])"])
        self.emit(f"        {how}", "    return inner")
        if how.startswith("model"):
            self.emit(f"{name}()()")
        else:
            self.know("maker" if how.endswith(cb) else "lister", f"{name}()")

    def globally(self) -> None:
        name, setup = self.name("cb"), self.name("setup")
        if self.indent:
            return self.make_one()
        self.emit(
            f"{name} = None",
            f"def {setup}():",
            f"    global {name}",
            f"    {name} = {self.one(1)}",
            f"{setup}()",
        )
        self.know("one", name)
        return None


SMALL: list[Statement] = [
    Writer.make_one, Writer.make_one, Writer.make_many, Writer.make_many, Writer.make_keywords, Writer.make_names,
    Writer.make_record, Writer.alias, Writer.grow, Writer.take, Writer.look, Writer.change, Writer.use, Writer.use,
    Writer.use, Writer.use, Writer.names_in_strings, Writer.tested_use,
]  # fmt: skip
LARGE: list[Statement] = [
    Writer.make_maker, Writer.make_lister, Writer.make_taker, Writer.make_holder, Writer.loop, Writer.repeat,
    Writer.branch, Writer.attempt, Writer.function, Writer.closure, Writer.globally,
]  # fmt: skip
# what people write most, so that not every program is a knot
_SIMPLE: list[Statement] = [
    Writer.make_one,
    Writer.make_many,
    Writer.grow,
    Writer.use,
    Writer.use,
    Writer.function,
    Writer.make_lister,
]


def _head(imported: str) -> str:
    return SETTING + HELPERS + imported + "\n"


@st.composite
def programs(draw: Callable[..., Any]) -> Program:
    """Draw a program: a file, a notebook, or two files of which one uses what the other makes."""
    imported = draw(st.sampled_from(sorted(IMPORTS)))
    writer = Writer(draw, IMPORTS[imported])
    place = draw(
        st.sampled_from(["file", "file", "file", "file beside another", "files", "notebook"])
    )
    simple = draw(st.booleans())
    steps = draw(st.integers(1, 4 if simple else 7))

    def write(count: int) -> None:
        for _ in range(count):
            if simple:
                writer.pick(_SIMPLE)(writer)
            else:
                writer.statement()
            if place == "notebook" and writer.chance(40):
                writer.lines.append("# %%")

    if place == "files":
        for _ in range(steps):
            writer.pick([Writer.make_one, Writer.make_many, Writer.make_maker, Writer.make_lister, Writer.make_holder,
                         Writer.make_taker, Writer.make_keywords])(writer)  # fmt: skip
        parts = _head(imported) + "\n".join(writer.lines) + "\n"
        writer.lines = []
        exported = [name for kind, name in writer.globals if name.isidentifier()]
        if draw(st.booleans()):
            writer.scope = Scope(
                {
                    k: [f"parts.{n}" for n in ns if n.isidentifier()]
                    for k, ns in writer.scope.items()
                }
            )
            importing = "import parts"
        else:
            writer.scope = Scope(
                {k: [n for n in ns if n.isidentifier()] for k, ns in writer.scope.items()}
            )
            importing = f"from parts import {', '.join(exported)}"
        writer.scope = Scope({k: ns for k, ns in writer.scope.items() if ns})
        writer.globals = []
        for _ in range(draw(st.integers(1, 4))):
            writer.statement()
        writer.use()
        main = _head(imported) + importing + "\n" + "\n".join(writer.lines) + "\n"
        return Program("generated", {"main.py": main, "parts.py": parts})
    write(steps)
    writer.use()
    text = "\n".join(writer.lines) + "\n"
    if place == "notebook":
        return Program("generated", {"main.ipynb": _head(imported) + "# %%\n" + text})
    files = {"main.py": _head(imported) + text}
    if place == "file beside another":
        files["other.py"] = "value = 3\n"
    return Program("generated", files)
