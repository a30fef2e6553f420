"""What is installed, told from metadata and without importing it."""

from __future__ import annotations

import sys
from importlib import metadata, util
from typing import Sequence

# Distributions that install a module, most common first.
DISTRIBUTIONS: dict[str, Sequence[str]] = {
    "tensorflow": (
        "tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tensorflow-gpu",
        "tensorflow-cpu-aws", "tensorflow-rocm", "tensorflow-aarch64", "tensorflow-directml",
        "intel-tensorflow", "intel-tensorflow-avx512", "tf-nightly", "tf-nightly-cpu",
        "tf-nightly-cpu-aws", "tf-nightly-gpu", "tf-nightly-intel", "tf-nightly-macos",
        "tf-nightly-tpu", "tensorflow-rocm-enhanced",
    ),
    "keras": ("keras", "keras-nightly"),
    "tf_keras": ("tf-keras", "tf-keras-nightly"),
    "jax": ("jax",),
    "torch": ("torch",),
    "openvino": ("openvino", "openvino-nightly"),
    "wandb": ("wandb",),
}  # fmt: skip

BROKEN = "unknown"  # the version of what is there without one


def version(module: str) -> str | None:
    """Return a module's version from the imported module or its distribution; None if absent."""
    loaded = sys.modules.get(module)
    if loaded is None:
        spec = util.find_spec(module)
        if spec is None or spec.origin is None:  # nothing, or a folder of that name
            known = installed(DISTRIBUTIONS[module])
            return None if known is None else BROKEN
    # Keras 2.15's and TensorFlow's lazy modules can raise anything here.
    try:
        said = vars(loaded).get("__version__") if loaded is not None else None
    except TypeError:
        said = None
    if isinstance(said, str):
        return said
    return installed(DISTRIBUTIONS[module]) or BROKEN


def installed(distributions: Sequence[str]) -> str | None:
    """Return the version of the first distribution that is installed, None if none is.

    What is installed without a version that can be read is ``BROKEN``.
    """
    for distribution in distributions:
        try:
            found = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
        except Exception:  # without METADATA or a version, each Python raises something else
            return BROKEN
        return found if isinstance(found, str) else BROKEN
    return None
