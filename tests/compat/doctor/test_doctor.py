"""The doctor: by simulation for a table of environments, and in the environment of the row."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import wandb_keras_compat
from wandb_keras_compat import doctor, environment
from wandb_keras_compat._printed import coloured
from wandb_keras_compat.doctor import diagnosing
from wandb_keras_compat.doctor.arguments import PARAMETERS, UNKNOWN
from wandb_keras_compat.doctor.checks import BREAK, CHECKS, NOTE
from wandb_keras_compat.doctor.facts import OFF, ON, OURS_ON, Facts, collect
from wandb_keras_compat.doctor.report import as_json, as_text
from wandb_keras_compat.doctor.sources import scan
from wandb_keras_compat.doctor.uses import Sources, Use
from wandb_keras_compat.environment import detection
from wandb_keras_compat.environment.releases import TF_WITH_KERAS_3

NEW_HOME = "wandb.integration.keras"
LEGACY = f"from {NEW_HOME} import WandbCallback\n"
OLD_HOME = "from wandb.keras import WandbCallback\n"
TRIO = "from wandb.integration.keras import WandbMetricsLogger\n"
SILENT = f"try:\n    {OLD_HOME}except ImportError:\n    pass\n"
FALLBACK = f"try:\n    {OLD_HOME}except ImportError:\n    {LEGACY}"
OTHER_WAY = f"try:\n    {LEGACY}except ImportError:\n    {OLD_HOME}"
TWICE = OTHER_WAY.replace(OLD_HOME, FALLBACK.replace("\n", "\n    "))
ANY_KERAS = (
    "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\nkeras.Input"
)
WORKERS = """
import wandb
class Data(Sequence):
    def __getitem__(self, index):
        return wandb.config.size
model.fit(Data(), use_multiprocessing=True)
"""


def facts(environ=None, protobuf="6.33.6", numpy="1.26.4", shim=OFF, spawns=False, **versions):
    """An environment by its versions; TensorFlow 2.21, Keras 3.15 and wandb 0.31 unless told."""
    known = dict.fromkeys(detection.DISTRIBUTIONS)
    known.update(tensorflow="2.21.0", keras="3.15.1", wandb="0.31.0")
    known.update(versions)
    found = detection.judge(known, environ or {}, frozenset())
    return Facts(found, environ or {}, protobuf, numpy, shim, spawns)


OLD_TF = {"tensorflow": "2.15.1", "keras": "2.15.0", "protobuf": "4.25.9"}
NO_TF = {"tensorflow": None, "jax": "0.12", "environ": {"KERAS_BACKEND": "jax"}}

LIGHT = "save_model=False, save_graph=False"
TF_2_5 = {"tensorflow": "2.5.3", "keras": None, "protobuf": "3.20.3"}
TF_2_16 = {"tensorflow": "2.16.2", "keras": "3.0.5", "protobuf": "4.25.9"}
TF_2_13 = {**OLD_TF, "tensorflow": "2.13.1", "keras": "2.13.1", "wandb": "0.25.1"}
EVAL = "from wandb.integration.keras import WandbEvalCallback\nclass E(WandbEvalCallback): pass"


OLD_CHECKPOINT = "from wandb.keras import WandbModelCheckpoint\nWandbModelCheckpoint('model')"


def checkpoint(arguments, **settings):
    """The environment and the code of a case about W&B's WandbModelCheckpoint."""
    name = "WandbModelCheckpoint"
    return settings, f"from wandb.integration.keras import {name}\n{name}({arguments})"


def protobuf(version, tensorflow, wandb):
    """An environment of these versions; without TensorFlow on JAX."""
    if tensorflow is None:
        return {**NO_TF, "protobuf": version, "wandb": wandb}
    keras = "3.15.1" if tensorflow in TF_WITH_KERAS_3 else None
    return {"protobuf": version, "tensorflow": tensorflow, "wandb": wandb, "keras": keras}


