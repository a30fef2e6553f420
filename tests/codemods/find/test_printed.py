"""Nodes stand where LibCST's own PositionProvider says."""

import sysconfig
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from wandb_keras_codemods.find.printed import Printed

STDLIB = Path(sysconfig.get_path("stdlib"))
TEXTS = {
    "nothing": "",
    "no final newline": "if x:\n    y",
    "CR, LF and CRLF": "x = (1,\r\n  2)\ny = '''\r\r\n'''\rz\n",
    "outside ASCII": "é = 'ü'; ç = (é)\n",
    "tabs and form feeds": "if x:\n\ty\n\x0c\nz\n",
    "comments and parentheses": "@a  # b\n\ndef f(\n    x, # c\n): ...\n\n# d\n(yield)\n",
}


def check(text):
    tree = cst.parse_module(text)
    printed = Printed(tree)
    assert printed.text == tree.code
    expected = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    assert expected
    for node, place in expected.items():
        assert printed.place(node) == place, node
    nodes = sorted(expected, key=printed.start)
    starts = [(expected[n].start.line, expected[n].start.column) for n in nodes]
    assert starts == sorted(starts)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_of_a_text(text):
    check(text)


def test_of_the_standard_library():
    files = sorted(STDLIB.glob("*.py"))[::16]
    assert len(files) > 8
    for path in files:
        check(path.read_bytes().decode("utf-8"))
