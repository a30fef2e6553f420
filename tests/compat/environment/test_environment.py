"""detect(): against what is really installed, and by simulation for what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from packaging.version import Version

from wandb_keras_compat.environment import detection

HEAVY = ("wandb", "tensorflow", "keras", "tf_keras", "jax", "torch")


def python(code: str, **env: str) -> str:
    """Run code in a fresh interpreter; return what it printed."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


HYGIENE = f"""
import sys
import wandb_keras_compat
{{use}}
print(*[name for name in {HEAVY} if name in sys.modules])
"""


@pytest.mark.parametrize(
    "use",
    [
        "",
        "wandb_keras_compat.detect()",
        "import wandb_keras_compat.shim",
        "dir(wandb_keras_compat)",
        "import wandb_keras_compat.recording, wandb_keras_compat.compare",
    ],
)
def test_importing_the_package_imports_no_framework(use):
    assert python(HYGIENE.format(use=use)).split() == []


# What detect() tells before anything is imported, and then what imports really find.
TRUTH = """
import dataclasses, importlib, json, os, sys
os.environ["WANDB_MODE"] = "offline"
from wandb_keras_compat import detect
told = dataclasses.asdict(detect())
early = [name for name in {heavy} if name in sys.modules]

def version(name):
    try:
        return importlib.import_module(name).__version__
    except ImportError:
        return None

def there(home, name=None):
    try:
        module = importlib.import_module(home)
        return name is None or hasattr(module, name)
    except Exception:  # upstream raises what it likes without TensorFlow
        return False

found = {{name: version(name) for name in ("tensorflow", "jax", "torch", "wandb")}}
chosen = told["callbacks_on"]["module"]
head, _, tail = chosen.partition(".")
keras = importlib.import_module(head)
keras = getattr(keras, tail) if tail else keras
from wandb_keras_compat import WandbMetricsLogger
found["keras"] = getattr(keras, "__version__", None) or version("keras")
found["backend"] = keras.backend.backend() if hasattr(keras, "backend") else "tensorflow"
found["built_on"] = issubclass(WandbMetricsLogger, keras.callbacks.Callback)
upstream = "wandb.integration.keras"
found["keras_module"] = there("wandb.keras")
found["legacy_callback"] = there(upstream, "WandbCallback")
found["trio"] = there(upstream, "WandbMetricsLogger")
again = dataclasses.asdict(detect())
print(json.dumps([told, early, found, again]))
"""


def test_detect_tells_what_imports_find(keras):
    last = python(TRUTH.format(heavy=HEAVY)).splitlines()[-1]
    told, early, found, again = json.loads(last)
    assert early == []
    for name in ("tensorflow", "jax", "torch"):
        # A nightly TensorFlow writes 2.22.0-dev1 for what is installed as 2.22.0.dev1.
        assert told[name] == (found[name] and str(Version(found[name])))
    chosen, wandb = told["callbacks_on"], told["wandb"]
    assert wandb["version"] == found["wandb"]
    offers = ("keras_module", "legacy_callback", "trio")
    assert {o: wandb[o] for o in offers} == {o: found[o] for o in offers}
    assert chosen["backend"] == found["backend"]
    # TensorFlow 2.4.4 calls the Keras inside it 2.4.0; all others agree to the last digit.
    exact = 2 if chosen["version"] == told["tensorflow"] else 3
    assert chosen["version"].split(".")[:exact] == found["keras"].split(".")[:exact]
    assert found["built_on"]
    assert told["problems"] == []
    assert chosen in told["kerases"]
    # Once everything is imported the answer is the same, but for that fact.
    assert again["callbacks_on"] == {**chosen, "imported": True}


ABSENT = dict.fromkeys((*HEAVY, "openvino"))
OLD_TF = {"tensorflow": "2.12.1", "keras": "2.12.0", "wandb": "0.19.11"}
NEW_TF = {"tensorflow": "2.21.0", "keras": "3.15.1", "wandb": "0.31.0"}
LEGACY = {"TF_USE_LEGACY_KERAS": "1"}

