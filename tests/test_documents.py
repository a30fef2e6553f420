"""What README and MIGRATION.md show compiles, parses, links, is current, and has a test or a record."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
import tomllib
from ruamel.yaml import YAML

import wandb_keras_compat
from wandb_keras_codemods.cli import configuration, dashboards, options
from wandb_keras_codemods.legacy.arguments import NAMES
from wandb_keras_compat import cli

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
    if len(path.read_text(encoding="utf-8")) > 100  # not a page that stands for another
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHELLS = ("console", "yaml")


def load(path: Path):
    spec = importlib.util.spec_from_file_location(f"docs_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


generate = load(ROOT / "docs" / "generate.py")
scenarios = load(ROOT / "tests" / "compat" / "oracle" / "scenarios.py")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(*languages: str) -> list[tuple[str, str]]:
    return [
        (name, body)
        for name in DOCUMENTS
        for language, body in FENCE.findall(text_of(name))
        if language in languages
    ]


def commands() -> list[list[str]]:
    """Return every call of ours in a block of shell or in a code span, as words.

    A span such as ``wandb-keras-compat run`` is a name, no call.
    """
    spans = [
        span
        for name in DOCUMENTS
        for span in re.findall(r"`([^`\n]+)`", FENCE.sub("", text_of(name)))
        if span.count(" ") > 1
    ]
    found = []
    for line in "\n".join([*(body for _, body in blocks(*SHELLS)), *spans]).splitlines():
        for part in re.split(r"&&|\|\||[|;]", line):
            match = re.search(r"(?:^|[ /])(wandb-keras-(?:compat|migrate)(?: .*|$))", part)
            if match and "://" not in part:
                found.append(shlex.split(match[1]))
    return found


def parse(words: list[str]) -> None:
    """Parse a call with the program's own parser; it exits where it cannot."""
    command, arguments = words[0], words[1:]
    if command == "wandb-keras-migrate":
        if arguments[:1] == ["dashboards"]:
            dashboards.parser().parse_args(arguments[1:])
        else:
            options.parser().parse_args(arguments)
        return
    script: list[str] = []
    if arguments[:1] == ["run"]:
        arguments, script = cli._split(arguments)
        assert script, f"{words} names no script"
    cli.parser().parse_args(arguments)


@pytest.mark.parametrize(("document", "code"), blocks("python"))
def test_python_compiles(document, code):
    compile(code, document, "exec")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_block_is_passed_over(name):
    """Each is of a language that something here looks at; what a shell prints is looked at by name."""
    text = text_of(name)
    found = FENCE.findall(text)
    assert len(re.findall(r"^\s*(?:```|~~~)", text, re.MULTILINE)) == 2 * len(found)
    assert {language for language, _ in found} <= {"python", *SHELLS, "toml", "text", "diff"}


def test_there_are_blocks_of_each_kind():
    for name, least in {"python": 30, "console": 15, "yaml": 2, "toml": 1}.items():
        assert len(blocks(name)) >= least, name


@pytest.mark.skipif(shutil.which("bash") is None, reason="no shell here")
def test_what_is_for_a_shell_parses():
    script = "\n".join(body for _, body in blocks("console"))
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("document", "body"), blocks("toml"))
def test_settings_are_known(document, body, tmp_path):
    (tmp_path / "pyproject.toml").write_text(body)
    (table,) = tomllib.loads(body)["tool"].values()
    assert configuration.load(str(tmp_path))[0].keys() == table.keys()


@pytest.mark.parametrize(("document", "body"), blocks("yaml"))
def test_yaml_is_yaml(document, body):
    (loaded, *_) = YAML(typ="safe").load(body)
    for hook in loaded.get("hooks", []):
        known = YAML(typ="safe").load(text_of(".pre-commit-hooks.yaml"))
        assert hook["id"] in {one["id"] for one in known}


# A table that nothing generates -> the test that holds it to the code.
BY_HAND = {("README.md", "command"): "test_the_readme_shows_commands_that_there_are"}


@pytest.mark.parametrize("name", ["README.md", "MIGRATION.md"])
def test_tables_are_generated_or_have_a_test(name):
    text = generate._BLOCK.sub("", text_of(name))
    heads = re.findall(r"^\| *([^|]+?) *\|.*\n\|[-: |]+\|$", text, re.MULTILINE)
    assert {(name, head) for head in heads} == {key for key in BY_HAND if key[0] == name}
    assert {BY_HAND[name, head] for head in heads} <= set(globals())
    assert (
        name != "README.md" or len(re.findall(r"^\|[-: |]+\|$", text_of(name), re.MULTILINE)) == 2
    )


