"""What the other files of a run read: by imports, attributes, strings; nothing of unrelated ones."""

from __future__ import annotations

import pickle

import pytest
from flow_support import verdict

from wandb_keras_codemods.find.project import Project

LEGACY = "from wandb.keras import WandbCallback as W\n"

READS = {
    "from import": {"b.py": "from a import cbs\nshow(cbs)"},
    "from import, renamed": {"b.py": "from a import cbs as c\nshow(c)"},
    "from import, in parentheses": {"b.py": "from a import (\n    other,\n    cbs,\n)\nshow(cbs)"},
    "from import, continued": {"b.py": "from a import other, \\\n    cbs\nshow(cbs)"},
    "from import, in a function": {"b.py": "def f():\n    from a import cbs\n    show(cbs)"},
    "from import, after a colon": {"b.py": "if x: from a import cbs\nshow(cbs)"},
    "module": {"b.py": "import a\nshow(a.cbs)"},
    "module, renamed": {"b.py": "import a as q\nshow(q.cbs)"},
    "module, spaced": {"b.py": "import os, a\nshow(a . cbs)"},
    "star": {"b.py": "from a import *\nlen(cbs)"},
    "star through another": {"b.py": "from a import *", "c.py": "from b import cbs\nshow(cbs)"},
    "import through another": {"b.py": "from a import cbs", "c.py": "import b\nshow(b.cbs)"},
    "getattr": {"b.py": "import a\ngetattr(a, 'cbs')"},
    "patched": {"b.py": "import a\nmock.patch('a.cbs')"},
    "patched, not imported": {"b.py": "mock.patch('a.cbs')"},
    "import_module": {"b.py": "import importlib\nimportlib.import_module('a').cbs"},
    "import_module, computed": {"b.py": "import importlib\nimportlib.import_module(n).cbs"},
    "a notebook": {"n.ipynb": '{"source": ["from a import cbs\\n", "cbs"]}'},
    "a notebook that runs it": {"n.ipynb": '{"source": ["%run a.py\\n", "len(cbs)"]}'},
    "__import__": {"b.py": "__import__('a').cbs"},
}
NOT_READ = {
    "nobody": {"b.py": "import os"},
    "another name": {"b.py": "from a import other"},
    "a name of their own": {"b.py": "from a import other\ncbs = []\nlen(cbs)"},
    "an unrelated file": {"b.py": "from z import cbs"},
    "keras' module": {"b.py": "from a import other\nfrom tensorflow.keras import callbacks"},
    "a comment": {"b.py": "import a\n# cbs"},
}
SOURCE = LEGACY + "cbs = [W()]\nm.fit(callbacks=cbs)\n"


def project(others: dict[str, str], source: str = SOURCE, path: str = "a.py") -> Project:
    files = {path: source, **others}
    return Project.of({name: text.encode() for name, text in files.items()})


@pytest.mark.parametrize("others", READS.values(), ids=READS)
def test_a_name_that_others_read(others):
    found = project(others)
    assert found.reads_name("a.py", "cbs")
    assert verdict(SOURCE, found, "a.py") == "none"


MANY = {f"b{n}.py": "from a import cbs\nm.fit(x, callbacks=cbs)" for n in range(21)}
FOLLOWED = {
    "trains": ({"b.py": "from a import cbs\nm.fit(x, callbacks=cbs)"}, "several"),
    "under another name": ({"b.py": "from a import cbs as c\nm.fit(x, callbacks=c)"}, "several"),
    "through a module": ({"b.py": "import a\nm.fit(x, callbacks=[*a.cbs, other])"}, "several"),
    "counts": ({"b.py": "import a\nprint(len(a.cbs))"}, "one"),
    "unpacks": ({"b.py": "from a import cbs\nfirst, second = cbs"}, "one"),
    "asks for an attribute": ({"b.py": "from a import cbs\nprint(cbs[0].monitor)"}, "none"),
    "sets it": ({"b.py": "import a\na.cbs = []"}, "none"),
    "adds to it in place": ({"b.py": "from a import cbs\ncbs += [other]"}, "none"),
    "binds the name, too": ({"b.py": "from a import cbs\ncbs = cbs + [other]"}, "none"),
    "gives it on renamed": (
        {"b.py": "from a import cbs as c", "d.py": "from b import c\nshow(c)"},
        "none",
    ),
    "has a logger": (
        {"b.py": "from a import cbs\nm.fit(x, callbacks=[*cbs, WandbMetricsLogger()])"},
        "none",
    ),
    "asks for the class": (
        {"b.py": "from a import cbs\nfrom wandb.keras import WandbCallback\nshow(WandbCallback)"},
        "none",
    ),
    "is no Python": ({"b.py": "from a import cbs\nprint cbs"}, "none"),
    "in many files": (MANY, "none"),
}


