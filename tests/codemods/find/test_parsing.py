import subprocess
import sys
import sysconfig
from pathlib import Path

import libcst as cst
import pytest

from wandb_keras_codemods.find.nesting import BRACKETS, CHAIN, too_deep
from wandb_keras_codemods.find.parsing import NotGivenBack, parse
from wandb_keras_codemods.findings import Finding, ParseFailure

LOST = {
    "blank before a handler's colon": "try:\n    a\nexcept A :\n    b\n",
    "tab": "try:\n    a\nexcept* (A, B)\t:\n    b\n",
    "backslash before a handler's colon": "try:\n    a\nexcept A\\\n :\n    b\n",
    "blank behind a conversion": "f'{x!r  }'\n",
    "blank before a format": "f'{x!r  :>3}'\n",
    "form feed first": "\x0cimport a\n",
    "form feed before an indentation": "if x:\n    a\n\x0c    b\n",
    "form feed behind an indentation, which ends the block": "if x:\n    a\n    \x0cb\n",
    "form feed at a block's first line": "if x:\n\x0c    a\n    b\n",
    "form feed before else": "if x:\n    a\n\x0celse:\n    b\n",
    "backslash line first": "\\\nx = 1\n",
    "backslash line in a block": "if x:\n    a\n    \\\n    b\n",
}
EXACT = {
    "CR": "x = 1\ry = 2\r",
    "a lone CR at the end": "# é\r",
    "CRs at the end": "x = 1\r\n\r\r",
    "CRLF and LF and CR": "x = (1,\r\n  2)\ny = '''\r\r\n'''\rz\n",
    "tabs": "if x:\n\ty\n",
    "no final newline": "if x:\n    y",
    "form feed alone": "a\n\x0c\nb\n\x0c",
    "nothing": "",
}


@pytest.mark.parametrize("text", [*LOST.values(), *EXACT.values()], ids=[*LOST, *EXACT])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_text_and_bytes_come_back(text, mark):
    source = mark + text
    parsed = parse(source)
    assert parsed.text(parsed.tree.code) == source
    parsed = parse(source.encode())
    assert parsed.bytes(parsed.tree.code) == source.encode()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-15"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_declared_encodings_come_back(encoding, newline):
    source = f"# coding: {encoding}\nx = 'é'\ntry: a\nexcept B : c\n".replace("\n", newline)
    data = source.encode(encoding)
    parsed = parse(data)
    assert parsed.bytes(parsed.tree.code) == data


class _Rename(cst.CSTTransformer):
    def leave_Name(self, original_node, updated_node):  # noqa: N802
        return updated_node.with_changes(
            value={"old": "new_"}.get(updated_node.value, updated_node.value)
        )


@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_what_is_lost_comes_back_beside_edits(text):
    source = "old = 1\n" + text + "old = 2\n"
    parsed = parse(source)
    if parsed.gaps == ():
        pytest.fail("nothing is lost here, so nothing is tested")
    assert parsed.text(parsed.tree.visit(_Rename()).code) == source.replace("old", "new_")


def test_lines_may_be_added_and_taken_away_right_beside_what_is_lost():
    parsed = parse("import a\n\x0cdef f():\n    pass\nx\n")
    head, function, last = parsed.tree.body
    assert (
        parsed.text(parsed.tree.with_changes(body=[function, last]).code)
        == "\x0cdef f():\n    pass\nx\n"
    )
    added = cst.parse_statement("import b\n")
    assert (
        parsed.text(parsed.tree.with_changes(body=[head, added, function]).code)
        == "import a\nimport b\n\x0cdef f():\n    pass\n"
    )


def test_an_edit_of_what_is_lost_is_refused():
    parsed = parse("try:\n    a\nexcept old :\n    b\n")
    with pytest.raises(NotGivenBack, match="line 3"):
        parsed.text(parsed.tree.visit(_Rename()).code)


def test_the_last_cr_is_not_doubled():
    parsed = parse("a\rb\r")
    body = [*parsed.tree.body, cst.parse_statement("c\n")]
    assert parsed.text(parsed.tree.with_changes(body=body).code).startswith("a\rb\rc")


def test_findings_move_to_the_lines_of_the_source():
    parsed = parse("x\n\\\ny = W()\nexcept_ = [\n 1]\n")
    # LibCST counts y on line 2
    assert parsed.placed(Finding("WKM101", "", "", 2, 5, 2, 8)) == Finding(
        "WKM101", "", "", 3, 5, 3, 8
    )
    assert parsed.placed(Finding("WKM101", "", "", 1, 1, 1, 2)) == Finding(
        "WKM101", "", "", 1, 1, 1, 2
    )
    assert parsed.placed(Finding("WKM101", "", "", 3, 1, 4, 3)) == Finding(
        "WKM101", "", "", 4, 1, 5, 3
    )


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("x = 1\ny = = 1\n", 2, 5),
        ("é = 1; x = = 2\n", 1, 12),
        ("a\nif x:\nb\n", 3, 1),
        ("print 'x'\n", 1, 7),
        ("x = (\n", 1, 5),
        ("a\r\rx = (\r\n\r\n", 3, 5),
        ("a\nif x:\n        b\n    c\nd\n", 4, 1),
        ("a\nx = 'b\n", 2, 1),
        ("try:\n    a\nexcept A, e:\n    b\n", 3, 1),
        ("exec x\n", 1, 6),
        ("x\ny\0", 2, 1),
    ],
)
def test_failures_say_where(text, line, column):
    with pytest.raises(ParseFailure) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("text", ["'a' b'b'\n", "try: a\nexcept: b\nexcept B: c\n", "'\ud800'"])
