"""Every legacy spelling works with the shim, on every era of wandb, and nothing is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def forget_warnings() -> None:
    """Everything here runs in processes of its own."""


# Each leaves the class it is about in `found`; the spellings that public code uses.
SPELLINGS = {
    "from_old_home": "from wandb.keras import WandbCallback as found",
    "attribute": "import wandb; found = wandb.keras.WandbCallback",
    "attribute_of_alias": "import wandb as wb; found = wb.keras.WandbCallback",
    "from_new_home": "from wandb.integration.keras import WandbCallback as found",
    "module_alias": "import wandb.keras as cb; found = cb.WandbCallback",
    "module": "import wandb.keras; found = wandb.keras.WandbCallback",
    "from_wandb": "from wandb import keras; found = keras.WandbCallback",
    "from_integration": "from wandb.integration import keras as k; found = k.WandbCallback",
    "import_module": "import importlib as i; found = i.import_module('wandb.keras').WandbCallback",
    "getattr": "import wandb.keras as k; found = getattr(k, 'WandbCallback')",
    "dunder_import": "found = __import__('wandb.keras', fromlist=['WandbCallback']).WandbCallback",
    "new_home_module": "import wandb.integration.keras as k; found = k.WandbCallback",
    "defining_module": "from wandb.integration.keras.keras import WandbCallback as found",
    "defining_module_attribute": (
        "import wandb.integration.keras; found = wandb.integration.keras.keras.WandbCallback"
    ),
    "star": "from wandb.keras import *; found = WandbCallback",
    "star_new_home": "from wandb.integration.keras import *; found = WandbCallback",
    "guarded": (
        "try:\n    from wandb.integration.keras import WandbCallback as found\n"
        "except ImportError:\n    from wandb.keras import WandbCallback as found"
    ),
    "before_2019": "from wandb.wandb_keras import WandbKerasCallback as found",
    "in_function": "def f():\n    from wandb.keras import WandbCallback\n    return WandbCallback\n"
    "found = f()",
}
TRIO = ("WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback")
TRIO_SPELLINGS = {
    f"{name} from {home}": f"from {home} import {name} as found"
    for name in TRIO
    for home in ("wandb.keras", "wandb.integration.keras", "wandb.integration.keras.callbacks")
}
TRIO_SPELLINGS["attribute"] = "import wandb; found = wandb.keras.WandbMetricsLogger"
TRIO_SPELLINGS["with the callback"] = (
    "from wandb.keras import WandbMetricsLogger as found, WandbModelCheckpoint, WandbCallback"
)
TRIO_SPELLINGS["star"] = "from wandb.keras import *; found = WandbModelCheckpoint"
TRIO_SPELLINGS["deep"] = (
    "from wandb.integration.keras.callbacks.tables_builder import WandbEvalCallback as found"
)

# Stand-ins for wandb's releases, with the structure of the real ones.
LAZY = """
import importlib, sys, types
class LazyLoader(types.ModuleType):
    def __init__(self, local, space, name):
        super().__init__(name)
        self._local, self._space = local, space
    def __getattr__(self, item):
        module = importlib.import_module(self.__name__)
        self._space[self._local] = module
        sys.modules[self._local] = module
        self.__dict__.update(module.__dict__)
        return getattr(module, item)
