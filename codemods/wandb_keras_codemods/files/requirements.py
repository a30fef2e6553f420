"""Find requirements that hold wandb below the releases that took the legacy names away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Iterator

from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.findings.lines import LINE_END

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_FIRST_WITHOUT_MODULE = "0.17.0"
_FIRST_WITHOUT_CLASS = "0.27.1"
_HELD = "wandb is held at "

_CLAUSE = r"(?:[<>~!=]=?=?|\^)\s*v?\d[\w.*+!-]*"
_BARE = r"(?:(?<=@)|(?<=- wandb ))[~^]?v?\d[\w.*]*"  # poetry add wandb@0.16; conda's - wandb 0.16
_REQUIREMENT = re.compile(
    rf"(?<![\w./-])wandb(?:\[[^\]]*\])?[\"']?(?:\s*\(?\s*|@|\s)"
    rf"(?P<spec>{_BARE}|{_CLAUSE}(?:\s*(?:,|\|\|?)\s*{_CLAUSE})*)"
)
# Poetry, Pipenv and pixi: a key, a table of its own, or a list of tables
_VALUE = r"[\"'](?P<spec>[^\"']+)[\"']"
_KEY = re.compile(rf"^\s*[\"']?wandb[\"']?\s*=\s*(?:\{{[^}}]*?\bversion\s*=\s*)?{_VALUE}")
_OPENS = re.compile(r"^\s*(?:\[[^\[\]]*\.[\"']?wandb[\"']?\]|[\"']?wandb[\"']?\s*=\s*\[)")
_CLOSES = re.compile(r"^\s*(?:\[|\])")
_VERSION = re.compile(rf"\bversion\s*=\s*{_VALUE}")
_COMMENT = re.compile(r"(^|\s)#")
_INSTALLS = re.compile(
    r"\b(?:pip3?|uv|conda|mamba|micromamba|poetry|pipenv)\b.*\b(?:install|add)\b"
)
_FOLDS = re.compile(r"^[\s-]*(?P<key>[\w-]+)\s*:\s*>[-+\d]*\s*$")  # YAML: lines become one


def mentions(data: bytes) -> bool:
    """Tell whether a requirement file's bytes may hold wandb back; False is certain."""
    return b"wandb" in data


def find(text: str) -> tuple[Finding, ...]:
    """Find bounds on wandb in a requirements, pyproject, setup or environment file.

    Args:
        text: The file's text; each requirement stands on one line.

    Example:
        >>> [finding.code for finding in find("wandb<0.17")]
        ['WKM601']
    """
    findings = []
    inside = False
    for number, line in enumerate(LINE_END.split(text), 1):
        comment = _COMMENT.search(line)
        content = line[: comment.start()] if comment else line
        opens = _OPENS.match(content) is not None
        inside = opens or (inside and _CLOSES.match(content) is None)
        match = _VERSION.search(content) if inside else None
        match = match or _KEY.match(content) or _REQUIREMENT.search(content)
        code = _code(match["spec"]) if match else None
        if match is None or code is None:
            continue
        start, end = match.span()
        start += len(match.group()) - len(match.group().lstrip())
        message = f"{_HELD}{match['spec'].strip()}"
        hint = "Lift the bound once the code is migrated."
        findings.append(Finding(code, message, hint, number, start + 1, number, end + 1))
    return tuple(findings)


def installed(text: str, command: re.Pattern[str] = _INSTALLS) -> tuple[Finding, ...]:
    r"""Find bounds on wandb in commands that install it, in a text of any kind.

    Args:
        text: A workflow, Makefile, Dockerfile or document; a command may go on after a backslash,
            and in YAML through a folded text.
        command: What begins such a command.

    Example:
        >>> [finding.line for finding in installed("RUN pip install \\\n  'wandb<0.17'")]
        [2]
    """
    kept, installs, folded = [], False, -1
    for line in LINE_END.split(text):
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent <= folded:
            folded, installs = -1, False
        installs = installs or command.search(line) is not None
        kept.append(line if installs else "")
        fold = _FOLDS.match(line)
        folded = fold.start("key") if fold else folded
        # a Dockerfile's command goes on after a comment
        goes_on = line.rstrip().endswith("\\") or line.lstrip().startswith("#")
        installs = installs and (goes_on or folded >= 0)
    return find("\n".join(kept)) if any(kept) else ()


def held(finding: Finding) -> str | None:
    """Return the bound that a finding tells of; None for a finding of another kind."""
    return finding.message[len(_HELD) :] if finding.kind == "requirement" else None


def admits(spec: str, version: str) -> bool:
    """Tell whether a bound admits a version; what is no bound admits any.

    Args:
        spec: The bound as pip, conda or Poetry writes it.
        version: A release.

    Example:
        >>> admits("^0.16", "0.16.6"), admits("^0.16", "0.31.0")
        (True, False)
    """
    allowed = _allowed(spec)
    return allowed is None or any(each.contains(version, prereleases=True) for each in allowed)


def _allowed(text: str) -> list[SpecifierSet] | None:
    """Return what a bound allows, one way or another; None when it is none."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return [SpecifierSet(",".join(_clauses(way))) for way in re.split(r"\|\|?", text)]
    except InvalidSpecifier:
        return None


def _code(text: str) -> str | None:
    """Return the code for a bound; None when it lets a release without the class in."""
    from packaging.version import Version

    allowed = _allowed(text)
    if allowed is None:
        return None
    named = [Version(found) for found in re.findall(r"\d+(?:\.\d+)+", text)]
    module, klass = Version(_FIRST_WITHOUT_MODULE), Version(_FIRST_WITHOUT_CLASS)
    later = [Version(f"0.{minor}.{patch}") for minor in range(17, 100) for patch in range(12)]
    later += [Version("1.0"), Version("2.0"), *named]
    found = [v for v in later if any(each.contains(v, prereleases=True) for each in allowed)]
    if any(version >= klass for version in found):
        return None
    return "WKM602" if any(version >= module for version in found) else "WKM601"


def _clauses(text: str) -> Iterator[str]:
    """Turn the clauses of pip, conda and Poetry into those of PEP 440."""
    for clause in text.replace(" ", "").split(","):
        version = clause.lstrip("^~=<>!v")
        parts = [int(part) for part in re.findall(r"\d+", version)[:3]]
        if clause.startswith("^") or (clause.startswith("~") and not clause.startswith("~=")):
            # up to the next change of the first part that is not zero; a tilde keeps the minor
            keep = 1 if clause.startswith("^") and parts and parts[0] else 2
            ceiling = [*parts[:keep], 0, 0][:keep]
            ceiling[-1] += 1
            yield f">={version}"
            yield f"<{'.'.join(map(str, ceiling))}"
        elif clause[:1] == "=" and clause[1:2] != "=":
            yield f"=={version}.*" if len(parts) < 3 and "*" not in version else f"=={version}"
        elif clause[:1].isdigit():
            yield f"=={clause}"
        elif clause != "*":
            yield clause
