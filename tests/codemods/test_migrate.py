"""The Python API: what it imports, what it keeps, what it refuses."""

from __future__ import annotations

import subprocess
import sys

import libcst as cst
import pytest

from wandb_keras_codemods import CODES, Migration, ParseFailure, mentions, migrate
from wandb_keras_codemods.findings.codes import KINDS

LEGACY = "from wandb.keras import WandbCallback\n\nmodel.fit(x, callbacks=[WandbCallback(save_model=False)])\n"
SHIM = LEGACY.replace("wandb.keras", "wandb_keras_compat")


def codes(migration: Migration) -> list[str]:
    return [finding.code for finding in migration.findings]


def test_the_target_is_checked():
    with pytest.raises(ValueError, match="target must be one of shim, compat, wandb, not 'trio'"):
        migrate(LEGACY, "trio")


def test_a_source_without_candidates_is_returned_as_it_is():
    assert migrate("import torch\n def broken(:", "wandb") == Migration(
        "import torch\n def broken(:", (), "import torch\n def broken(:"
    )


def test_changed():
    assert migrate(LEGACY, "wandb").changed
    assert not migrate(migrate(LEGACY, "wandb").code, "wandb").changed


@pytest.mark.parametrize(
    "module",
    ["wandb_keras_codemods", "wandb_keras_codemods.findings", "wandb_keras_codemods.legacy.names"],
)
def test_no_framework_is_imported(module):
    script = (
        f"import sys, {module} as m\n"
        "from wandb_keras_codemods import migrate\n"
        "migrate('import wandb', 'wandb')\n"
        "heavy = {'libcst', 'rich', 'ruamel', 'wandb', 'keras', 'tensorflow'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_findings_does_not_import_the_analysis():
    script = (
        "import sys, wandb_keras_codemods.findings\n"
        "sys.exit('wandb_keras_codemods.command' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"from wandb.keras import WandbMetricsLogger", True),
        (b"import wandb; wandb.keras.WandbCallback()", True),
        (b"from wandb.wandb_keras import WandbKerasCallback", True),
        (b"from wandb import wandb_keras", True),
        (b'"source": ["from wandb.keras import WandbCallback\\n"]', True),
        (b"from wandb.integration.keras import WandbMetricsLogger", False),
        (b"import wandb_keras_compat", False),
        (b"import wandb", False),
        (b"class WandbCallback: ...", False),
        (b"", False),
    ],
)
def test_mentions(data, expected):
    assert mentions(data) is expected


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_byte_order_mark_are_kept(eol, mark):
    before = (
        "# first\n\nfrom wandb.keras import WandbCallback\n\ncallbacks = [WandbCallback()]\n# last"
    )
    after = migrate(mark + before.replace("\n", eol), "wandb").code
    plain = migrate(before, "wandb").code
    assert after == mark + plain.replace("\n", eol)
    assert plain.endswith("# last")


def test_a_byte_order_mark_before_the_import():
    migration = migrate("\ufeff" + LEGACY, "shim")
    assert migration.code == "\ufeff" + SHIM
    assert (migration.findings[0].line, migration.findings[0].column) == (1, 1)


def test_removing_the_last_line():
    assert migrate("os.x\nfrom wandb.keras import WandbCallback", "wandb").code == "os.x\n"
    assert migrate("from wandb.keras import WandbCallback\r\nos.x", "wandb").code == "os.x"


def test_form_feeds_and_odd_separators_do_not_shift_positions():
    before = "x = '\x0b \x1c \u2028'\n\x0c\n" + LEGACY
    migration = migrate(before, "shim")
    assert migration.code == "x = '\x0b \x1c \u2028'\n\x0c\n" + SHIM


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import wandb.keras\nprint 'python 2'\n", 2),
        ("import wandb.keras\nx = (\n", 2),
        ("import wandb.keras\0", 1),
        ("import wandb.keras\n" + "(" * 5000 + ")" * 5000, 1),
    ],
)
def test_what_cannot_be_parsed(source, line):
    with pytest.raises(ParseFailure) as failure:
        migrate(source, "wandb")
    assert failure.value.code == "WKM901"
    assert failure.value.line >= line or line == 1
    assert failure.value.message


def test_warnings_of_the_compiler_stay_silent():
    migrate(LEGACY + "x = '\\d' is 3\n", "wandb")


def test_a_result_that_does_not_parse_is_not_given(monkeypatch):
    from wandb_keras_codemods.edit.callbacks import Writer

    monkeypatch.setattr(Writer, "_func", lambda self, name: cst.Name("class"))
    migration = migrate(LEGACY, "wandb")
    assert not migration.changed
    assert codes(migration) == ["WKM902"]


@pytest.mark.parametrize(
    "source",
    [
        "from wandb.keras import WandbCallback\n__all__ = ['WandbCallback']\n",
        "from wandb.keras import WandbCallback  # noqa: F401\n",
        "class Library:\n    from wandb.keras import WandbCallback as Logger\n",
    ],
)
@pytest.mark.parametrize("target", ["compat", "wandb"])
def test_what_others_import_is_said_to_stay(source, target):
    given = migrate(source, target, fallback=False)
    assert given.code == source
    assert [finding.kind for finding in given.findings] == ["manual"]
    assert migrate(source, target).code == source.replace("wandb.keras", "wandb_keras_compat")


def test_a_finding_knows_its_place():
    finding = next(f for f in migrate(LEGACY, "wandb").findings if f.code == "WKM101")
    place = (finding.line, finding.column, finding.end_line, finding.end_column, finding.cell)
    assert place == (3, 25, 3, 56, None)
    assert finding.kind == "migrated"


def test_the_codes():
    assert {code.kind for code in CODES.values()} == set(KINDS)
    assert all(name == code.code and code.title for name, code in CODES.items())
    assert all(code.explanation.endswith(".") for code in CODES.values())


def test_each_code_is_used():
    from pathlib import Path

    import wandb_keras_codemods

    package = Path(wandb_keras_codemods.__file__).parent
    texts = [p.read_text(encoding="utf-8") for p in package.rglob("*.py") if p.stem != "codes"]
    assert [code for code in CODES if not any(code in text for text in texts)] == []