def test_every_exception_of_the_parser_is_a_failure(text):
    with pytest.raises(ParseFailure):
        parse(text)


def test_two_classes_without_parentheses_are_python():
    parse("try: a\nexcept ValueError, TypeError: b\n")
    parse("try: a\nexcept (ValueError, e): b\n")


CHAINS = {
    "brackets": lambda n: "[" * n + "]" * n,
    "dictionaries": lambda n: "{1:" * n + "x" + "}" * n,
    "subscripts": lambda n: "x[" * n + "0" + "]" * n,
    "fields": lambda n: 'f"{' * n + "x" + '}"' * n,
    "fields in turn": lambda n: "f\"{f'{" * (n // 2) + "x" + "}'}\"" * (n // 2),
    "walrus": lambda n: "(x:=" * n + "x" + ")" * n,
    "elif": lambda n: "if x:\n a\n" + "elif x:\n a\n" * n,
    "elif in a block": lambda n: "for y in x:\n  if x:\n   a\n" + "  elif x:\n   a\n" * n,
    "not": lambda n: "not " * n + "x",
    "lambda": lambda n: "lambda:" * n + "x",
    "lambda with parameters": lambda n: "lambda a, b=1:" * n + "x",
    "minus": lambda n: "-" * n + "x",
    "power": lambda n: "x**" * n + "x",
    "conditional": lambda n: "a if b else " * n + "x",
    "plus": lambda n: "x+" * n + "x",
    "plus over lines": lambda n: "(" + "x +\n" * n + "x)",
    "attributes": lambda n: "x" + ".b" * n,
    "calls": lambda n: "x" + "()" * n,
    "and": lambda n: "x and " * n + "x",
    "strings": lambda n: '"a" ' * n,
    "comprehensions": lambda n: "[x " + "for x in y " * n + "]",
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_what_would_end_the_process_is_counted(chain):
    for many in (1_000, 3_000, 20_000):
        with pytest.raises(ParseFailure, match="nested too deeply"):
            parse(chain(many))
    assert too_deep(chain(60)) is None


@pytest.mark.parametrize(
    "text",
    [
        "x = [" + "a, " * 5_000 + "]",
        "x = [" + "not a, -b, 'c', f'{d}', lambda e, f: g,\n" * 5_000 + "]",
        "if a:\n    b\nelif c:\n    d\n" * 5_000,
        "'" + "(" * 5_000 + "'",
        "# " + "(" * 5_000,
        '"""' + "\n(\\" * 5_000 + '\n"""',
        "f'{{" + "({{" * 5_000 + "'",
        "x = f'{a}' + '('\n" * 5_000,
        "x = {" + "'a': b.c(d)[e],\n" * 5_000 + "}",
        "a.b.c()\n" * 5_000,
        "a.b.c();" * 5_000,
    ],
)
def test_what_is_long_is_not_deep(text):
    assert too_deep(text) is None


def test_at_the_bounds_the_parser_comes_back():
    program = f"""
from wandb_keras_codemods.find.parsing import parse
from wandb_keras_codemods.findings import ParseFailure
for text in ("[" * {BRACKETS} + "]" * {BRACKETS}, "not " * {CHAIN} + "x", "lambda:" * {CHAIN} + "x",
             "if x:\\n a\\n" + "elif x:\\n a\\n" * {CHAIN}, "x and " * {CHAIN} + "x",
             ("(" + "not " * {CHAIN // 200}) * {BRACKETS - 2} + "x" + ")" * {BRACKETS - 2}):
    try:
        parse(text)
    except ParseFailure as failure:
        assert failure.message == "nested too deeply", failure
print("back")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("back\n", 0), done.stderr


def test_the_standard_library_comes_back():
    folder = Path(sysconfig.get_path("stdlib"))
    files = [*sorted(folder.glob("*.py"))[::16], folder / "webbrowser.py"]
    refused = []
    for path in files:
        data = path.read_bytes()
        try:
            parsed = parse(data)
        except ParseFailure as failure:
            refused.append((path.name, failure.message))
            continue
        assert parsed.bytes(parsed.tree.code) == data, path
    assert len(files) > 8
    assert refused == []