def test_the_readme_shows_commands_that_there_are():
    rows = re.findall(r"^\| `(wandb-keras-[^`]+)` \|", text_of("README.md"), re.MULTILINE)
    assert [row.split()[:2] for row in rows] == [
        ["wandb-keras-compat", "doctor"],
        ["wandb-keras-compat", "run"],
        ["wandb-keras-migrate", "."],
        ["wandb-keras-migrate", "dashboards"],
        ["wandb-keras-compat", "compare"],
    ]
    for row in rows:
        parse(row.split())


def test_the_readme_is_a_page_and_the_guide_no_book():
    assert 60 < len(text_of("README.md").splitlines()) <= 130
    assert 200 < len(text_of("MIGRATION.md").splitlines()) <= 350
    assert max(map(len, text_of("README.md").splitlines())) < 400  # lines, and not what holds many


def test_there_is_one_address():
    project = text_of("pyproject.toml").split("[project.urls]")[1].split("\n[")[0]
    repository, site, _ = re.findall(r'"(https://[^"]+)"', project)
    for name in [*DOCUMENTS, "pyproject.toml", "mkdocs.yml"]:
        for address in re.findall(r"https://[\w.-]*example\.org[\w./-]*", text_of(name)):
            assert address.startswith((repository, site)), name
    assert f"repo_url: {repository}" in text_of("mkdocs.yml")
    assert f"site_url: {site}" in text_of("mkdocs.yml")
    assert f"repo: {repository}" in text_of("MIGRATION.md")


def test_the_changelog_begins_with_the_version_that_is_released():
    version, date = re.findall(
        r"^## \[([^]]+)\](?: - (\S+))?$", text_of("CHANGELOG.md"), re.MULTILINE
    )[0]
    assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", date)
    assert version == wandb_keras_compat.__version__
    assert f'version = "{version}"' in text_of("pyproject.toml")
    assert f"version: {version}\n" in text_of("CITATION.cff")
    assert f"rev: v{version}\n" in text_of("MIGRATION.md")


def test_the_readme_counts_what_the_whole_table_has():
    head = re.search(r"<thead>.*?</thead>", text_of("docs/support.md"))
    rows = text_of("docs/support.md").split("<tbody>")[1].split("</tbody>")[0]
    assert head is not None
    features, environments = rows.count("<tr>"), head[0].count("<th ") - 1
    said = f"has {features} features in {environments} environments"
    assert said in text_of("README.md")


def test_the_picture_shows_what_the_codemod_prints():
    def words(picture: str) -> str:
        spans = re.findall(r"<text[^>]*>(.*?)</text>", picture)
        return re.sub(r"\s+", " ", unescape(" ".join(spans)).replace("\xa0", " "))

    picture = load(ROOT / "docs" / "picture.py")
    drawn = picture.PICTURE.read_text(encoding="utf-8")
    assert words(drawn) == words(picture.picture(picture.printed())), "run python docs/picture.py"
    assert "to be done with WandbCallback" in words(drawn)


def test_there_are_commands_to_check():
    assert len(commands()) > 20


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_command_lines_parse(words):
    parse(words)


def test_a_wrong_option_is_found(capsys):
    with pytest.raises(SystemExit):
        parse(["wandb-keras-migrate", ".", "--targte", "shim"])
    with pytest.raises(SystemExit):
        parse(["wandb-keras-compat", "run", "--oours", "train.py"])
    capsys.readouterr()


GENERATED = generate.files()


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.name)
def test_generated_parts_are_current(path):
    current = path.read_text(encoding="utf-8") == GENERATED[path]
    assert current, "run python docs/generate.py"


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    return named | set(re.findall(r'id="([^"]+)"', text))


def links(name: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", text_of(name)))


def test_there_are_links_to_follow():
    local = [link for name in DOCUMENTS for link in links(name) if "://" not in link]
    assert len(local) > 20
    assert sum("#" in link for link in local) >= 3
    assert {"README.md", "MIGRATION.md"} <= {name for name in DOCUMENTS if len(links(name)) > 5}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_local_links_resolve(name):
    for target in links(name):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / name).parent / path if path else ROOT / name
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), target