# environment, code (None: no PATH) -> breaks, notes
CASES = [
    ({}, None, [], ["shim-off"]),
    ({"shim": ON}, None, [], []),
    (NO_TF, None, [], ["shim-off", "needs-tensorflow"]),
    ({**OLD_TF, "wandb": "0.27.0"}, LEGACY, [], []),
    ({**OLD_TF, "wandb": "0.27.0"}, OLD_HOME, ["keras-module"], []),
    ({**OLD_TF, "wandb": "0.16.6"}, OLD_HOME, [], []),
    # the attribute outlived the module: W&B loads it lazily
    ({**OLD_TF, "wandb": "0.27.0"}, "import wandb\nwandb.keras.WandbCallback()", [], []),
    ({}, "import wandb\nwandb.keras.WandbCallback()", ["legacy-class"], []),
    ({}, LEGACY, ["legacy-class"], []),
    ({}, "import wandb.integration.keras as k\nk.WandbCallback()", ["legacy-class"], []),
    ({"shim": ON}, LEGACY, [], []),
    ({}, TRIO, [], []),
    ({}, SILENT, ["keras-module", "silent-import"], []),
    ({**OLD_TF, "wandb": "0.27.0"}, FALLBACK, [], []),
    ({}, FALLBACK, ["legacy-class"], []),
    ({**OLD_TF, "wandb": "0.27.0"}, OTHER_WAY, [], []),  # the old home is not come to
    ({}, OTHER_WAY, ["keras-module"], []),
    ({**OLD_TF, "wandb": "0.27.0"}, TWICE, [], []),
    ({}, TWICE, ["legacy-class"], []),
    ({}, OTHER_WAY.replace(LEGACY, "import another\n"), ["keras-module"], []),
    (NO_TF, ANY_KERAS, [], []),
    ({"keras": None, "tensorflow": "2.4.4", "wandb": "0.13.4", "protobuf": "3.20.3"}, ANY_KERAS, [], []),
    ({"tf_keras": "2.21.0", "environ": {"TF_USE_LEGACY_KERAS": "1"}}, ANY_KERAS, [], []),
    ({"wandb": "0.27.0"}, OTHER_WAY + f"\nWandbCallback({LIGHT})", [], []),
    (NO_TF, TRIO, ["needs-tensorflow"], []),
    ({**NO_TF, "shim": ON}, TRIO, [], []),
    ({}, "import wandb.wandb_keras", ["old-home"], []),
    ({"wandb": "0.27.0"}, LEGACY + "import keras", ["legacy-on-keras-3"], []),
    ({"wandb": "0.27.0", "shim": ON}, LEGACY, ["legacy-on-keras-3"], []),
    ({"wandb": "0.27.0", "shim": OURS_ON}, LEGACY, [], []),
    ({"wandb": "0.27.0"}, LEGACY + "WandbCallback(save_model=False)", ["legacy-on-keras-3"], []),
    ({"wandb": "0.27.0"}, LEGACY + f"WandbCallback({LIGHT})", [], []),
    ({**TF_2_16, "wandb": "0.17.8"}, LEGACY + f"WandbCallback({LIGHT})", ["legacy-on-keras-3"], []),
    ({**TF_2_16, "wandb": "0.17.9"}, LEGACY + f"WandbCallback({LIGHT})", [], []),
    ({"wandb": "0.27.0"}, LEGACY + f"WandbCallback({LIGHT}, log_gradients=maybe)", [], []),
    ({"wandb": "0.27.0"}, LEGACY + f"WandbCallback({LIGHT}, **more)", [], []),
    ({"wandb": "0.27.0"}, LEGACY + "class C(WandbCallback): pass", ["legacy-on-keras-3"], []),
    ({**OLD_TF, "wandb": "0.27.0"}, LEGACY + "WandbCallback(log_gradients=True)", ["gradients"], []),
    ({**TF_2_13, "tensorflow": "2.14.1"}, LEGACY + "WandbCallback(log_gradients=True)", ["gradients"], []),
    (TF_2_13, LEGACY + "WandbCallback(log_gradients=True)", [], []),
    (*checkpoint("'model'"), ["checkpoint-path"], []),
    (*checkpoint("'model-{epoch:02d}-{val_loss:.2f}'"), ["checkpoint-path"], []),
    (*checkpoint("os.path.join(run.dir, 'model')"), ["checkpoint-path"], []),
    (*checkpoint("str(Path(folder) / 'm.h5'), save_weights_only=True"), ["checkpoint-path"], []),
    (*checkpoint("folder + '/m.weights.h5', save_weights_only=True"), [], []),
    (*checkpoint("f'{folder}/model.keras'"), [], []),
    (*checkpoint("f'{folder}/model{suffix}'"), [], []),
    (*checkpoint("path, save_best_only=True"), [], []),
    (*checkpoint("*where, save_best_only=True"), [], []),
    (*checkpoint("'model', save_weights_only=weights"), [], []),
    (*checkpoint("'model', **options"), [], []),
    (*checkpoint("path)\npath = folder + '/cp-{epoch}.ckpt'\nprint(path"), ["checkpoint-path"], []),
    (*checkpoint("f'{path}.ckpt')\npath = name = 'model'\npath = path + '.keras'\nprint(path"), ["checkpoint-path"], []),
    (*checkpoint("path)\npath = 'model'\npath += '.keras'\nprint(path"), [], []),
    (*checkpoint("path)\ndef f(path): pass\npath = 'model'\nprint(path"), [], []),
    (*checkpoint("path)\nfrom os import path\npath = 'model'\nprint(path"), [], []),
    (*checkpoint("path)\npath = path + 'model'\nprint(path"), ["checkpoint-path"], []),
    (*checkpoint("'m-{epoch}.keras'"), [], []),
    (*checkpoint("f'{folder}/m-{{epoch}}.keras', 'val_loss', 0, True"), ["checkpoint-best"], []),
    (*checkpoint("'m.keras', save_best_only=True"), [], ["checkpoint-again"]),
    (*checkpoint("'m-{epoch}.h5', save_best_only=True", **OLD_TF, wandb="0.15.5"), [], []),
    (*checkpoint("'m-{epoch}.h5', save_best_only=True", **OLD_TF, wandb="0.15.6"), ["checkpoint-best"], []),
    (*checkpoint("'m.keras', save_best_only=True", **TF_2_13), ["checkpoint-best-as-keras"], []),
    (*checkpoint("'m.keras', save_best_only=True", **{**TF_2_13, "tensorflow": "2.14.1"}), ["checkpoint-best-as-keras"], []),
    (*checkpoint("'m.h5', save_best_only=True", **TF_2_13), [], ["checkpoint-again"]),
    (*checkpoint("'m.keras'", **TF_2_16, wandb="0.17.7"), ["checkpoint-class"], []),
    (*checkpoint("'m.keras'", **TF_2_16, wandb="0.17.8"), [], []),
    (*checkpoint("'m.h5'", **TF_2_5, wandb="0.13.5"), ["checkpoint-class"], []),
    (*checkpoint("'m.h5'", **TF_2_5, wandb="0.13.6"), [], []),
    (*checkpoint("'m.h5'", **{**TF_2_5, "tensorflow": "2.6.4", "keras": "2.6.0"}, wandb="0.13.5"), [], []),
    (*checkpoint("'model'", shim=OURS_ON), [], []),
    ({"environ": {"WANDB_MODE": "offline"}}, EVAL, ["eval-without-server"], ["offline"]),
    ({"environ": {"WANDB_DISABLED": "1"}}, EVAL, ["eval-without-server"], ["disabled"]),
    ({}, EVAL, [], []),
    ({"tf_keras": "2.21.0"}, TRIO + "import tf_keras", ["mixed-kerases"], []),
    (
        {"tf_keras": "2.21.0", "environ": {"TF_USE_LEGACY_KERAS": "1"}},
        TRIO + "import tf_keras",
        [],
        [],
    ),
    ({"tf_keras": "2.21.0"}, "import keras\nimport tf_keras", [], ["both-kerases"]),
    ({"environ": {"TF_USE_LEGACY_KERAS": "1"}}, "from tensorflow import keras", ["environment"], []),
    (NO_TF, "from tensorflow.keras import layers", ["keras-missing"], []),
    ({}, "import tf_keras", ["keras-missing"], []),
    ({}, "try:\n    import tf_keras\nexcept ImportError:\n    tf_keras = None", [], []),
    ({"spawns": True}, WORKERS, ["workers"], []),
    ({}, WORKERS, [], []),
    ({"spawns": True}, WORKERS.replace("index):", "index):\n        wandb.init()"), [], []),
    ({"spawns": True}, WORKERS.replace("True", "False"), [], []),
    (protobuf("4.25.9", "2.15.1", "0.31.0"), "", ["protobuf-wandb"], []),
    (protobuf("5.29.6", "2.17.1", "0.31.0"), "", [], ["protobuf-pin"]),
    (protobuf("5.29.6", "2.12.1", "0.28.1"), "", [], ["protobuf-pin"]),
    (protobuf("5.29.6", "2.12.1", "0.28.0"), "", [], []),
    (protobuf("4.25.9", "2.12.1", "0.28.1"), "", ["protobuf-wandb"], []),
    (protobuf("5.29.6", "2.18.1", "0.31.0"), "", [], []),
    (protobuf("4.25.9", "2.12.1", "0.28.0"), "", [], []),
    (protobuf("4.25.9", "2.11.1", "0.19.11"), "", ["protobuf-tensorflow"], []),
    (protobuf("5.29.6", "2.11.1", "0.31.0"), "", ["protobuf-tensorflow"], []),
    (protobuf("4.25.9", "2.4.4", "0.13.4"), "", ["protobuf-tensorflow"], []),
    (protobuf("4.25.9", "2.19.1", "0.16.6"), "", [], []),
    (protobuf("4.25.9", "2.20.0", "0.16.6"), "", ["protobuf-tensorflow"], []),
    (protobuf("5.27.5", "2.20.0", "0.17.1"), "", ["protobuf-tensorflow"], []),
    (protobuf("5.28.0", "2.20.0", "0.17.1"), "", [], []),
    (protobuf("5.29.6", "2.21.0", "0.17.1"), "", ["protobuf-tensorflow"], []),
    (protobuf("6.31.1", "2.21.0", "0.19.10"), "", [], []),
    (protobuf("3.20.3", "2.8.1", "0.25.0"), "", [], []),
    (protobuf("3.20.3", "2.8.1", "0.25.1"), "", ["protobuf-wandb"], []),
    (protobuf("5.29.6", None, "0.17.0"), "", ["protobuf-wandb"], []),
    (protobuf("5.29.6", None, "0.17.1"), "", [], []),
    (protobuf("6.33.6", None, "0.19.9"), "", ["protobuf-wandb"], []),
    (protobuf("6.33.6", None, "0.19.10"), "", [], []),
    (protobuf("7.36.2", None, "0.25.1"), "", ["protobuf-wandb"], []),
    (protobuf("7.36.2", None, "0.26.0"), "", [], []),
    (protobuf("8.0.0", "2.21.0", "0.31.0"), "", [], []),
    ({**OLD_TF, "wandb": "0.16.6", "numpy": "2.0.2"}, "", ["numpy-wandb"], []),
    ({**OLD_TF, "wandb": "0.17.1", "numpy": "2.0.2"}, "", ["numpy-wandb"], []),
    ({**OLD_TF, "wandb": "0.17.2", "numpy": "2.0.2"}, "", [], []),
    ({**OLD_TF, "wandb": "0.16.6", "numpy": None}, "", [], []),
    ({"environ": {"KERAS_BACKEND": "nonsense"}}, "", ["environment"], []),
    ({"environ": {"WANDB_MODE": "offline"}}, "", [], ["offline"]),
    ({"environ": {"WANDB_MODE": "disabled"}}, "", [], ["disabled"]),
    ({"environ": {"WANDB_DISABLED": "true"}}, "", [], ["disabled"]),
    ({"wandb": None}, LEGACY, ["environment"], []),
    ({}, "def broken(:  # keras", [], ["unread"]),
    # once the import is mended the call fails: both, and a remedy that is good for both
    ({}, OLD_CHECKPOINT, ["keras-module", "checkpoint-path"], []),
    ({"wandb": "0.27.0"}, OLD_HOME + "WandbCallback()", ["keras-module", "legacy-on-keras-3"], []),
    # by scope, and never by spelling
    ({}, "def f():\n    from wandb.keras import WandbCallback\nWandbCallback()", ["keras-module"], []),
    ({}, LEGACY + "def f(WandbCallback): WandbCallback()", ["legacy-class"], []),
    ({}, "import wandb\ndef f(wandb): wandb.keras.WandbCallback()", [], []),
    ({}, "import wandb.apis as wandb\nwandb.keras.WandbCallback()", [], []),
]  # fmt: skip
ROOMS = sys.version_info >= (3, 9) and find_spec("libcst") and find_spec("pathspec")
needs_rooms = pytest.mark.skipif(not ROOMS, reason="code is read with the extra migrate")


