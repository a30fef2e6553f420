"""The matrix's rows are well formed, and what reads them says the truth about failures."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from wandb_keras_compat import cli
from wandb_keras_compat import matrix as admission
from wandb_keras_compat.environment.matrix import FILE as SHIPPED

CI = Path(__file__).parents[1] / ".ci"


def load(name: str, folder: Path = CI) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"ci_{name}", folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


matrix = load("matrix")
tally = load("tally")
mutants = load("mutants", CI.parent / "tests")
ROWS = matrix.load()
ROOT = CI.parent


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row_is_repeatable_and_says_why(row):
    pinned = {r.name for r in map(Requirement, row.requires) if "==" in str(r.specifier)}
    # A row that may fail follows what is newest; every other one can be repeated.
    assert row.allowed_to_fail or "wandb" in pinned
    assert row.allowed_to_fail or pinned & {"tensorflow-cpu", "keras"}
    assert all(isinstance(value, str) for value in row.env.values())
    assert row.why.strip().endswith(".")
    assert all((ROOT / path).exists() for path in row.paths + row.gate_paths + row.quick_paths)


def covered(path: str, paths: tuple[str, ...]) -> bool:
    """Whether paths name a file or folder, or a folder that it lies in."""
    return bool({path, *map(str, Path(path).parents)} & set(paths))


def test_the_gate_runs_a_part_of_what_a_row_runs():
    for row in ROWS:
        assert bool(row.gate_paths) == row.gate
        for path in row.gate_paths + row.quick_paths:
            assert covered(path, row.paths), (row.id, path)
        for path in row.quick_paths:  # what the quick check ran is not run again
            assert not covered(path, row.gate_paths)
            assert not [other for other in row.gate_paths if covered(other, (path,))]


def test_the_quick_check_trains_in_one_row():
    [quick] = [row for row in ROWS if row.quick_paths]
    logger = "tests/compat/callbacks/test_metrics_logger.py"
    assert {logger, "tests/compat/test_legacy.py"} <= set(quick.quick_paths)


def test_every_test_of_compat_runs_somewhere_whole():
    whole = [row for row in ROWS if row.paths[0] == "tests/compat"]
    assert {row.id for row in whole} >= {
        "tf-2.10",
        "oracle-2.12",
        "keras3-tensorflow",
        "keras3-jax",
    }


def test_gate_covers_every_kind_of_keras():
    gate = [row for row in ROWS if row.gate]
    backends = {row.env.get("KERAS_BACKEND") for row in gate}
    assert {"jax", "torch", None} <= backends
    assert any(row.env.get("TF_USE_LEGACY_KERAS") for row in gate)
    assert sum(row.oracle for row in gate) == 2
    assert "3.8" in {row.python for row in gate}


def test_rows_without_tensorflow_do_not_ask_for_it():
    for row in ROWS:
        if row.env.get("KERAS_BACKEND") in ("jax", "torch"):
            assert not [r for r in row.requires if r.startswith("tensorflow")]


def test_github_matrix(capsys):
    assert matrix.main(["--gate"]) == 0
    include = json.loads(capsys.readouterr().out)["include"]
    assert [entry["id"] for entry in include] == [row.id for row in ROWS if row.gate]
    assert include[2] == {
        "id": "oracle-2.12",
        "python": "3.10",
        "session": "tests(oracle-2.12)",
        "allowed_to_fail": False,
    }


def sessions_of(capsys, *options):
    assert matrix.main([*options, "--format", "sessions"]) == 0
    return dict(line.partition(" -- ")[::2] for line in capsys.readouterr().out.splitlines())


def test_the_gate_and_the_quick_check_name_the_tests_of_a_row(capsys):
    gate = sessions_of(capsys, "--gate")
    assert gate == {row.session: " ".join(row.gate_paths) for row in ROWS if row.gate}
    assert gate["tests(oracle-2.12)"] == "tests/compat/oracle"
    quick = sessions_of(capsys, "--quick")
    assert quick == {row.session: " ".join(row.quick_paths) for row in ROWS if row.quick_paths}


def test_sessions_begin_with_the_longest(capsys):
    assert matrix.main(["--format", "sessions"]) == 0
    sessions = capsys.readouterr().out.split()
    assert sorted(sessions) == sorted(row.session for row in ROWS)
    minutes = {row.session: row.minutes for row in ROWS}
    assert [minutes[s] for s in sessions] == sorted(minutes.values(), reverse=True)
    assert all(row.minutes for row in ROWS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[row]]\nid="a"\npython="3.9"\nwhy="x"', "row a: missing ['requires']"),
        (
            '[[row]]\nid="a"\npython="3.9"\nwhy="x"\nrequires=["wandb"]\nenvs={}',
            "unknown ['envs']",
        ),
        ('[[row]]\nid="a"\npython="3.9"\nwhy="x"\nrequires=["wandb"]\n' * 2, "two of this id"),
        (
            '[selections]\nb=[]\n[[row]]\nid="a"\npython="3.9"\nwhy="x"\nrequires=["w"]\npaths=["@c"]',
            "row a: @c is none of the selections ['b']",
        ),
    ],
)
def test_a_wrong_row_is_refused_by_name(tmp_path, text, message):
    file = tmp_path / "matrix.toml"
    file.write_text(text)
    with pytest.raises(matrix.MatrixError) as caught:
        matrix.load(file)
    assert message in str(caught.value)


def report(tests: int, failures: int = 0, errors: int = 0, skipped: int = 0) -> str:
    return (
        f'<testsuites><testsuite tests="{tests}" failures="{failures}" errors="{errors}"'
        f' skipped="{skipped}"/></testsuites>'
    )


# status of the session, its report -> passed, failed, skipped
@pytest.mark.parametrize(
    ("status", "xml", "expected"),
    [
        (0, None, (1, 0, 0)),
        (1, None, (0, 1, 0)),
        (0, report(10, skipped=2), (8, 0, 2)),
        (1, report(10, failures=1, errors=1), (8, 2, 0)),
        (1, report(10), (10, 1, 0)),  # for example a crash after the last test
        (124, None, (0, 1, 0)),  # out of time
    ],
)
def test_count(tmp_path, status, xml, expected):
    if xml is not None:
        (tmp_path / "s.xml").write_text(xml)
    assert tally.count("s", status, tmp_path) == expected


def test_tally_closes_with_the_sum_and_misses_no_session(tmp_path, capsys):
    (tmp_path / "a.status").write_text("0 12")
    (tmp_path / "a.xml").write_text(report(5, skipped=1))
    assert tally.main([str(tmp_path), "a"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 0 failed, 1 skipped"
    assert tally.main([str(tmp_path), "a", "never-ran"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 1 failed, 1 skipped"


def test_the_doctor_is_expected_to_say_something_in_every_row():
    """test_doctor.py compares, in the row; what may fail is not pinned."""
    expected = {
        file.stem: file.read_text() for file in (ROOT / "tests/compat/doctor").glob("*.txt")
    }
    assert set(expected) == {row.id for row in ROWS if not row.allowed_to_fail}
    for row in ROWS:
        assert covered("tests/compat/doctor/test_doctor.py", row.paths)
        for requirement in map(Requirement, row.requires if row.id in expected else ()):
            pin = str(requirement.specifier).lstrip("=")
            if requirement.name in ("tensorflow-cpu", "keras", "tf_keras", "jax", "torch", "wandb"):
                assert pin in expected[row.id], (row.id, requirement.name)


def test_the_package_ships_the_rows(capsys):
    """Mend it by: python .ci/matrix.py --format package > compat/wandb_keras_compat/environment/tested.json."""
    assert matrix.main(["--format", "package"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(SHIPPED.read_text())


def ids(*requirements):
    return {combination.id for combination in admission.admitted(requirements)}


def test_requirements_choose_rows():
    assert ids() == {row.id for row in ROWS if not row.allowed_to_fail}
    assert ids("tensorflow-cpu>=2.10,<2.13") == ids("tensorflow>=2.10,<2.13") >= {"tf-2.10"}
    assert ids("tf-keras") == ids("tf_keras") == {"tf_keras", "tf_keras-oldest"}
    assert ids("jax") == {"keras3-jax"}
    assert "oldest" in ids("python<3.9", "wandb<0.14")
    assert ids("jax", "torch") == ids("numpy-financial") == set()


@pytest.mark.parametrize(
    "name",
    ["tensorflow-intel", "tensorflow_macos", "TensorFlow-GPU", "tf-nightly", "intel-tensorflow"],
)
def test_every_distribution_of_tensorflow_is_tensorflow(name):
    assert ids(f"{name}>=2.10,<2.13") == ids("tensorflow>=2.10,<2.13")
    assert ids("keras-nightly>=3") == ids("keras>=3")


def test_markers_are_honoured():
    everything = ids()
    assert ids("tensorflow<2; sys_platform == 'win32'") == everything
    assert ids("tensorflow>=2.10; sys_platform == 'linux'") == ids("tensorflow>=2.10")
    old, new = ids("python<3.10"), ids("python>=3.10")
    assert old | new == everything
    asked = "tensorflow>=2.20; python_version >= '3.10'"
    assert ids(asked) == old | (ids("tensorflow>=2.20") & new)
    assert ids("torch; extra == 'gpu'") == everything


@pytest.mark.parametrize("format", ["github", "nox"])
def test_what_is_printed_can_be_used(format, capsys):
    assert cli.main(["matrix", "--requires", "tf_keras", "--format", format]) == 0
    out = capsys.readouterr().out
    if format == "github":
        rows = json.loads(out)["include"]
    else:
        names = ("python", "requires", "overrides", "env")
        param = lambda *values, id: dict(zip(names, values, strict=True), id=id)  # noqa: E731
        nox = SimpleNamespace(param=param, parametrize=lambda names, rows: (names, rows))
        names, rows = eval(out[1:], {"nox": nox})
        assert names == "python,requires,overrides,env"
    assert [row["id"] for row in rows] == ["tf_keras", "tf_keras-oldest"]
    assert all(row["env"] == {"TF_USE_LEGACY_KERAS": "1"} for row in rows)
    assert all(row["overrides"] for row in rows)


def test_the_table_fits_a_terminal(capsys):
    assert cli.main(["matrix"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_nothing_admitted_and_nothing_understood(capsys):
    assert cli.main(["matrix", "--requires", "keras>99"]) == 1
    assert cli.main(["matrix", "--requires", "keras>>3"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert "no tested combination meets keras>99" in errors[0]
    assert "--requires='keras>>3': expected a requirement" in errors[1]
    assert len(errors) == 2


def test_every_branch_that_can_go_one_day_has_a_mutant():
    """A row proves a branch when breaking it turns the row red: nox -s "mutants(ROW)"."""
    lines = [
        line.strip()
        for path in sorted(mutants.PACKAGE.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "# until:" in line
    ]
    assert lines
    assert sorted(lines) == sorted(m.line for m in mutants.MUTANTS if "# until:" in m.line)
    paths = {row.id: row.paths for row in ROWS}
    workflow = YAML(typ="safe").load(ROOT / ".github/workflows/ci.yml")
    sessions = workflow["jobs"]["checks"]["strategy"]["matrix"]["session"]
    run = {session for session in sessions if session.startswith("mutants")}
    assert run == {f"mutants({mutant.row})" for mutant in mutants.MUTANTS}
    for mutant in mutants.MUTANTS:
        test = f"tests/compat/{mutant.test}"
        assert (ROOT / test).exists()
        assert covered(test, paths[mutant.row])
        source = (mutants.PACKAGE / mutant.file).read_text(encoding="utf-8")
        assert source.count(mutant.line) == 1