@pytest.mark.parametrize(("others", "wanted"), FOLLOWED.values(), ids=FOLLOWED)
def test_a_name_is_followed_into_other_files(others, wanted):
    assert verdict(SOURCE, project(others), "a.py") == wanted


@pytest.mark.parametrize("others", NOT_READ.values(), ids=NOT_READ)
def test_a_name_that_nobody_else_reads(others):
    found = project(others)
    assert not found.reads_name("a.py", "cbs")
    assert verdict(SOURCE, found, "a.py") == "several"


def test_a_name_called_callbacks_beside_keras_own():
    found = project({"b.py": "from a import f\nimport tensorflow as tf\ntf.keras.callbacks.X()"})
    assert not found.reads_name("a.py", "callbacks")


@pytest.mark.parametrize(
    ("path", "other", "text"),
    [
        ("p/a.py", "p/b.py", "from .a import cbs"),
        ("p/a.py", "p/q/b.py", "from ..a import cbs"),
        ("p/a.py", "p/b.py", "from . import a\na.cbs"),
        ("p/a.py", "b.py", "from p.a import cbs"),
        ("p/a.py", "b.py", "from p import a\na.cbs"),
        ("p/a.py", "b.py", "import p.a\np.a.cbs"),
        ("p/a.py", "p/b.py", "from a import cbs"),
        ("p/__init__.py", "b.py", "from p import cbs"),
        ("p/__init__.py", "p/b.py", "from . import cbs"),
        ("src/p/a.py", "tests/test_a.py", "from p.a import cbs"),
        ("p/a.py", "p/__init__.py", "from .a import cbs"),
    ],
)
def test_packages(path, other, text):
    assert project({other: text}, path=path).reads_name(path, "cbs")


def test_a_module_of_that_name_elsewhere_is_another_one():
    files = {"one/a.py": SOURCE, "two/a.py": "", "two/b.py": "from a import cbs"}
    found = Project.of({name: text.encode() for name, text in files.items()})
    assert not found.reads_name("one/a.py", "cbs")


ATTRIBUTE = (
    LEGACY
    + """\
class T:
    def __init__(self):
        self.cbs = [W()]
    def run(self):
        m.fit(callbacks=self.cbs)
"""
)


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        ({"b.py": "from a import T\nlen(T().cbs)"}, "none"),
        ({"b.py": "from a import T\ngetattr(T(), 'cbs')"}, "none"),
        ({"b.py": "from a import T\nclass S(T, B):\n    pass"}, "none"),
        ({"b.py": "from a import T", "c.py": "import b\nx.cbs"}, "none"),
        ({"b.py": "from a import T\nT().run()"}, "several"),
        ({"b.py": "len(x.cbs)"}, "several"),
    ],
)
def test_attributes(others, wanted):
    assert verdict(ATTRIBUTE, project(others, ATTRIBUTE), "a.py") == wanted


INLINE = LEGACY + "def main(m):\n    m.fit(callbacks=[W()])\n"


@pytest.mark.parametrize(
    ("asks", "wanted"),
    [
        ("m.fit.call_args.kwargs", "none"),
        ("m.mock_calls", "none"),
        ("m.load.side_effect = OSError", "several"),
    ],
)
def test_fakes_that_tell_with_what_they_were_called(asks, wanted):
    others = {"test_a.py": f"from a import main\nm = MagicMock()\nmain(m)\n{asks}\n"}
    assert verdict(INLINE, project(others, INLINE), "a.py") == wanted


METHOD = (
    LEGACY
    + """\
class T:
    def make(self):
        return [W()]
    def run(self):
        m.fit(callbacks=self.make())
"""
)


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        ({"b.py": "from a import T\nlen(T().make())"}, "none"),
        ({"b.py": "from a import T\nclass S(T):\n    def make(self):\n        return []"}, "none"),
        ({"b.py": "from a import T\nT().run()"}, "several"),
    ],
)
def test_methods(others, wanted):
    assert verdict(METHOD, project(others, METHOD), "a.py") == wanted