@pytest.mark.parametrize(("settings", "code", "breaks", "notes"), CASES)
def test_diagnosis(tmp_path, settings, code, breaks, notes):
    sources = None
    if code is not None:
        if not ROOMS:
            pytest.skip("code is read with the extra migrate")
        (tmp_path / "train.py").write_text(code)
        sources = scan(str(tmp_path))
    case = facts(**settings)
    found = doctor.diagnose(case, sources)
    assert [d.id for d in found if d.level == BREAK] == breaks
    assert [d.id for d in found if d.level == NOTE] == notes
    assert all(d.remedy for d in found if d.level == BREAK)
    text = as_text(case, sources, found)
    assert all(len(line) <= 80 for line in text.splitlines() if str(tmp_path) not in line)
    report = json.loads(as_json(case, sources, found))
    assert report["breaks"] == bool(breaks)
    assert [d["id"] for d in report["diagnoses"]] == [*breaks, *notes]


@pytest.mark.parametrize(
    ("versions", "remedy"),
    [
        (("4.25.9", "2.15.1", "0.31.0"), 'pip install "wandb<0.28.1"'),
        (("7.36.2", None, "0.25.1"), 'pip install "protobuf<7"'),
        (("5.29.6", "2.10.1", "0.31.0"), 'pip install "protobuf<4" "wandb<0.25.1"'),
        (("4.25.9", "2.10.1", "0.16.6"), 'pip install "protobuf<4"'),
        (("4.25.9", "2.21.0", "0.16.6"), 'pip install "protobuf>=6.31.1" "wandb>=0.19.10"'),
        (("5.29.6", "2.21.0", "0.19.10"), 'pip install "protobuf>=6.31.1"'),
    ],
)
def test_what_to_install_fits_both(versions, remedy):
    (broken,) = doctor.diagnose(facts(**protobuf(*versions)), Sources())
    assert broken.remedy == remedy