# Deviations


def deviations() -> list[list[str]]:
    rows = re.findall(r"^\| (`[\w-]+` \|.*) \|$", text_of("docs/deviations.md"), re.MULTILINE)
    return [row.split(" | ") for row in rows]


def faults() -> list[list[str]]:
    rows = re.findall(r"^\| (.*::.*) \|$", text_of("docs/faults.md"), re.MULTILINE)
    return [row.split(" | ") for row in rows]


def assert_is_a_test(name: str) -> None:
    path, function = name.strip("`").split("::")
    tree = ast.parse(text_of(path))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", deviations(), ids=lambda row: row[0].strip("`"))
def test_a_deviation_names_a_test_that_exists(row):
    assert len(row) == 5
    assert_is_a_test(row[-1])


@pytest.mark.parametrize("row", faults(), ids=lambda row: row[0])
def test_a_fault_names_a_test_that_exists(row):
    assert len(row) == 3
    assert_is_a_test(row[-1])


def test_there_are_faults():
    assert len(faults()) > 20


def test_there_are_deviations():
    assert len(deviations()) > 30


# What is recorded: the shapes that W&B's callbacks left in the oracle rows are the evidence.

SHAPES = json.loads(text_of("tests/compat/oracle/shapes.json"))


def recorded(ids: list[str], place: str) -> set[str]:
    """Return the names in one place of the recordings of some scenarios."""
    shapes = [SHAPES[i]["shape"] for i in ids if i in SHAPES]
    if place == "history":
        return {key for shape in shapes for _, keys in shape["rows"] for key in keys}
    if place == "artifacts":
        return {name for shape in shapes for name, _, _ in shape["artifacts"]}
    return {name for shape in shapes for name in shape[place]}


def claims(side: int) -> list[tuple[str, str, str]]:
    """Return argument, place and name for each name said to be recorded."""
    return [
        (argument, place, name)
        for argument, (_, places) in generate.RECORDS.items()
        for place, cells in places.items()
        if place in ("history", "summary", "files", "artifacts")
        for name in re.findall(r"`([^`]+)`", cells[side])
        if name not in NAMES and name not in ("target", "prediction")
    ]


def pattern(name: str) -> str:
    return re.sub(r"<[^>]+>", ".+", re.escape(name)).replace("media/graph/", ".*")


def test_there_is_something_to_hold_against_the_records():
    assert len(GENERATED) > 15
    assert len(claims(0)) > 40
    assert len(claims(1)) > 15


def test_the_table_of_checkpoints_is_on_record():
    table = {what: cells for what, *cells in generate.CHECKPOINT}
    sides = [s.id for s in scenarios.ALL if s not in scenarios.TRIO], [s.id for s in scenarios.TRIO]
    for side, ids in enumerate(sides):
        models = [
            a
            for i in ids
            if i in SHAPES
            for a in SHAPES[i]["shape"]["artifacts"]
            if a[1] == "model"
        ]
        assert models
        name = pattern(table["artifact"][side].strip("`"))
        assert {bool(re.fullmatch(name, found)) for found, *_ in models} == {True}
        said = {pattern(alias.strip("`")) for alias in table["aliases"][side].split(", ")}
        for *_, aliases in models:
            assert all(any(re.fullmatch(one, alias) for one in said) for alias in aliases)
    assert any(re.fullmatch("model-best.h5", name) for name in recorded(sides[0], "files"))


def test_every_argument_is_described():
    assert tuple(generate.RECORDS) == NAMES


@pytest.mark.parametrize(("argument", "place", "name"), claims(0))
def test_what_was_recorded_before_is_on_record(argument, place, name):
    default = {"save_model": True, "save_graph": True, "monitor": "", "mode": "", "verbose": 0}
    ids = [
        s.id for s in scenarios.ALL if s.arguments.get(argument, default.get(argument)) is not None
    ]
    assert any(re.fullmatch(pattern(name), found) for found in recorded(ids, place))


@pytest.mark.parametrize(
    ("argument", "place", "name"), [claim for claim in claims(1) if claim[1] != "files"]
)
def test_what_the_trio_records_is_on_record(argument, place, name):
    found = recorded([s.id for s in scenarios.TRIO], place)
    assert any(re.fullmatch(pattern(name), other) for other in found)