# installed, environment variables, imported -> Kerases in reach, the one chosen, its backend
SIMULATED = [
    ({"tensorflow": "2.4.4", "wandb": "0.13.4"}, {}, "", ["tf.keras 2"], "tf.keras 2", "tensorflow"),
    ({"tensorflow": "2.5.3", "keras": "2.4.3"}, {}, "", ["tf.keras 2", "keras 2"], "tf.keras 2", "tensorflow"),
    (OLD_TF, {}, "", ["tf.keras 2", "keras 2"], "tf.keras 2", "tensorflow"),
    ({"tensorflow": "2.16.2"}, {}, "", [], None, None),
    ({"tensorflow": "2.15.1"}, {}, "", ["tf.keras 2"], "tf.keras 2", "tensorflow"),
    (OLD_TF, {}, "keras", ["tf.keras 2", "keras 2"], "keras 2", "tensorflow"),
    (NEW_TF, {}, "", ["keras 3"], "keras 3", "tensorflow"),
    (NEW_TF, {"KERAS_BACKEND": "jax"}, "", ["keras 3"], "keras 3", "jax"),
    ({**NEW_TF, "tf_keras": "2.21.0"}, LEGACY, "", ["keras 3", "tf_keras"], "tf_keras", "tensorflow"),
    ({**NEW_TF, "tf_keras": "2.21.0"}, {}, "", ["keras 3", "tf_keras"], "keras 3", "tensorflow"),
    ({**NEW_TF, "tf_keras": "2.21.0"}, {}, "tf_keras", ["keras 3", "tf_keras"], "tf_keras", "tensorflow"),
    # Keras 3 beside an old TensorFlow: tf.keras stays Keras 2 only where its version says so.
    ({"tensorflow": "2.15.1", "keras": "3.0.0", "wandb": "0.27.0"}, {}, "", ["keras 3"], "keras 3", "tensorflow"),
    ({"keras": "3.0.5", "jax": "0.4.30", "wandb": "0.27.1"}, {"KERAS_BACKEND": "jax"}, "", ["keras 3"], "keras 3", "jax"),
    ({"tensorflow": "2.17.0-dev20240101", "keras": "3.4.0.dev1", "wandb": "0.18.0rc1"}, {}, "", ["keras 3"], "keras 3", "tensorflow"),
]  # fmt: skip


def judge(installed, env, imported=()):
    return detection.judge({**ABSENT, **installed}, env, frozenset(imported))


@pytest.mark.parametrize(
    ("installed", "env", "imported", "flavours", "chosen", "backend"), SIMULATED
)
def test_simulated(tmp_path, installed, env, imported, flavours, chosen, backend):
    env = {"KERAS_HOME": str(tmp_path), **env}
    judged = judge(installed, env, imported.split())
    assert [keras.flavour for keras in judged.kerases] == flavours
    on = judged.callbacks_on
    assert (on and on.flavour, on and on.backend) == (chosen, backend)


def test_the_backend_of_keras_json_counts(tmp_path):
    (tmp_path / "keras.json").write_text('{"backend": "torch"}')
    installed = {"keras": "3.15.1", "torch": "2.13.0", "wandb": "0.31.0"}
    judged = judge(installed, {"KERAS_HOME": str(tmp_path)})
    assert judged.callbacks_on.backend == "torch"
    assert judged.problems == ()


# wandb release -> wandb.keras there, WandbCallback there, trio importable beside TensorFlow
ERAS = {
    "0.12.21": (True, True, False),
    "0.13.4": (True, True, True),
    "0.16.6": (True, True, True),
    "0.17.0": (False, True, True),
    "0.27.0": (False, True, True),
    "0.27.1": (False, False, True),
    "0.31.0": (False, False, True),
}


@pytest.mark.parametrize("version", ERAS)
def test_eras_of_wandb(version):
    wandb = judge({"tensorflow": "2.21.0", "keras": "3.15.1", "wandb": version}, {}).wandb
    assert (wandb.keras_module, wandb.legacy_callback, wandb.trio) == ERAS[version]


def test_upstreams_trio_needs_tensorflow():
    wandb = judge({"keras": "3.15.1", "jax": "0.12.0", "wandb": "0.31.0"}, {}).wandb
    assert not wandb.trio
    assert "without TensorFlow" in wandb.era