def test_every_check_has_a_case():
    shown = {id_ for *_, breaks, notes in CASES for id_ in (*breaks, *notes)}
    assert set(CHECKS) - shown == {"codemod", "codemod-missing", "codemod-nothing", "pin"}


def test_arguments_by_position_are_those_of_the_classes(keras):
    for name, names in PARAMETERS.items():
        signature = inspect.signature(getattr(wandb_keras_compat, name))
        assert tuple(signature.parameters)[: len(names)] == names


@needs_rooms
def test_a_notebook_is_read_cell_by_cell(tmp_path):
    cells = ["%pip install wandb\nimport wandb\n", "!ls\nwandb.keras.WandbCallback()"]
    cells = [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    (use,) = scan(str(tmp_path)).wandb
    assert use.name == "wandb.keras.WandbCallback"
    assert use.place.endswith("a.ipynb cell 2:2")


@needs_rooms
def test_a_name_that_a_later_cell_gives_another_value_is_not_known(tmp_path):
    name = "WandbModelCheckpoint"
    cells = [
        f"from wandb.integration.keras import {name}\npath = 'model'",
        f"{name}(path)",
        "path = elsewhere()",
        f"{name}(path)",
    ]
    cells = [{"cell_type": "code", "source": cell} for cell in cells]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert [call.value("filepath") for call in scan(str(tmp_path)).calls] == [UNKNOWN] * 2


# A file that cannot be read -> a word of the reason
UNREADABLE = {
    "cells.ipynb": ('{"cells": [1], "keras": 0}', "notebook"),
    "null.ipynb": ("null", ""),  # without the word nothing of it is of interest
    "nothing.ipynb": ('"keras"', "notebook"),
    "number.ipynb": ('{"cells": 5, "keras": 0}', "notebook"),
    "source.ipynb": (
        '{"cells": [{"cell_type": "code", "source": [1, "keras"]}]}',
        "notebook",
    ),
    "mapping.ipynb": (
        '{"cells": [{"cell_type": "code", "source": {"keras": 1}}]}',
        "not a notebook",
    ),
    "deep.ipynb": ('["keras", ' + "[" * 100_000, ""),
    "bytes.ipynb": (b'{"keras": "\xff"}', "utf-8"),
    "minus.py": ("import keras\nx = " + "-" * 100_000 + "1", ""),
    "brackets.py": ("import keras\nx = " + "(" * 5_000 + ")" * 5_000, ""),
    "lines.py": ("import keras\n" + "x = 1\n" * 1_000_000, "more code than"),
    "one_line.py": ("import keras\nx = [" + "1," * 300_000 + "]", "more code than"),
    "blank.py": ("import keras\n" + "\n" * 300_000, "more code than"),
    "long.ipynb": (
        '{"cells": [{"cell_type": "code", "source": "import keras\\n'
        f'x = [{"1," * 130_000}]"}}], "nbformat": 4}}',
        "more code than",
    ),
    "calls.py": ("import keras\nkeras" + ".a()" * 50_000, ""),
    "nul.py": ("import keras\0", ""),
    "fifo.py": (None, "no plain file"),
}


@needs_rooms
@pytest.mark.parametrize("strict", [[], ["-W", "error"]], ids=["", "-W error"])
def test_one_file_does_not_stop_the_doctor(tmp_path, strict):
    for name, (text, _) in UNREADABLE.items():
        if text is None:
            os.mkfifo(tmp_path / name)
        else:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "train.py").write_text(OLD_HOME)
    (tmp_path / "escape.py").write_text("import keras\nx = '\\d'\n")  # Python warns of it
    code = (
        "import json, pathlib\n"
        "from wandb_keras_compat.doctor.sources import scan\n"
        "found = scan('.')\n"
        "print(json.dumps([found.unread, [use.place for use in found.wandb], found.files]))\n"
        "memory = pathlib.Path('/proc/self/status').read_text()\n"  # its own, not its parent's
        "print(memory.split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, *strict, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    said = done.stderr.replace("s_push: parser stack overflow\n", "")  # Python 3.8, on its own
    assert (done.returncode, said) == (0, "")
    told, kilobytes = done.stdout.splitlines()
    unread, places, files = json.loads(told)
    assert places == ["train.py:1"]
    assert files == len(UNREADABLE) + 1  # what is no plain file is passed over
    reasons = {re.split(r"[ :]", line)[0]: line for line in unread}
    assert reasons.keys() == UNREADABLE.keys() - {"null.ipynb", "fifo.py"}
    for name, line in reasons.items():
        assert UNREADABLE[name][1] in line
        assert re.search(r"\(.+\)$", line), line
    assert int(kilobytes) < 400 * 1024


@needs_rooms
def test_a_folder_that_is_closed_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "closed").mkdir()
    (tmp_path / "train.py").write_text(OLD_HOME)
    scandir = os.scandir

    def closed(folder):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", closed)
    sources = scan(str(tmp_path))
    assert sources.unread == [f"{tmp_path / 'closed'} (Permission denied)"]
    assert [use.short for use in sources.wandb] == ["WandbCallback"]