@pytest.mark.parametrize(
    ("others", "wanted"),
    [
        ({"b.py": "class T:\n    def fit(self, callbacks):\n        len(callbacks)"}, "several"),
        ({"b.py": "import a\nclass T:\n    def fit(self, callbacks):\n        pass"}, "none"),
        (
            {"b.py": "class T:\n    def fit(self, **kw):\n        pass", "c.py": "import a, b"},
            "none",
        ),
        ({"b.py": "import a\nclass T:\n    def fit(self, x):\n        pass"}, "several"),
        ({"b.py": "import a\nclass T:\n    @wrap\n    def fit(self, x):\n        pass"}, "none"),
        ({"b.py": "import a\nclass T:\n    def fit(self, a, b, c, d, e, f): pass"}, "none"),
        ({"b.py": "import a\nclass T:\n    def fit(self): pass\nT.fit = wrap(T.fit)"}, "none"),
        ({"b.py": "import a\nModel.fit = wrap"}, "none"),
        ({"b.py": "import a\nclass T:\n    def train(self):\n        m.fit()"}, "several"),
    ],
)
def test_fit_of_a_class_of_another_file(others, wanted):
    source = LEGACY + "m.fit(callbacks=[W()])\n"
    assert verdict(source, project(others, source), "a.py") == wanted


def test_fit_of_another_file_that_is_a_module():
    source = LEGACY + "from lib import trainer\ntrainer.fit(m, callbacks=[W()])\n"
    assert verdict(source, project({"lib/trainer.py": "x = 1"}, source), "a.py") == "none"


@pytest.mark.parametrize(
    "text",
    [
        "import a\nfrom wandb.keras import WandbCallback\nWandbCallback.on_epoch_end = f",
        "import a\nfrom wandb.keras import WandbCallback\nsetattr(WandbCallback, 'x', f)",
        "import a\nmock.patch('wandb.keras.WandbCallback')",
        "import a\nmock.patch.object(wandb.keras.WandbCallback, 'on_epoch_end')",
    ],
)
def test_the_class_is_changed_by_another_file(text):
    source = LEGACY + "m.fit(callbacks=[W()])\n"
    assert verdict(source, project({"b.py": text}, source), "a.py") == "none"


def test_a_file_alone_is_read_where_it_is_public():
    alone = Project.alone()
    assert verdict(SOURCE, alone) == "none"
    assert verdict(SOURCE.replace("cbs", "_cbs"), alone) == "several"
    assert verdict(ATTRIBUTE, alone) == "none"
    assert verdict(METHOD, alone) == "none"
    inside = LEGACY + "def f():\n    cbs = [W()]\n    m.fit(callbacks=cbs)\n"
    assert verdict(inside, alone) == "several"
    assert verdict(LEGACY + "m.fit(callbacks=[W()])\n", alone) == "several"
    main = LEGACY + "if __name__ == '__main__':\n    cbs = [W()]\n    m.fit(callbacks=cbs)\n"
    assert verdict(main, alone) == "several"
    other = main + "else:\n    cbs = []\n"
    assert verdict(other, alone) == "none"


def test_a_notebook_cannot_be_imported():
    assert verdict(SOURCE, Project.alone(), "n.ipynb") == "several"


def test_a_module_that_imports_itself():
    source = LEGACY + "import a\ncbs = [W()]\nshow(a.cbs)\nm.fit(callbacks=cbs)\n"
    assert verdict(source, project({}, source), "a.py") == "none"


def test_it_travels_to_other_processes_and_is_small():
    found = project({f"b{i}.py": "import os\n" * 1000 for i in range(50)})
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(pickle.dumps(found)) < 2000


def test_files_without_constructions_cost_nothing():
    assert Project.of({"a.py": b"import os\n"}) == Project.of({})


@pytest.mark.parametrize(
    ("others", "mark", "read"),
    [
        ({"b.py": "import n\nn.cbs"}, "", False),
        ({"m.ipynb": "%run n.ipynb\ncbs"}, "", True),
        ({"b.py": "import import_ipynb\nfrom n import cbs"}, "", True),
        ({"b.py": "from n import cbs"}, "#| export\n", True),
    ],
)
def test_notebooks_are_read_only_by_those_who_know_how(others, mark, read):
    found = project(others, mark + SOURCE, "n.ipynb")
    assert found.reads_name("n.ipynb", "cbs") is read
