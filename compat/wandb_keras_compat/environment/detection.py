"""Which Keras, which backend, which wandb are here: decided once, without importing any of them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Mapping

from .installed import DISTRIBUTIONS, version
from .releases import (
    KERAS_FROM_3,
    KERAS_WITH_OPENVINO,
    TF_WITH_KERAS_3,
    TF_WITH_KERAS_INSIDE,
    WANDB_CALLBACK,
    WANDB_KERAS_MODULE,
    WANDB_TRIO,
    is_broken,
)

# The backends of Keras 3 by name: https://keras.io/getting_started/#configuring-your-backend
BACKENDS = ("tensorflow", "jax", "torch", "numpy", "openvino")

TF_KERAS_2, KERAS_2, TF_KERAS, KERAS_3 = "tf.keras 2", "keras 2", "tf_keras", "keras 3"

# Flavours and backends as people write them; what is not here is written as it is named.
WRITTEN = {
    TF_KERAS_2: "tf.keras",
    KERAS_2: "Keras",
    KERAS_3: "Keras",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "numpy": "NumPy",
    "openvino": "OpenVINO",
}


@dataclass(frozen=True)
class Keras:
    """One Keras in reach.

    Args:
        flavour: ``"tf.keras 2"``, ``"keras 2"``, ``"tf_keras"`` or ``"keras 3"``.
        module: The module to import it by.
        version: Its version, or ``"unknown"``.
        backend: ``"tensorflow"``, ``"jax"``, ``"torch"``, ...
        imported: Whether this process has imported it already.
    """

    flavour: str
    module: str
    version: str
    backend: str
    imported: bool

    def __str__(self) -> str:
        """Say which Keras it is; the older ones all run on TensorFlow."""
        name = f"{written(self.flavour)} {self.version}"
        return f"{name} on {written(self.backend)}" if self.flavour == KERAS_3 else name


@dataclass(frozen=True)
class Wandb:
    """The installed wandb and what it still offers to Keras users.

    Args:
        version: Its version.
        keras_module: Whether the module ``wandb.keras`` exists.
        legacy_callback: Whether ``wandb.integration.keras`` has ``WandbCallback``.
        trio: Whether upstream's trio can be imported here; it needs TensorFlow.
        era: One sentence for people.
    """

    version: str
    keras_module: bool
    legacy_callback: bool
    trio: bool
    era: str


@dataclass(frozen=True)
class Environment:
    """What ``detect()`` found.

    Args:
        python: Version of the interpreter.
        kerases: Every Keras in reach.
        tensorflow: Version of TensorFlow, or None.
        jax: Version of JAX, or None.
        torch: Version of torch, or None.
        wandb: The installed wandb, or None.
        callbacks_on: The Keras whose base classes our callbacks are built on, or None.
        problems: Sentences that name what is wrong or missing, with the remedy.
    """

    python: str
    kerases: tuple[Keras, ...]
    tensorflow: str | None
    jax: str | None
    torch: str | None
    wandb: Wandb | None
    callbacks_on: Keras | None
    problems: tuple[str, ...]


def written(name: str) -> str:
    """Return a flavour or a backend as people write it.

    Example:
        >>> written("jax"), written("tf_keras")
        ('JAX', 'tf_keras')
    """
    return WRITTEN.get(name, name)


def detect() -> Environment:
    """Tell which Keras, backend and wandb are in reach, importing nothing new.

    Evidence for ``callbacks_on``, strongest first: ``TF_USE_LEGACY_KERAS`` and ``KERAS_BACKEND``,
    what is imported already, what is installed.

    Returns:
        A frozen ``Environment``.

    Example:
        >>> from wandb_keras_compat import detect
        >>> environment = detect()
        >>> environment.python.startswith("3.")
        True
    """
    versions = {name: version(name) for name in DISTRIBUTIONS}
    return judge(versions, os.environ, frozenset(sys.modules))


def judge(
    versions: Mapping[str, str | None], environ: Mapping[str, str], imported: frozenset[str]
) -> Environment:
    """Decide from plain values, so that any environment can be simulated."""
    tensorflow = versions["tensorflow"]
    wants_legacy = environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    kerases = _kerases(versions, environ, imported)
    chosen = _choose(kerases, tensorflow, wants_legacy, "KERAS_BACKEND" in environ)
    wandb = _wandb(versions["wandb"], tensorflow)
    return Environment(
        python=".".join(map(str, sys.version_info[:3])),
        kerases=kerases,
        tensorflow=tensorflow,
        jax=versions["jax"],
        torch=versions["torch"],
        wandb=wandb,
        callbacks_on=chosen,
        problems=tuple(_problems(versions, kerases, chosen, wants_legacy)),
    )


def _kerases(
    versions: Mapping[str, str | None], environ: Mapping[str, str], imported: frozenset[str]
) -> tuple[Keras, ...]:
    found = []
    tensorflow, keras, tf_keras = (versions[m] for m in ("tensorflow", "keras", "tf_keras"))
    if tensorflow is not None and tensorflow not in TF_WITH_KERAS_3:
        inside = tensorflow in TF_WITH_KERAS_INSIDE
        version = tensorflow if inside or keras is None else keras
        if version not in KERAS_FROM_3:
            found.append(
                Keras(
                    TF_KERAS_2, "tensorflow.keras", version, "tensorflow", "tensorflow" in imported
                )
            )
    if keras is not None and keras not in KERAS_FROM_3:
        found.append(Keras(KERAS_2, "keras", keras, "tensorflow", "keras" in imported))
    elif keras is not None:
        backend = _backend(environ, "keras" in imported)
        found.append(Keras(KERAS_3, "keras", keras, backend, "keras" in imported))
    if tf_keras is not None:
        found.append(Keras(TF_KERAS, "tf_keras", tf_keras, "tensorflow", "tf_keras" in imported))
    return tuple(found)


def _backend(environ: Mapping[str, str], imported: bool) -> str:
    """Return Keras 3's backend: what it runs on if it is imported, else what it will choose."""
    config = sys.modules.get("keras.src.backend.config") or sys.modules.get("keras.backend")
    running = getattr(config, "backend", None)
    if imported and callable(running):
        try:
            return str(running())
        except Exception:  # a Keras that is half imported cannot tell
            pass
    if environ.get("KERAS_BACKEND"):
        return environ["KERAS_BACKEND"]
    return _configured_backend(environ) or "tensorflow"


