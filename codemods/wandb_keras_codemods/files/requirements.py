"""Find requirements that hold wandb below the releases that took the legacy names away."""

from __future__ import annotations

import re
from typing import Iterator

from wandb_keras_codemods.findings import Finding

_FIRST_WITHOUT_MODULE = "0.17.0"
_FIRST_WITHOUT_CLASS = "0.27.1"

_CLAUSE = r"(?:[<>~!=]=?=?|\^)\s*v?\d[\w.*+!-]*"
_REQUIREMENT = re.compile(
    rf"(?<![\w./-])wandb(?:\[[^\]]*\])?\s*\(?\s*(?P<spec>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)"
)
_POETRY = re.compile(
    r"^\s*[\"']?wandb[\"']?\s*=\s*(?:\{[^}]*?\bversion\s*=\s*)?[\"'](?P<spec>[^\"']+)[\"']"
)
_COMMENT = re.compile(r"(^|\s)#")
_INSTALLS = re.compile(
    r"\b(?:pip3?|uv|conda|mamba|micromamba|poetry|pipenv)\b.*\b(?:install|add)\b"
)
_LINE_END = re.compile(r"\r\n|\r|\n")


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
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        comment = _COMMENT.search(line)
        content = line[: comment.start()] if comment else line
        match = _POETRY.match(content) or _REQUIREMENT.search(content)
        if match is None:
            continue
        code = _code(match.group("spec"), poetry=match.re is _POETRY)
        if code is None:
            continue
        start, end = match.span()
        start += len(match.group()) - len(match.group().lstrip())
        findings.append(
            Finding(
                code,
                f"wandb is held at {match.group('spec').strip()}",
                "Lift the bound once the code is migrated.",
                number,
                start + 1,
                number,
                end + 1,
            )
        )
    return tuple(findings)


def installed(text: str) -> tuple[Finding, ...]:
    r"""Find bounds on wandb in commands that install it, in a text of any kind.

    Args:
        text: A workflow, Makefile, Dockerfile or document; a command may go on after a backslash.

    Example:
        >>> [finding.line for finding in installed("RUN pip install \\\n  'wandb<0.17'")]
        [2]
    """
    lines = _LINE_END.split(text)
    kept, installs = [], False
    for line in lines:
        installs = installs or _INSTALLS.search(line) is not None
        kept.append(line if installs else "")
        installs = installs and line.rstrip().endswith("\\")
    return find("\n".join(kept)) if any(kept) else ()


def _code(text: str, *, poetry: bool) -> str | None:
    """Return the code for a specifier; None when it lets a release without the class in."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import Version

    try:
        allowed = SpecifierSet(",".join(_clauses(text, poetry=poetry)))
    except InvalidSpecifier:
        return None
    named = [Version(found) for found in re.findall(r"\d+(?:\.\d+)+", text)]
    module, klass = Version(_FIRST_WITHOUT_MODULE), Version(_FIRST_WITHOUT_CLASS)
    later = [Version(f"0.{minor}.{patch}") for minor in range(17, 100) for patch in range(12)]
    later += [Version("1.0"), Version("2.0"), *named]
    found = [version for version in later if allowed.contains(version, prereleases=True)]
    if any(version >= klass for version in found):
        return None
    return "WKM602" if any(version >= module for version in found) else "WKM601"


def _clauses(text: str, *, poetry: bool) -> Iterator[str]:
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
        elif poetry and clause[:1].isdigit():
            yield f"=={clause}"
        elif clause != "*":
            yield clause