@needs_rooms
def test_the_exit_status_says_that_something_was_not_read(tmp_path):
    (tmp_path / "broken.py").write_text("import keras\ndef broken(:")
    known = run(tmp_path)
    done = run(tmp_path, ".")
    assert done.returncode == (known.returncode or 2)
    assert done.stdout.endswith("in what was read; 1 file could not be read.\n")
    report = json.loads(run(tmp_path, ".", "--json").stdout)
    assert len(report["unread"]) == 1
    (tmp_path / "broken.py").write_text("import wandb.wandb_keras")
    assert run(tmp_path, ".").returncode == 1


@needs_rooms
def test_what_is_too_much_to_read_is_not_left_to_the_codemod(tmp_path):
    (tmp_path / "big.py").write_text(OLD_HOME + "x = 1\n" * 1_000_000)
    (tmp_path / "train.py").write_text(OLD_HOME)
    report = json.loads(run(tmp_path, ".", "--json").stdout)  # within `run`'s time
    assert [line.partition(" ")[0] for line in report["unread"]] == ["big.py"]
    places = [place for d in report["diagnoses"] for place in d["where"]]
    assert any(place.startswith("train.py") for place in places)
    assert not any(place.startswith("big.py") for place in places)


@needs_rooms
def test_names_and_code_are_printed_safely(tmp_path):
    (tmp_path / "a\x1b[31m\u202e.py").write_text("import wandb.wandb_keras")
    done = run(tmp_path, ".", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (1, "")
    assert "a\\x1b[31m\\u202e.py:1" in done.stdout
    assert "\x1b" not in done.stdout


def run(folder, *arguments, **environ):
    inherited = {k: v for k, v in os.environ.items() if k not in ("WANDB_MODE", "WANDB_DISABLED")}
    environ = {**inherited, **environ}
    return subprocess.run(
        [sys.executable, "-m", "wandb_keras_compat", "doctor", *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )


def expected_here():
    """What breaks a file that imports WandbCallback from both homes, by what is installed."""
    wandb = environment.detect().wandb
    if wandb is None:
        return ["environment"]
    breaks = []
    if not wandb.keras_module:
        breaks.append("keras-module")
    if not wandb.legacy_callback:
        breaks.append("legacy-class")
    elif not wandb.trio:
        breaks.append("needs-tensorflow")
    elif environment.detect().callbacks_on.flavour == environment.KERAS_3:
        breaks.append("legacy-on-keras-3")
    return breaks


def test_diagnosis_of_this_environment(tmp_path):
    (tmp_path / "train.py").write_text(OLD_HOME + LEGACY)
    result = run(tmp_path, ".", "--json")
    assert result.stderr == ""
    report = json.loads(result.stdout)
    ids = [d["id"] for d in report["diagnoses"] if d["level"] == "break"]
    if report["environment"]["callbacks_on"] is None:
        ids = [id_ for id_ in ids if id_ != "environment"] or ["environment"]
    expected = expected_here() if ROOMS else []  # without the rooms no code is read
    assert [id_ for id_ in ids if id_ != "environment"] == [
        id_ for id_ in expected if id_ != "environment"
    ]
    assert result.returncode == (1 if ids else 0 if ROOMS else 2)
    assert report["diagnoses"][-1]["id"] == ("codemod" if ROOMS else "codemod-missing")


def said(text):
    """The text without its line breaks."""
    return " ".join(text.split())


def test_a_remedy_is_said_once_for_all_that_it_is_good_for():
    places = [Use("wandb.keras.WandbCallback", "a.py:1", "wandb.keras")]
    places.append(Use(f"{NEW_HOME}.WandbCallback", "a.py:2", NEW_HOME))
    for count in (1, 2):
        sources = Sources(wandb=places[:count], files=1)
        found = doctor.diagnose(facts(), sources)
        text = said(as_text(facts(), sources, found))
        assert text.count("wandb-keras-compat enable") == 1
        assert ("-> For these 2: wandb-keras-compat run" in text) == (count == 2)
        assert text.count("-> wandb-keras-compat run") == (count == 1)
        assert text.endswith("1 thing will break." if count == 1 else "2 things will break.")


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (0, "Models      no Python file, no notebook"),
        (1, "Models      no Keras is imported in 1 file"),
        (2, "Models      no Keras is imported in 2 files"),
    ],
)
def test_without_a_keras_it_says_how_much_was_read(files, line):
    assert line in as_text(facts(), Sources(files=files), []).splitlines()


