"""The pre-commit hooks install what the extra does, and call options that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from wandb_keras_codemods.cli.options import parser

ROOT = Path(__file__).parents[2]
HOOKS = YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")


def names(requirements):
    return {re.match(r"[\w.-]+", text)[0] for text in requirements}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook(hook):
    program, *arguments = shlex.split(hook["entry"])
    assert program == "wandb-keras-migrate"
    assert parser().parse_args([*arguments, "a.py"]).paths == ["a.py"]
    extra = re.search(r"^migrate = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.M | re.S)
    wanted = names(re.findall(r'"([^"]+)"', extra[1])) - {"libcst"}
    assert names(hook["additional_dependencies"]) == wanted
