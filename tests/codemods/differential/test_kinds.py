"""Programs of every kind that once behaved otherwise after their migration."""

from __future__ import annotations

import importlib

import pytest
from harness import TARGETS, check
from programs import Program, unique

KINDS = (
    "k01_length_or_position",
    "k02_alternatives",
    "k03_records",
    "k04_read_elsewhere",
    "k05_re_exports",
    "k06_parentheses",
    "k07_one_value",
    "k08_append_to_what",
    "k09_tests_of_type",
    "k10_names_in_strings",
    "k11_effects",
    "k12_attributes",
    "k13_pragmas",
    "k14_notebooks",
    "k15_widening",
    "k16_values",
    "k17_imports_not_seen",
    "k18_written",
)


def _programs() -> list[tuple[str, Program]]:
    found = []
    for kind in KINDS:
        programs = unique(importlib.import_module(f"kinds.{kind}").PROGRAMS)
        found += [(kind, program) for program in programs]
    return found


ALL = _programs()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "program", [p for _, p in ALL], ids=[f"{kind}: {program.name}" for kind, program in ALL]
)
def test_it_does_the_same(program, target):
    check(program, target)