CALL = "model.fit(x, callbacks=[WandbCallback()])\n"
OURS = "from wandb_keras_compat import WandbCallback\n"
BY_HAND = "class Mine(WandbCallback): pass\n"


@needs_rooms
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import math\n", "The codemod finds nothing to migrate."),
        (LEGACY, "The codemod can migrate imports alone; nothing is left for you."),
        (LEGACY + CALL, "The codemod can migrate 1 call; nothing is left for you."),
        (LEGACY + CALL * 2, "The codemod can migrate 2 calls; nothing is left for you."),
        (LEGACY + BY_HAND, "The codemod can migrate imports alone; 1 thing is left for you."),
        (OURS + BY_HAND, "The codemod can migrate no call; 1 thing is left for you."),
        (
            LEGACY + CALL + BY_HAND + BY_HAND.replace("Mine", "Yours"),
            "The codemod can migrate 1 call; 2 things are left for you.",
        ),
    ],
)
def test_what_the_codemod_can_do_is_a_sentence(tmp_path, code, sentence):
    (tmp_path / "train.py").write_text(code)
    text = said(as_text(*doctor.examine(str(tmp_path))))
    assert sentence in text
    assert ("-> See what each target makes of the code" in text) == ("nothing to" not in sentence)


@pytest.mark.parametrize(
    ("shim", "word"), [(OFF, "off: "), (ON, "W&B's"), (OURS_ON, "this package")]
)
def test_the_shim_is_explained(shim, word):
    (line,) = [li for li in as_text(facts(shim=shim), None, []).splitlines() if "Shim" in li]
    assert word in line