keras = LazyLoader("wandb.keras", globals(), "wandb.integration.keras")
"""
NEEDS_FRAMEWORK = "import framework_of_upstream\n"
CLASS = "class {0}: pass\n"


class Wandb:
    """Writes a stand-in of one release to a folder."""

    def __init__(self, version: str, *, keras: bool, callback: bool, home: bool = True) -> None:
        self.version, self.keras, self.callback, self.home = version, keras, callback, home

    def write(self, folder: Path, framework: bool) -> None:
        files = {"__init__.py": f"__version__ = {self.version!r}\n" + (LAZY if self.home else "")}
        files["integration/__init__.py"] = ""
        if self.home:
            names = [*TRIO, *(["WandbCallback"] if self.callback else [])]
            imports = "from .callbacks import " + ", ".join(TRIO) + "\n"
            if self.callback:
                imports += "from .keras import WandbCallback\n"
            files["integration/keras/__init__.py"] = f"__all__ = {tuple(names)!r}\n{imports}"
            files["integration/keras/keras.py"] = NEEDS_FRAMEWORK + (
                CLASS.format("WandbCallback") + "def own(): return WandbCallback\n"
                if self.callback
                else ""
            )
            homes = dict(zip(("metrics_logger", "model_checkpoint", "tables_builder"), TRIO))
            files["integration/keras/callbacks/__init__.py"] = "".join(
                f"from .{module} import {name}\n" for module, name in homes.items()
            )
            for module, name in homes.items():
                files[f"integration/keras/callbacks/{module}.py"] = NEEDS_FRAMEWORK + CLASS.format(
                    name
                )
        if self.keras:
            names = ["WandbCallback", *TRIO]
            files["keras/__init__.py"] = (
                f"__all__ = {tuple(names)!r}\n"
                f"from wandb.integration.keras import {', '.join(names)}\n"
            )
        for name, text in files.items():
            path = folder / "wandb" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if framework:
            (folder / "framework_of_upstream.py").write_text("")


ERAS = {
    "0.16": Wandb("0.16.6", keras=True, callback=True),
    "0.27.0": Wandb("0.27.0", keras=False, callback=True),
    "0.31": Wandb("0.31.0", keras=False, callback=False),
    "future": Wandb("9.0.0", keras=False, callback=False, home=False),
}

# Our classes are stand-ins as well: the shim's choice is what is tested here.
PRELUDE = """
import json, sys, types
from wandb_keras_compat import callbacks
legacy = sys.modules["wandb_keras_compat.legacy"] = types.ModuleType("wandb_keras_compat.legacy")
homes = dict.fromkeys(("WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback"), callbacks)
for name, home in {"WandbCallback": legacy, **homes}.items():
    setattr(home, name, type(name, (), {"__module__": "ours"}))
from wandb_keras_compat import shim
def try_(code):
    space = {}
    try:
        exec(code, space)
    except Exception as error:
        return type(error).__name__
    return "ours" if space["found"].__module__ == "ours" else "upstream"
"""


def run(folder: Path, body: str) -> Any:
    """Run code in a process that finds the stand-in for wandb first; return what it prints."""
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + body],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


ORDERS = {
    "first": "",
    "after wandb": "import wandb\n",
    "after wandb's keras": (
        "import wandb\ntry:\n    import wandb.integration.keras\nexcept ImportError:\n    pass\n"
    ),
    "after wandb's lazy attribute was used": (
        "import wandb\ntry:\n    wandb.keras.WandbMetricsLogger\n"
        "except (ImportError, AttributeError):\n    pass\n"
    ),
}


@pytest.mark.parametrize("framework", [True, False], ids=["framework", "no framework"])
@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("era", sorted(ERAS))
def test_every_spelling_where_wandbs_is_preferred(
    era: str, order: str, framework: bool, tmp_path: Path
) -> None:
    """One process for all spellings: what was imported is dropped between them."""
    release = ERAS[era]
    release.write(tmp_path, framework)
    body = (
        f"spellings = { ({**SPELLINGS, **TRIO_SPELLINGS})!r}\n"
        "found, clean = {}, set(sys.modules)\n"
        "for name, code in spellings.items():\n"
        "    for known in set(sys.modules) - clean:\n"
        "        if known.split('.')[0] == 'wandb':\n            del sys.modules[known]\n"
        f"    exec({ORDERS[order]!r}, {{}})\n"
        "    shim.install('wandb')\n    found[name] = try_(code)\n    shim.uninstall()\n"
        "print(json.dumps(found))"
    )
    found: dict[str, str] = run(tmp_path, body)
    has_callback = "upstream" if framework and release.callback else "ours"
    has_trio = "upstream" if framework and release.home else "ours"
    expected = dict.fromkeys(SPELLINGS, has_callback)
    expected["before_2019"] = "ours"
    expected.update(dict.fromkeys(TRIO_SPELLINGS, has_trio))
    if era == "future":  # nothing gives `import wandb` the attribute by itself
        for name in ("attribute", "attribute_of_alias"):
            assert found.pop(name) == "AttributeError"
            del expected[name]
    assert found == expected


@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("era", ["0.16", "0.27.0", "0.31"])
def test_by_default_ours_is_taken_everywhere(era: str, order: str, tmp_path: Path) -> None:
    ERAS[era].write(tmp_path, framework=True)
    body = (
        f"{ORDERS[order]}\nshim.install()\n"
        f"spellings = { ({**SPELLINGS, **TRIO_SPELLINGS})!r}\n"
        "print(json.dumps({name: try_(code) for name, code in spellings.items()}))"
    )
    found = run(tmp_path, body)
    assert set(found.values()) == {"ours"}, found


@pytest.mark.parametrize("era", sorted(ERAS))
def test_what_a_module_offers_is_listed(era: str, tmp_path: Path) -> None:
    ERAS[era].write(tmp_path, framework=True)
    body = (
        "from wandb_keras_compat.shim.homes import HOMES\nimport importlib\nshim.install()\n"
        "missing = {n: sorted({*HOMES[n]} - {*dir(importlib.import_module(n))}) for n in HOMES}\n"
        "print(json.dumps(missing))"
    )
    assert set(map(tuple, run(tmp_path, body).values())) == {()}


STATE = """
def state():
    names = sorted(n for n in sys.modules if n.split('.')[0] == 'wandb')
    spaces = {n: {k: id(v) for k, v in vars(sys.modules[n]).items() if k != '__builtins__'}
              for n in names}
    loaders = {n: type(sys.modules[n].__spec__.loader).__module__ for n in names}
    return [{n: id(sys.modules[n]) for n in names}, spaces, loaders, [id(f) for f in sys.meta_path]]
