"""Requirements that hold wandb back."""

from __future__ import annotations

import pytest

from wandb_keras_codemods.files.requirements import admits, find, mentions


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("wandb<0.17", "WKM601"),
        ("wandb <= 0.16.6  # keras", "WKM601"),
        ("wandb==0.16.3", "WKM601"),
        ("wandb == 0.16.*", "WKM601"),
        ("wandb===0.16.3", "WKM601"),
        ("wandb~=0.16.0", "WKM601"),
        ("wandb[sweeps]>=0.13,<0.17", "WKM601"),
        ("wandb<0.28,!=0.27.1,<0.17 ; python_version < '3.9'", "WKM601"),
        ("    wandb (<0.18)", "WKM602"),
        ("wandb<=0.27.0", "WKM602"),
        ("wandb==0.19.11", "WKM602"),
        ("'wandb<0.27.1',", "WKM602"),
        ("  - wandb=0.16", "WKM601"),
        ("  - wandb=0.16.3=py39_0", "WKM601"),
        ("  - pip: [wandb==0.18.7]", "WKM602"),
        ('wandb = "^0.16"', "WKM601"),
        ('wandb = "~0.19.1"', "WKM602"),
        ('wandb = "0.16.3"', "WKM601"),
        ('wandb = ">=0.12,<0.17"', "WKM601"),
        ('"wandb" = {version = "0.18.1", extras = ["media"]}', "WKM602"),
        ('wandb = "^0.15 || ^0.16"', "WKM601"),
        ('wandb = "^0.16 || ^0.18"', "WKM602"),
        ('wandb = "^0.16 || >=0.30"', None),
        ("  - wandb 0.16.*", "WKM601"),
        ("  - conda-forge::wandb=0.16|=0.15", "WKM601"),
        ("poetry add wandb@^0.16", "WKM601"),
        ("poetry add wandb@0.18.3", "WKM602"),
        ("poetry add wandb@^1.0", None),
        ("pip install wandb'<0.17'", "WKM601"),
        ("wandb @ git+https://example.com/wandb", None),
        ("wandb>=0.12", None),
        ("wandb", None),
        ("wandb<1", None),
        ("wandb~=0.16", None),
        ('wandb = "^1.2"', None),
        ('wandb = "*"', None),
        ('wandb = ">=0.12"', None),
        ("wandb<0.28", None),
        ("wandb==0.31.0", None),
        ("wandb!=0.16.3", None),
        ("# wandb<0.17", None),
        ("wandb-addons<0.2", None),
        ("mywandb<0.1", None),
        ("path/wandb<0.1", None),
        ("wandb==0.x", None),
        ('wandb = "latest"', None),
        ("", None),
    ],
)
def test_bounds(line, code):
    assert [finding.code for finding in find(line)] == ([code] if code else [])


POETRY = "[tool.poetry.dependencies.wandb]\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f'{POETRY}version = "^0.16"\nextras = ["media"]\n', [2]),
        (f'{POETRY}extras = ["media"]\n\nversion = "~0.16.2"\n', [4]),
        (f'{POETRY}version = ">=0.16"\n', []),
        (f'{POETRY}python = "^3.9"\n\n[tool.poetry]\nversion = "0.1"\n', []),
        ('[tool.poetry]\nversion = "0.1"\nwandb = "^0.16"\n', [3]),
        ('wandb = [\n  {version = "^0.15", python = "<3.9"},\n  {version = "^0.20"},\n]\n', [2]),
        ('wandb = [\n  {version = "^0.20"},\n]\nversion = "0.1"\n', []),
    ],
)
def test_bounds_in_tables_and_lists(text, lines):
    found = [finding.line for finding in find(text) if finding.code == "WKM601"]
    assert found == lines


@pytest.mark.parametrize(
    ("spec", "version", "fits"),
    [
        ("^0.16", "0.16.6", True),
        ("^0.16", "0.31.0", False),
        ("~0.16.2", "0.16.9", True),
        ("=0.16", "0.16.6", True),
        (">=0.12, <0.17", "0.31.0", False),
        ("^0.16 || ^0.31", "0.31.0", True),
        ("latest", "0.31.0", True),
    ],
)
def test_what_a_bound_admits(spec, version, fits):
    assert admits(spec, version) is fits


def test_places():
    (finding,) = find("numpy\r\n    wandb<0.17\r\n")
    place = (finding.line, finding.column, finding.end_line, finding.end_column)
    assert place == (2, 5, 2, 15)
    assert finding.kind == "requirement"


def test_mentions():
    assert mentions(b"wandb<0.17")
    assert not mentions(b"numpy")