# What every row is asked about; what it has to answer stands in doctor/ROW.txt, where * is what the
# row does not pin.
ASKED = """\
try:
    import keras
except ImportError:
    from tensorflow import keras
from wandb.integration.keras import WandbCallback as Legacy
from wandb.integration.keras import WandbEvalCallback, WandbModelCheckpoint
from wandb.keras import WandbCallback


class Table(WandbEvalCallback):
    pass


def _callbacks(x, y):
    legacy = Legacy(log_gradients=True, training_data=(x, y))
    return [legacy, WandbModelCheckpoint("model-{epoch}", save_best_only=True), Table()]


def train(model, x, y):
    model.fit(x, y, callbacks=_callbacks(x, y))
"""


def test_what_the_doctor_prints_in_this_row(tmp_path):
    row = os.environ.get("MATRIX_ROW", "")
    expected = Path(__file__).with_name(f"{row}.txt")
    if not expected.exists():  # test_matrix.py: every row that has to pass has one
        pytest.skip(f"no lines are expected of the row {row!r}")
    (tmp_path / "train.py").write_text(ASKED)
    result = run(tmp_path, ".", WANDB_MODE="offline")
    assert (result.returncode, result.stderr) == (1 if ROOMS else 2, "")
    pattern = re.escape(expected.read_text(encoding="utf-8")).replace(r"\*", ".*")
    assert re.fullmatch(pattern, result.stdout), result.stdout


@needs_rooms
def test_what_breaks_here_breaks_and_what_does_not_does_not(tmp_path):
    """The diagnosis against the import itself."""
    if find_spec("wandb") is None:
        pytest.skip("no wandb here")
    for code in (LEGACY, OLD_HOME, TRIO):
        (tmp_path / "train.py").write_text(code)
        found = doctor.diagnose(collect(), scan(str(tmp_path)))
        fails = {"keras-module", "legacy-class", "needs-tensorflow"} & {d.id for d in found}
        result = subprocess.run(
            [sys.executable, "-W", "ignore", "train.py"], cwd=tmp_path, capture_output=True
        )
        assert bool(result.returncode) == bool(fails), result.stderr.decode()