"""


@pytest.mark.parametrize("prefer", ["ours", "wandb"])
@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("era", sorted(ERAS))
def test_uninstall_restores_everything(era: str, order: str, prefer: str, tmp_path: Path) -> None:
    ERAS[era].write(tmp_path, framework=True)
    body = (
        f"{STATE}\n{ORDERS[order]}\nbefore = state()\n"
        f"shim.install({prefer!r})\nshim.uninstall()\n"
        "print(json.dumps(before == state()))"
    )
    assert run(tmp_path, body) is True


@pytest.mark.parametrize("framework", [True, False], ids=["framework", "no framework"])
@pytest.mark.parametrize("prefer", ["ours", "wandb"])
@pytest.mark.parametrize("era", sorted(ERAS))
def test_after_use_and_uninstall_wandb_is_as_upstream_made_it(
    era: str, prefer: str, framework: bool, tmp_path: Path
) -> None:
    ERAS[era].write(tmp_path, framework)
    spellings = {**SPELLINGS, **TRIO_SPELLINGS}
    body = (
        f"spellings = {spellings!r}\n"
        f"shim.install({prefer!r})\nfor code in spellings.values():\n    try_(code)\n"
        "shim.uninstall()\n"
        "left = [n for n, m in sys.modules.items() if n.split('.')[0] == 'wandb' and any(\n"
        "    'wandb_keras_compat' in (getattr(v, '__module__', None) or '') or\n"
        "    getattr(v, '__module__', '') == 'ours' for v in vars(m).values())]\n"
        "loaders = {type(m.__spec__.loader).__module__ for n, m in sys.modules.items()\n"
        "           if n.split('.')[0] == 'wandb'}\n"
        "for code in spellings.values():\n    try_(code)\n"  # the lazy attribute loads, once
        "found = {name: try_(code) for name, code in spellings.items()}\n"
        "print(json.dumps([left, 'wandb_keras_compat.shim' in loaders, found]))"
    )
    left, own_loader, found = run(tmp_path, body)
    assert (left, own_loader) == ([], False)
    assert "ours" not in found.values()
    plain = (
        f"spellings = {spellings!r}\n"
        "for code in spellings.values():\n    try_(code)\n"
        "print(json.dumps({name: try_(code) for name, code in spellings.items()}))"
    )
    assert found == run(tmp_path, plain)


def test_install_imports_neither_wandb_nor_a_framework(tmp_path: Path) -> None:
    ERAS["0.31"].write(tmp_path, framework=True)
    body = (
        "shim.install()\nfrom wandb.keras import WandbCallback\n"
        "print(json.dumps(['framework_of_upstream' in sys.modules]))"
    )
    assert run(tmp_path, "shim.install()\nprint(json.dumps('wandb' in sys.modules))") is False
    assert run(tmp_path, body) == [False]


def test_install_is_idempotent_and_the_last_choice_counts(tmp_path: Path) -> None:
    ERAS["0.27.0"].write(tmp_path, framework=True)
    body = (
        "code = 'from wandb.integration.keras import WandbCallback as found'\n"
        "shim.uninstall()\nbefore = len(sys.meta_path)\n"
        "shim.install()\nshim.install()\nonce = len(sys.meta_path) - before\n"
        "plain = try_(code)\nshim.install(prefer='wandb')\ntheirs = try_(code)\n"
        "shim.install()\nback = try_(code)\nshim.uninstall()\nshim.uninstall()\n"
        "print(json.dumps([once, plain, theirs, back, len(sys.meta_path) - before]))"
    )
    assert run(tmp_path, body) == [1, "ours", "upstream", "ours", 0]


def test_a_preference_for_neither_is_named(tmp_path: Path) -> None:
    ERAS["0.31"].write(tmp_path, framework=True)
    body = (
        "try:\n    shim.install(prefer='theirs')\nexcept ValueError as error:\n"
        "    print(json.dumps([str(error), shim.installed()]))"
    )
    assert run(tmp_path, body) == ["prefer='theirs': expected 'ours' or 'wandb'.", False]


def test_wandbs_own_code_still_finds_its_own_class(tmp_path: Path) -> None:
    """Old releases look for their callback in a `fit` they patched."""
    ERAS["0.16"].write(tmp_path, framework=True)
    body = (
        "shim.install()\nimport wandb.integration.keras.keras as k\n"
        "print(json.dumps([k.own().__module__, k.WandbCallback.__module__]))"
    )
    assert run(tmp_path, body) == ["wandb.integration.keras.keras", "ours"]


@pytest.mark.parametrize("era", ["0.16", "0.27.0", "0.31"])
@pytest.mark.parametrize("prefer", ["ours", "wandb"])
def test_a_name_can_be_replaced_as_test_suites_do(era: str, prefer: str, tmp_path: Path) -> None:
    ERAS[era].write(tmp_path, framework=True)
    body = (
        f"shim.install({prefer!r})\nimport wandb.integration.keras as k\n"
        "before = k.WandbCallback\nk.WandbCallback = 'replaced'\nduring = k.WandbCallback\n"
        "k.WandbCallback = before\nafter = k.WandbCallback is before\n"
        "print(json.dumps([during, after]))"
    )
    assert run(tmp_path, body) == ["replaced", True]


def test_a_missing_name_is_still_missing(tmp_path: Path) -> None:
    ERAS["0.31"].write(tmp_path, framework=True)
    body = (
        "shim.install()\nprint(json.dumps([try_(code) for code in (\n"
        "'from wandb.keras import Nonsense as found',\n"
        "'from wandb.integration.keras import Nonsense as found',\n"
        "'import wandb; found = wandb.keras.Nonsense',\n"
        "'import wandb.nonsense as found',\n"
        "'from wandb.wandb_keras import WandbMetricsLogger as found')]))"
    )
    assert run(tmp_path, body) == [
        "ImportError", "ImportError", "AttributeError", "ModuleNotFoundError", "ImportError"
    ]  # fmt: skip


def test_an_error_in_upstreams_module_that_is_no_import_error_passes(tmp_path: Path) -> None:
    ERAS["0.31"].write(tmp_path, framework=True)
    (tmp_path / "framework_of_upstream.py").write_text("raise RuntimeError('broken driver')")
    code = "from wandb.integration.keras import WandbCallback as found"
    assert run(tmp_path, f"shim.install()\nprint(json.dumps(try_({code!r})))") == "RuntimeError"


# Threads, and finders of others

THREADS = """
import threading
from wandb_keras_compat.shim.homes import HOMES
names = NAMES * 4
together, found = threading.Barrier(len(names)), []
def fetch(name):
    together.wait()
    try:
        module = __import__(name, fromlist=["x"])
        homes = {getattr(module, n).__module__.partition(".")[0] for n in HOMES[name]}
        found.append([name, " ".join(sorted(homes))])
    except BaseException as error:
        found.append([name, f"failed: {error!r}"])
