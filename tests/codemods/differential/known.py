"""Programs that are known to fail, each with its cause; one that passes again has to go from here."""

from __future__ import annotations

from typing import Any

import pytest

PATCHED = (
    "a test that patches the class at its old home patches nothing where the class comes from now"
)
BY_STRING = "the namespace of a module or its doctests are read in another way than by a name"

# kind and program, or the recorded case -> the targets that fail, and why
KNOWN: dict[str, tuple[tuple[str, ...], str]] = {
    "context_non_ascii": (
        ("wandb",),
        "Python tells columns in bytes, so that the oracle does not find the construction's line",
    ),
    "k05_re_exports: the module from wandb": (
        ("compat",),
        "a module that is handed on to other files becomes one that has no legacy class",
    ),
    "k05_re_exports: found by the other in the module's names": (("compat", "wandb"), BY_STRING),
    "k10_names_in_strings: patched by its old home": (("compat", "wandb"), PATCHED),
    "k10_names_in_strings: patched by its old home, dotted": (("compat", "wandb"), PATCHED),
    "k10_names_in_strings: patched as an object": (("compat", "wandb"), PATCHED),
    "k10_names_in_strings: patched in globals": (("compat", "wandb"), BY_STRING),
    "k10_names_in_strings: a doctest": (("compat", "wandb"), BY_STRING),
    "k14_notebooks: run_cell of a name imports it": (
        ("shim",),
        "a text that run_cell runs imports the class under a name that is not seen",
    ),
    "k14_notebooks: names in an ex": (("compat",), "a cell reads a name through IPython's user_ns"),
    "k16_values: a negative infinite frequency": (
        ("compat",),
        "log_batch_frequency=-1e999 logged the first batch of each epoch",
    ),
    "k17_imports_not_seen: asked with all": (
        ("compat",),
        "the module's own __all__ is asked for the class, and no finding says that it is gone",
    ),
}


def marks(name: str, target: str) -> list[Any]:
    """Return the marks of one program and target."""
    targets, cause = KNOWN.get(name, ((), ""))
    return [pytest.mark.xfail(reason=cause, strict=True)] if target in targets else []