def _configured_backend(environ: Mapping[str, str]) -> str | None:
    """Return the backend named in Keras' own configuration file, if there is one."""
    import json

    home = environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    try:
        with open(os.path.join(home, "keras.json"), encoding="utf-8") as file:
            backend = json.load(file).get("backend")
    except (OSError, ValueError, AttributeError):
        return None
    return backend if isinstance(backend, str) else None


def _choose(
    kerases: tuple[Keras, ...], tensorflow: str | None, wants_legacy: bool, wants_backend: bool
) -> Keras | None:
    by_flavour = {keras.flavour: keras for keras in kerases}
    if wants_legacy and TF_KERAS in by_flavour:
        return by_flavour[TF_KERAS]
    if wants_backend and KERAS_3 in by_flavour:
        return by_flavour[KERAS_3]
    # tf.keras before 2.16 and keras 2 share their classes, so either stands for both.
    order = (TF_KERAS_2, KERAS_3, KERAS_2, TF_KERAS)
    imported = [by_flavour[f] for f in order if f in by_flavour and by_flavour[f].imported]
    # TensorFlow is imported with any Keras; it says nothing when another Keras is imported too.
    if len(imported) > 1 and imported[0].flavour == TF_KERAS_2 and imported[1].flavour != KERAS_2:
        imported = imported[1:]
    if imported:
        return imported[0]
    return next((by_flavour[f] for f in order if f in by_flavour), None)


def _wandb(version: str | None, tensorflow: str | None) -> Wandb | None:
    if version is None:
        return None
    if is_broken(version):
        return Wandb(version, False, False, False, "its installation is broken")
    module = version in WANDB_KERAS_MODULE
    callback = version in WANDB_CALLBACK
    trio = version in WANDB_TRIO and tensorflow is not None
    if module:
        era = "wandb.keras and WandbCallback are there"
    elif callback:
        era = f"wandb.keras was removed in {WANDB_KERAS_MODULE.until}, WandbCallback is still there"
    else:
        era = f"WandbCallback was removed in {WANDB_CALLBACK.until}"
    if tensorflow is None:
        era += "; W&B's Keras classes cannot be imported without TensorFlow"
    return Wandb(version, module, callback, trio, era)


def _problems(
    versions: Mapping[str, str | None],
    kerases: tuple[Keras, ...],
    chosen: Keras | None,
    wants_legacy: bool,
) -> list[str]:
    problems = []
    if versions["wandb"] is None:
        problems.append("wandb is not installed: pip install wandb.")
    elif is_broken(versions["wandb"]):
        problems.append(_broken("wandb", "wandb"))
    elif versions["wandb"] not in WANDB_TRIO:
        problems.append(
            f"wandb {versions['wandb']} is older than {WANDB_TRIO.since}, the oldest that is"
            " tested: pip install --upgrade wandb."
        )
    if not kerases:
        problems.append("No Keras is installed: pip install keras, or pip install tensorflow.")
    if wants_legacy and versions["tf_keras"] is None and versions["tensorflow"] in TF_WITH_KERAS_3:
        problems.append("TF_USE_LEGACY_KERAS is set but tf_keras is missing: pip install tf_keras.")
    if chosen is not None:
        for module in dict.fromkeys((chosen.module.partition(".")[0], chosen.backend)):
            if is_broken(versions.get(module)):
                problems.append(_broken(module, DISTRIBUTIONS[module][0]))
    known = BACKENDS if chosen and chosen.version in KERAS_WITH_OPENVINO else BACKENDS[:-1]
    if chosen is not None and chosen.flavour == KERAS_3 and chosen.backend not in known:
        problems.append(
            f"Keras {chosen.version} cannot be imported, for it has no backend {chosen.backend!r}:"
            f" set KERAS_BACKEND, or the backend in keras.json, to one of {', '.join(known)}."
        )
    elif chosen is not None and versions.get(chosen.backend, "") is None:
        others = [n for n in BACKENDS if versions.get(n) is not None and not is_broken(versions[n])]
        rather = f" set KERAS_BACKEND={others[0]}, or" if others else ""
        problems.append(
            f"Keras {chosen.version} is to run on {written(chosen.backend)}, which is not"
            f" installed:{rather} pip install {DISTRIBUTIONS[chosen.backend][0]}."
        )
    return problems


def _broken(module: str, distribution: str) -> str:
    return (
        f"The installation of {module} is broken, no version of it can be read:"
        f" pip install --force-reinstall {distribution}."
    )