# installed, environment variables -> what the one sentence names
PROBLEMS = [
    ({"keras": "3.15.1", "tensorflow": "2.21.0"}, {}, "pip install wandb"),
    ({"wandb": "0.31.0"}, {}, "No Keras is installed"),
    ({**NEW_TF, "wandb": "0.12.21"}, {}, "older than 0.13.4"),
    (NEW_TF, LEGACY, "pip install tf_keras"),
    ({"keras": "3.15.1", "wandb": "0.31.0"}, {"KERAS_BACKEND": "torch"}, "on torch, which is not"),
    (NEW_TF, {"KERAS_BACKEND": "nonsense"}, "it has no backend 'nonsense': set KERAS_BACKEND"),
    (NEW_TF, {"KERAS_BACKEND": "JAX"}, "it has no backend 'JAX'"),
    (NEW_TF, {"KERAS_BACKEND": "openvino"}, "on OpenVINO, which is not"),
    (
        {"keras": "3.15.1", "jax": "0.12", "wandb": "0.31.0"}, {},
        "Keras 3.15.1 is to run on TensorFlow, which is not installed:"
        " set KERAS_BACKEND=jax, or pip install tensorflow.",
    ),
    (
        {"keras": "3.15.1", "jax": "unknown", "wandb": "0.31.0"}, {},
        "which is not installed: pip install tensorflow.",
    ),
    ({**NEW_TF, "keras": "3.7.0"}, {"KERAS_BACKEND": "openvino"}, "it has no backend 'openvino'"),
    ({**NEW_TF, "keras": "unknown"}, {}, "The installation of keras is broken"),
    ({**NEW_TF, "tensorflow": "unknown"}, {}, "The installation of tensorflow is broken"),
    ({**NEW_TF, "wandb": "unknown"}, {}, "The installation of wandb is broken"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("installed", "env", "said"),
    [
        ({"tensorflow": "2.4.4"}, {}, ["tf.keras 2.4.4"]),
        (OLD_TF, {}, ["tf.keras 2.12.0", "Keras 2.12.0"]),
        (NEW_TF, {}, ["Keras 3.15.1 on TensorFlow"]),
        (NEW_TF, {"KERAS_BACKEND": "jax"}, ["Keras 3.15.1 on JAX"]),
        (NEW_TF, {"KERAS_BACKEND": "torch"}, ["Keras 3.15.1 on torch"]),
        ({**NEW_TF, "tf_keras": "2.21.0"}, {}, ["Keras 3.15.1 on TensorFlow", "tf_keras 2.21.0"]),
    ],
)
def test_a_keras_is_named_as_people_name_it(installed, env, said):
    assert [str(keras) for keras in judge(installed, env).kerases] == said


@pytest.mark.parametrize(("installed", "env", "sentence"), PROBLEMS)
def test_what_is_missing_is_said_with_the_remedy(tmp_path, installed, env, sentence):
    [problem] = judge(installed, {"KERAS_HOME": str(tmp_path), **env}).problems
    assert sentence in problem


def test_versions_that_cannot_be_read_are_no_traceback(tmp_path):
    judged = judge({"tensorflow": "unknown", "keras": "three", "wandb": "?"}, {})
    assert judged.callbacks_on is not None
    assert "The installation of wandb is broken" in judged.problems[0]
    assert "pip install --force-reinstall wandb" in judged.problems[0]
    assert not any("older" in problem for problem in judged.problems)


def test_a_module_without_distribution_is_no_traceback(tmp_path):
    (tmp_path / "jax.py").write_text("raise RuntimeError('broken')")
    code = "from wandb_keras_compat import detect; print(detect().jax)"
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    assert python(code, PYTHONPATH=path).strip() != "None"


@pytest.mark.parametrize("metadata", [None, "", "Name: wandb\n", "Metadata-Version: 2.1\n\n"])
@pytest.mark.parametrize("strict", [[], ["-W", "error"]], ids=["", "-W error"])
def test_an_installation_without_version_is_broken(tmp_path, metadata, strict):
    (tmp_path / "wandb").mkdir()
    (tmp_path / "wandb" / "__init__.py").touch()
    (tmp_path / "wandb-1.0.dist-info").mkdir()
    if metadata is not None:
        (tmp_path / "wandb-1.0.dist-info" / "METADATA").write_text(metadata)
    code = "from wandb_keras_compat import detect; e = detect(); print(e.wandb.era, e.problems[0])"
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    told = subprocess.run(
        [sys.executable, *strict, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "its installation is broken The installation of wandb is broken" in told.stdout


def test_a_folder_of_the_name_is_no_installation(tmp_path):
    (tmp_path / "openvino").mkdir()  # as W&B makes a folder `wandb` where a script runs
    code = (
        "from wandb_keras_compat.environment.installed import version; print(version('openvino'))"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    assert python(code, PYTHONPATH=path).strip() == "None"
