"""What is installed stays as it is: the codemod finds nothing in the frameworks and in wandb itself."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from wandb_keras_codemods.files.process import Options, process
from wandb_keras_codemods.files.walk import Candidate, Scan

PACKAGES = ("tensorflow", "keras", "tf_keras", "jax", "torch", "wandb")
FOLDERS = {name: Path(spec.origin).parent for name in PACKAGES if (spec := find_spec(name))}
TARGETS = ("wandb", "compat", "shim")
TOLD = {"WKM422"}  # up to 0.27.0 a message of W&B's own says how to import its class


@pytest.mark.parametrize("package", FOLDERS)
def test_packages_are_never_touched(package):
    scan = Scan([str(FOLDERS[package])])
    modules = [found for found in scan if isinstance(found, Candidate) and found.kind == "python"]
    assert scan.files > 200
    assert bool(modules) == (package == "wandb")
    for module in modules:
        for target in TARGETS:
            outcome = process(module, Options(target))
            assert outcome.state == "unchanged", module.path
            assert {finding.code for finding in outcome.findings} <= TOLD, module.path


def test_modules_about_callbacks_go_through_the_whole_migration():
    modules = [
        (path, data)
        for folder in FOLDERS.values()
        for path in folder.rglob("*.py")
        if b"callbacks" in (data := path.read_bytes())
    ]
    assert len(modules) > 50
    for path, data in modules:
        # a word that asks for a closer look, and nothing to find
        data += b"\n# wandb.keras WandbCallback\n"
        outcome = process(Candidate(str(path), "python", data), Options("compat"))
        assert not outcome.changed, path
        codes = {finding.code for finding in outcome.findings}
        assert codes <= {"WKM901", "WKM903"} | TOLD, (path, outcome.findings)
