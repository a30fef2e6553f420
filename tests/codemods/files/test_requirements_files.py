"""Requirements that hold wandb back."""

from __future__ import annotations

import pytest

from wandb_keras_codemods.files.requirements import find, mentions


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


def test_places():
    (finding,) = find("numpy\r\n    wandb<0.17\r\n")
    place = (finding.line, finding.column, finding.end_line, finding.end_column)
    assert place == (2, 5, 2, 15)
    assert finding.kind == "requirement"


def test_mentions():
    assert mentions(b"wandb<0.17")
    assert not mentions(b"numpy")
