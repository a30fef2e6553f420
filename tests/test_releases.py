"""The table of releases: how it is read, and that all who name a release mean the same."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.version import Version

from wandb_keras_codemods.files import requirements
from wandb_keras_compat.doctor.checks import CHECKS
from wandb_keras_compat.environment import releases
from wandb_keras_compat.environment.releases import Releases

sys.path.insert(0, str(Path(__file__).parents[1] / ".ci"))
import matrix

ROOT = Path(__file__).parents[1]
PINS = {
    (requirement.name, specifier.version)
    for row in matrix.load()
    for requirement in map(Requirement, row.requires)
    for specifier in requirement.specifier
    if specifier.operator == "=="
}


@pytest.mark.parametrize(
    ("version", "inside"),
    [
        ("2.12.1", False),
        ("2.13", True),
        ("2.13.0rc1", False),  # what a release brings, its candidates need not have
        ("2.14.1+cpu", True),
        ("2.15.0.dev20231001", True),
        ("2.15.0", False),
        ("unknown", False),
        (None, False),
    ],
)
def test_a_range_has_its_first_release_and_not_its_last(version, inside):
    assert (version in Releases("2.13", "2.15")) is inside


def test_without_a_bound_all_are_in_but_what_is_not_installed():
    assert "unknown" in Releases(until="2")
    assert "99" in Releases(since="2")
    assert None not in Releases()


def test_what_wandb_took_away_is_pinned_on_either_side():
    for last, its in {
        "0.16.6": releases.WANDB_KERAS_MODULE,
        "0.27.0": releases.WANDB_CALLBACK,
    }.items():
        assert last in its
        assert {("wandb", last), ("wandb", its.until)} <= PINS


def test_the_lowest_versions_that_are_allowed_are_pinned_somewhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = {
        requirement.name: str(requirement.specifier).lstrip(">=")
        for requirement in map(Requirement, project["dependencies"])
    }
    assert lowest["wandb"] == releases.WANDB_TRIO.since
    pins = {(name, Version(version)) for name, version in PINS}
    assert {(name, Version(version)) for name, version in lowest.items()} <= pins


def test_the_codemod_and_the_doctor_name_the_same_releases():
    module, klass = releases.WANDB_KERAS_MODULE.until, releases.WANDB_CALLBACK.until
    codemods = requirements._FIRST_WITHOUT_MODULE, requirements._FIRST_WITHOUT_CLASS
    assert codemods == (module, klass)
    assert CHECKS["keras-module"].what.endswith(f"it went in {module}.")
    assert CHECKS["legacy-class"].what.endswith(f"it went in {klass}.")