threads = [threading.Thread(target=fetch, args=(name,)) for name in names]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(json.dumps(sorted(found)))
"""
# Python itself refuses when one thread imports a package and another a part of it (its issue
# 83065), so those imported at once do not contain each other.
AT_ONCE = {
    "homes": ("", ["wandb.keras", "wandb.integration.keras", "wandb.wandb_keras"]),
    "parts": (
        "import wandb.integration.keras.callbacks\n",
        [
            "wandb.keras",
            "wandb.wandb_keras",
            "wandb.integration.keras.keras",
            "wandb.integration.keras.callbacks.metrics_logger",
            "wandb.integration.keras.callbacks.model_checkpoint",
            "wandb.integration.keras.callbacks.tables_builder",
        ],
    ),
}


@pytest.mark.parametrize("framework", [True, False], ids=["framework", "no framework"])
@pytest.mark.parametrize("prefer", ["ours", "wandb"])
@pytest.mark.parametrize("names", sorted(AT_ONCE))
@pytest.mark.parametrize("era", sorted(ERAS))
def test_threads_that_import_at_once_find_what_one_finds(
    era: str, names: str, prefer: str, framework: bool, tmp_path: Path
) -> None:
    ERAS[era].write(tmp_path, framework)
    before, at_once = AT_ONCE[names]
    before = f"shim.install({prefer!r})\n{before}"
    for path in (tmp_path / "wandb" / "integration").rglob("*.py"):  # in no order of its own
        path.write_text(
            f"import random, time\ntime.sleep(random.random() / 50)\n{path.read_text()}"
        )
    threads = THREADS.replace("NAMES", repr(at_once))
    one_by_one = threads.replace("together.wait()", "pass").replace(
        "[thread.start() for thread in threads], [thread.join() for thread in threads]",
        "[(thread.start(), thread.join()) for thread in threads]",
    )
    found = run(tmp_path, before + threads)
    assert not [result for _, result in found if result.startswith("failed")]
    assert found == run(tmp_path, before + one_by_one)


DELEGATING = """
class Delegating:
    def find_spec(self, name, path=None, target=None):
        for finder in sys.meta_path:
            if finder is not self and name.startswith("wandb"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
"""


@pytest.mark.parametrize("era", sorted(ERAS))
@pytest.mark.parametrize("other", ["copy", "delegating before", "delegating after"])
def test_beside_a_finder_that_asks_the_others(other: str, era: str, tmp_path: Path) -> None:
    ERAS[era].write(tmp_path, framework=True)
    made = {
        "copy": "from wandb_keras_compat.shim.finder import Finder\n"
        "shim.install()\nsys.meta_path.insert(0, Finder('ours'))\n",
        "delegating before": "sys.meta_path.insert(0, Delegating())\nshim.install()\n",
        "delegating after": "shim.install()\nsys.meta_path.insert(0, Delegating())\n",
    }[other]
    body = f"found = {{n: try_(c) for n, c in {SPELLINGS!r}.items()}}\nprint(json.dumps(found))"
    assert run(tmp_path, DELEGATING + made + body) == run(tmp_path, "shim.install()\n" + body)


# The real wandb of this environment, and the real classes


@pytest.mark.skipif(find_spec("wandb") is None, reason="this environment has no wandb")
@pytest.mark.parametrize("order", ["first", "after wandb"])
@pytest.mark.parametrize("prefer", ["ours", "wandb"])
def test_every_spelling_with_the_installed_wandb(prefer: str, order: str, tmp_path: Path) -> None:
    from wandb_keras_compat import detect

    found = detect()
    if found.callbacks_on is None or found.wandb is None:
        pytest.skip("this environment has no Keras")
    real = (
        "import json, sys, warnings\nwarnings.simplefilter('ignore')\n"
        f"{ORDERS[order]}\nfrom wandb_keras_compat import shim\nshim.install({prefer!r})\n"
        "homes = {}\n"
        f"for name, code in {SPELLINGS!r}.items():\n"
        "    space = {}\n    exec(code, space)\n    homes[name] = space['found'].__module__\n"
        "print('\\n' + json.dumps(homes))"
    )
    done = subprocess.run(
        [sys.executable, "-c", real], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    homes: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    upstream = found.wandb.legacy_callback and found.tensorflow is not None and prefer == "wandb"
    theirs = "wandb.integration.keras.keras" if upstream else "wandb_keras_compat.legacy"
    different: list[str] = [name for name, home in homes.items() if home != theirs]
    assert different == (["before_2019"] if upstream else [])
