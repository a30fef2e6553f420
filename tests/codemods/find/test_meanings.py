"""Names are resolved as Python resolves them."""

from __future__ import annotations

import libcst as cst
import pytest
from libcst.metadata import ExpressionContext

from wandb_keras_codemods.find.meanings import LOCAL, NONE, Meanings
from wandb_keras_codemods.find.module import Module


def names_of_x(text: str) -> list[set[str]]:
    """Return the qualified names of each ``x`` that is read, in order."""
    module = Module(cst.parse_module(text))
    meanings = Meanings(module)
    read = [
        node
        for node in module.all(cst.Name)
        if node.value == "x"
        and module.contexts.get(node) is ExpressionContext.LOAD
        and isinstance(module.parent(node), _READ)
        and not any(isinstance(above, cst.ImportAlias) for above in module.around(node))
    ]
    return [set(meanings.qualified(node)) for node in sorted(read, key=module.order)]


_READ = (cst.Expr, cst.CompFor, cst.CompIf, cst.Lambda, cst.Param, cst.Annotation, cst.ListComp,
         cst.DictComp, cst.AnnAssign, cst.Attribute, cst.DictElement)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", [set()]),
        ("from m import x\nx", [{"m.x"}]),
        ("from . import x\nx", [{"..x"}]),
        ("import x.y\nx", [{"x"}]),
        ("import a.b as x\nx", [{"a.b"}]),
        ("from m import x\ndef f(): x", [{"m.x"}]),
        ("from m import x\ndef f(x): x", [{LOCAL}]),
        ("from m import x\nf = lambda *x: x", [{LOCAL}]),
        ("from m import x\nf = lambda y=x: y", [{"m.x"}]),
        ("from m import x\ndef f(*, y=x) -> x: x = 1", [{"m.x"}, {"m.x"}]),
        ("from m import x\n[x for x in x]", [{LOCAL}, {"m.x"}]),
        ("from m import x\n{x: 1 for y in z for x in x if x}", [{LOCAL}] * 3),
        ("class A:\n from m import x\n x\n def f(self): x", [{"m.x"}, set()]),
        ("class x: pass\nx", [{LOCAL}]),
        ("try:\n from m import x\nexcept ImportError:\n x = None\nx", [{"m.x", NONE}]),
        ("try:\n from m import x\nexcept E as x: pass\nx", [{"m.x", LOCAL}]),
        ("from m import x\nx: int = 1\nx", [{"m.x", LOCAL}]),
        ("x: int\nx.y: int = x", [{LOCAL}, {LOCAL}]),
        ("from m import x\ndef f():\n [x := 1 for y in z]\n x", [{"m.x", LOCAL}]),
        ("from m import x\ndef f():\n global x\n x = 1\nx", [{"m.x", LOCAL}]),
        ("def f():\n x = 1\n def g():\n  def h():\n   nonlocal x\n   import x\n x", [{LOCAL, "x"}]),
        ("from m import x\ndel x", []),
        ("for x in y: x", [{LOCAL}]),
        ("with y as x: x", [{LOCAL}]),
        ("import importlib\nx = importlib.import_module('m.n')\nx", [{"m.n"}]),
        ("from importlib import import_module as i\nx = i('m.n')\nx", [{"m.n"}]),
        ("import importlib\nx = importlib.import_module(y)\nx", [{LOCAL}]),
        ("x = y.import_module('m')\nx", [{LOCAL}]),
        ("x = y()('m')\nx", [{LOCAL}]),
    ],
)
def test_qualified_names(text, expected):
    assert names_of_x(text) == expected


@pytest.mark.parametrize("pattern", ["x", "[*x]", "{1: 2, **x}", "int() as x"])
def test_patterns_bind(pattern):
    assert names_of_x(f"from m import x\nmatch y:\n case {pattern}: x") == [{"m.x", LOCAL}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import m\ngetattr(m, 'n')", {"m.n"}),
        ("import m\ngetattr(m, n)", {LOCAL}),
        ("import m\ngetattr(m, 'n', None)", {LOCAL}),
        ("import m\ndef getattr(*a): ...\ngetattr(m, 'n')", {LOCAL}),
        ("import importlib\nimportlib.import_module('m').n", {"m.n"}),
        ("import importlib\nimportlib.import_module('.m', 'p').n", {"p.m.n"}),
        ("import importlib\nimportlib.import_module(name='m').n", {"m.n"}),
        ("import importlib\nimportlib.import_module('.m', package='p').n", {"p.m.n"}),
        ("import importlib\nimportlib.import_module('..m', 'p.q').n", {LOCAL}),
        ("m = None\nm.n", set()),
        ("1 .n", {LOCAL}),
    ],
)
def test_qualified_names_of_expressions(text, expected):
    module = Module(cst.parse_module(text))
    last = module.tree.body[-1].body[0]
    assert isinstance(last, cst.Expr)
    found = Meanings(module).qualified(last.value)
    assert {name.replace(f"{LOCAL}.n", LOCAL) for name in found} == expected
