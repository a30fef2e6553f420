"""Which of the tested combinations of Python, Keras and wandb a project's requirements admit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from wandb_keras_compat._table import table

from .installed import DISTRIBUTIONS

FILE = Path(__file__).with_name("tested.json")  # written by .ci/matrix.py --format package
# distribution -> the name under which requirements ask for it
_SAME = {
    canonicalize_name(name): canonicalize_name(names[0])
    for names in DISTRIBUTIONS.values()
    for name in names
}
# Where the tests run; a requirement's marker may ask for it.
_PLATFORM = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": ""}
_SHOWN = ("tensorflow", "keras", "tf-keras", "jax", "torch")
FORMATS = ("table", "github", "nox")


@dataclass(frozen=True)
class Combination:
    """One combination whose tests ran.

    Args:
        id: Its name in the project's own matrix.
        python: Version of Python, such as ``"3.12"``.
        requires: What was installed, such as ``("keras==3.15.1", "jax==0.12.0.1")``.
        overrides: Requirements that replace what a dependency asks for (uv's overrides).
        env: Environment variables that choose the Keras.
    """

    id: str
    python: str
    requires: tuple[str, ...]
    overrides: tuple[str, ...]
    env: Mapping[str, str]

    def versions(self) -> dict[str, str]:
        """Return the pinned version of each distribution, and Python's."""
        found = {"python": self.python}
        for requirement in map(Requirement, self.requires):
            pins = [s.version for s in requirement.specifier if s.operator == "=="]
            if pins:
                name = canonicalize_name(requirement.name)
                found[_SAME.get(name, name)] = pins[0]
        return found


def tested() -> list[Combination]:
    """Return the tested combinations."""

    def tuples(row: dict[str, Any]) -> dict[str, Any]:
        return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}

    return [Combination(**tuples(row)) for row in json.loads(FILE.read_text(encoding="utf-8"))]


def admitted(requirements: Sequence[str]) -> list[Combination]:
    """Return the tested combinations that requirements admit.

    Args:
        requirements: As in a requirements file: ``"tensorflow>=2.10"``, ``"python<3.12"``. One
            that names what a combination does not have excludes it; ``tensorflow`` and its other
            distributions (``tensorflow-cpu``, ``tf-nightly``) are the same. One whose marker is not
            true of a combination's Python, on Linux, asks nothing of it.

    Raises:
        ValueError: If a requirement cannot be read.

    Example:
        >>> admitted(["keras>=3", "jax"])[0].python
        '3.12'
    """
    asked = []
    for text in requirements:
        try:
            asked.append(Requirement(text))
        except InvalidRequirement as error:
            reason = str(error).splitlines()[0]
            raise ValueError(
                f"requires={text!r}: expected a requirement such as 'tensorflow>=2.10' ({reason})"
            ) from None
    return [combination for combination in tested() if _meets(combination, asked)]


def _meets(combination: Combination, asked: Sequence[Requirement]) -> bool:
    versions = combination.versions()
    place = {
        **_PLATFORM,
        "python_version": versions["python"],
        "python_full_version": f"{versions['python']}.0",
    }
    for requirement in asked:
        if requirement.marker is not None and not requirement.marker.evaluate(place):
            continue
        name = canonicalize_name(requirement.name)
        version = versions.get(_SAME.get(name, name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def render(combinations: Sequence[Combination], format: str) -> str:
    """Return combinations as a table, as a workflow's matrix or as nox parameters.

    Args:
        combinations: What to show.
        format: ``"table"``, ``"github"`` (the value of ``strategy.matrix``) or ``"nox"``.
    """
    if format == "github":
        return json.dumps({"include": [vars(combination) for combination in combinations]})
    if format == "nox":
        lines = [
            f"    nox.param({c.python!r}, {c.requires!r}, {c.overrides!r}, {c.env!r}, id={c.id!r}),"
            for c in combinations
        ]
        return "\n".join(["@nox.parametrize('python,requires,overrides,env', [", *lines, "])"])
    shown = []
    for combination in combinations:
        versions = combination.versions()
        python, wandb = versions.pop("python"), versions.pop("wandb", "")
        kerases = [f"{n} {versions[n]}" for n in _SHOWN if n in versions]
        shown.append((combination.id, python, wandb, ", ".join(kerases)))
    return "\n".join(table(("tested as", "Python", "wandb", "Keras"), shown))