def test_nothing_heavy_is_imported(tmp_path):
    (tmp_path / "train.py").write_text(LEGACY + "import keras\n")
    code = (
        "import sys; from wandb_keras_compat.cli import main; main(['doctor', 'train.py']);"
        "print({'wandb', 'keras', 'tensorflow', 'tf_keras', 'jax', 'torch'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert result.stdout.splitlines()[-1] == "set()", result.stderr


@needs_rooms
def test_a_reader_that_goes_away_is_no_traceback(tmp_path):
    # What breaks everywhere, so often and in so long a place that no pipe holds it.
    folder = tmp_path / ("long" * 50)
    folder.mkdir()
    (folder / "train.py").write_text("import wandb.wandb_keras\n" * 1_000)
    command = [sys.executable, "-m", "wandb_keras_compat", "doctor", "--json", "."]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as it:
        it.stdout.read(1)
        it.stdout.close()
        assert it.stderr.read() == b""
        assert it.wait() == 141


def test_a_missing_path_is_wrong_usage(tmp_path):
    result = run(tmp_path, "nowhere")
    assert result.returncode == 2
    assert result.stderr == "wandb-keras-compat: doctor: there is no nowhere\n"


@needs_rooms
@pytest.mark.parametrize(
    ("name", "line", "spec"),
    [
        ("requirements.txt", "wandb<0.2", "<0.2"),
        ("requirements.txt", "wandb>=0.1, <0.2", ">=0.1, <0.2"),
        ("pyproject.toml", 'wandb = "^0.1"', "^0.1"),
        ("environment.yml", "dependencies: [wandb=0.1]", "=0.1"),
    ],
)
def test_pins_of_the_code_base_are_held_against_what_is_installed(
    name, line, spec, tmp_path, monkeypatch
):
    (tmp_path / "train.py").write_text(OLD_HOME + "model.fit(x, callbacks=[WandbCallback()])\n")
    (tmp_path / name).write_text(f"{line}\n")
    monkeypatch.setattr(diagnosing, "collect", facts)
    _, _, found = doctor.examine(str(tmp_path))
    (pin,) = [one for one in found if one.id == "pin"]
    assert pin.where == (f"{tmp_path / name}:1",)
    assert f"holds wandb at {spec}, and 0.31.0 is installed" in pin.what
    monkeypatch.setattr(diagnosing, "collect", lambda: facts(wandb="0.1.9"))
    assert "pin" not in {one.id for one in doctor.examine(str(tmp_path))[2]}


def test_without_the_rooms_the_doctor_says_so_and_judges_the_environment(tmp_path, monkeypatch):
    (tmp_path / "train.py").write_text(OLD_HOME)
    monkeypatch.setitem(sys.modules, "libcst", None)
    for name in [name for name in sys.modules if name.startswith("wandb_keras_c")]:
        if name.startswith("wandb_keras_codemods") or name.endswith(".reading"):
            monkeypatch.delitem(sys.modules, name)
    known, sources, found = doctor.examine(str(tmp_path))
    assert sources is None
    assert found[-1].id == "codemod-missing"
    assert not {one.id for one in found} & {"keras-module", "unread", "codemod"}
    assert as_text(known, sources, found).endswith("; the code was not read.")
    with pytest.raises(FileNotFoundError):
        doctor.examine(str(tmp_path / "nowhere"))


@needs_rooms
def test_what_could_not_be_read_is_not_nothing(tmp_path):
    bad = [{"cell_type": "code", "source": "import wandb\nprint 'x'"}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": bad, "nbformat": 4}))
    sources = scan(str(tmp_path))
    assert [line.split(" (")[0] for line in sources.unread] == [f"{tmp_path / 'a.ipynb'} cell 1:2"]
    text = as_text(facts(), sources, doctor.diagnose(facts(), sources))
    assert text.endswith("Nothing breaks in what was read; 1 file could not be read.")


@needs_rooms
@pytest.mark.parametrize(
    "magic",
    ["%time x = 1", "%%time", "%%capture out", "!pip list\nls", "x = !ls", "?wandb", "%config a"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
def test_magics_and_encodings(tmp_path, magic, encoding):
    cells = [{"cell_type": "code", "source": f"{magic}\n{OLD_HOME}"}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    head = "# coding: latin-1\n" if encoding == "latin-1" else "\n"
    (tmp_path / "b.py").write_bytes(f"{head}x = 'é'\n{OLD_HOME}".encode(encoding))
    sources = scan(str(tmp_path))
    assert sources.unread == []
    line = 2 + magic.count("\n")
    assert [use.place for use in sources.wandb] == [
        f"{tmp_path / 'a.ipynb'} cell 1:{line}", f"{tmp_path / 'b.py'}:3"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "colours"),
    [({"FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_are_those_of_the_codemod(monkeypatch, environ, colours):
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    class Terminal:
        def isatty(self):
            return True

    assert coloured(Terminal()) == colours
    found = doctor.diagnose(facts(protobuf="4.25.9"))
    plain = as_text(facts(), None, found)
    text = as_text(facts(), None, found, colour=colours)
    assert ("\x1b[1;31mWill break\x1b[0m" in text) == colours
    assert re.sub(r"\x1b\[[0-9;]*m", "", text) == plain
