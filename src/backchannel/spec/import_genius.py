"""Turn a domain and the parties' profiles of GENIUS, a negotiation simulator, into a package problem.

Its files are XML: the domain lists the issues with their levels, a profile one party's weights and evaluations. They
are read as GENIUS reads them: weights are divided by their sum; an evaluation by the largest of its issue; an integer
issue is worth ``offset + slope x (value - lowest)``, kept between 0 and 1; the reservation is what the party has
without a deal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import PurePath
from xml.etree import ElementTree

from backchannel.errors import Problem
from backchannel.spec.package_file import PackageFaults, PackageFile, PlainFactor
from backchannel.spec.package_json import read_package_json
from backchannel.spec.recovery import MAXIMUM_CHARACTERS

MAXIMUM_LEVELS = 10_000
_DECLARATION = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)

Element = ElementTree.Element


@dataclass(frozen=True)
class GeniusImport:
    """A package problem, and what the files hold that it cannot say."""

    package: PackageFile
    losses: tuple[Problem, ...]


def import_genius(domain: tuple[str, str], profiles: Sequence[tuple[str, str]]) -> GeniusImport:
    """Return the package problem of a domain and its profiles, one a party.

    Parameters
    ----------
    domain
        Name and text of the domain file.
    profiles
        Names and texts of the profiles; a party is called after its file.

    Raises
    ------
    CrisisFileError
        Where a file is no such XML, declares a document type or entities, or holds what is not additive over discrete
        and integer issues.
    """
    faults = PackageFaults(domain[0])
    levels = {_name(issue): _levels(issue, faults) for issue in _issues(_root(domain[1], faults), faults)}
    faults.check()
    losses: list[Problem] = []
    worths: dict[str, dict[str, dict[tuple[str, ...], float]]] = {issue: {} for issue in levels}
    no_deal: dict[str, float] = {}
    for name, text in profiles:
        party = PurePath(name).stem
        profile = PackageFaults(name)
        if party in no_deal:
            raise profile.stop("genius-file", "", f'two profiles are named "{party}"', "rename one file")
        root = _root(text, profile)
        no_deal[party] = _single(root, "reservation", 0.0, profile)
        if _single(root, "discount_factor", 1.0, profile) != 1.0:
            profile.lose("genius-loss", "discount_factor", "the discount factor is left out", "a package has no date")
        for issue, worth in _worths(root, levels, profile).items():
            worths[issue][party] = worth
        profile.check()
        losses += profile.losses
    factors = tuple(PlainFactor((issue,), worth) for issue, worth in worths.items())
    return GeniusImport(PackageFile(tuple(no_deal), levels, no_deal, factors), tuple(losses))


def read_packages(files: Sequence[tuple[str, str]]) -> GeniusImport:
    """Return the package problem of one JSON file, or of a GENIUS domain and its profiles in any order.

    Parameters
    ----------
    files
        Names and texts.

    Raises
    ------
    CrisisFileError
        Where the files are neither, or have faults.
    """
    name, text = files[0]
    if len(files) == 1 and not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return GeniusImport(read_package_json(text, name), ())
    domains = [file for file in files if is_domain(file[1])]
    profiles = [file for file in files if not is_domain(file[1])]
    if len(domains) != 1 or not profiles:
        raise PackageFaults(name).stop(
            "genius-file",
            "",
            f"{len(domains)} of {len(files)} files are a GENIUS domain",
            "give one package problem in JSON, or one domain and a profile for each party",
        )
    return import_genius(domains[0], profiles)


def is_domain(text: str) -> bool:
    """Return whether an XML text is a GENIUS domain rather than a profile."""
    return "<negotiation_template" in text


def _root(text: str, faults: PackageFaults) -> Element:
    if len(text) > MAXIMUM_CHARACTERS:
        raise faults.stop(
            "genius-file", "", f"the file has more than {MAXIMUM_CHARACTERS} characters", "import a smaller domain"
        )
    if _DECLARATION.search(text):
        raise faults.stop(
            "genius-file", "", "the file declares a document type or entities", "take the declaration out"
        )
    try:
        root = ElementTree.fromstring(text.strip())
    except (ElementTree.ParseError, ValueError) as error:
        raise faults.stop("genius-file", "", f"this is no XML: {error}") from None
    space = root if root.tag == "utility_space" else root.find("utility_space")
    if space is None:
        raise faults.stop("genius-file", "", f"there is no <utility_space>, the file starts with <{root.tag}>")
    return space


def _issues(space: Element, faults: PackageFaults) -> list[Element]:
    objective = space.find("objective")
    if objective is None:
        raise faults.stop(
            "genius-file", "objective", "there is no <objective> with issues", "only additive domains are read"
        )
    if objective.find("objective") is not None:
        faults.error(
            "genius-file", "objective.objective", "objectives within objectives are not read", "list the issues in one"
        )
    issues = objective.findall("issue")
    names = [_name(issue) for issue in issues]
    if not issues or len(set(names)) < len(names) or not all(names):
        faults.error(
            "genius-file", "objective.issue", f"the issues are {names}, expected one at least, each with its own name"
        )
    return issues


def _name(issue: Element) -> str:
    return issue.get("name", "").strip()


def _kind(issue: Element) -> str:
    return (issue.get("vtype") or issue.get("etype") or issue.get("type") or "discrete").lower()


def _levels(issue: Element, faults: PackageFaults) -> tuple[str, ...]:
    path, kind = f"issue.{_name(issue)}", _kind(issue)
    if kind == "integer":
        low, high = _bounds(issue, faults)
        if not 0 <= high - low < MAXIMUM_LEVELS:
            faults.error(
                "genius-file", path, f"the values go from {low} to {high}, expected 1 to {MAXIMUM_LEVELS} of them"
            )
            return ()
        return tuple(str(value) for value in range(low, high + 1))
    if kind != "discrete":
        faults.error("genius-file", path, f"an issue of type {kind} cannot be read", "cut it into a few levels")
    names = tuple(item.get("value", "") for item in issue.findall("item"))
    if not names or len(set(names)) < len(names):
        faults.error("genius-file", path, f"the values are {list(names)}, expected one at least, each different")
    return names


def _bounds(issue: Element, faults: PackageFaults) -> tuple[int, int]:
    held = issue.find("range")
    holder = held if held is not None and issue.get("lowerbound") is None else issue
    try:
        return int(holder.get("lowerbound", "")), int(holder.get("upperbound", ""))
    except ValueError:
        faults.error(
            "genius-file", f"issue.{_name(issue)}", "lowerbound and upperbound are missing or no whole numbers"
        )
        return 0, 0


def _worths(
    space: Element, levels: dict[str, tuple[str, ...]], faults: PackageFaults
) -> dict[str, dict[tuple[str, ...], float]]:
    """Return by issue and level what a party's profile makes of it, weighted."""
    issues = _issues(space, faults)
    objective = space.find("objective")
    assert objective is not None
    weights = {
        weight.get("index", ""): _number(weight.get("value"), f"weight.{weight.get('index')}", faults)
        for weight in objective.findall("weight")
    }
    found = {_name(issue): issue for issue in issues}
    if set(found) != set(levels):
        raise faults.stop(
            "genius-file", "objective.issue", f"the issues are {sorted(found)}, the domain has {sorted(levels)}"
        )
    share = {name: weights.get(issue.get("index", ""), 0.0) for name, issue in found.items()}
    total = sum(share.values())
    if total <= 0 or min(share.values()) < 0:
        raise faults.stop(
            "genius-file",
            "weight",
            f"the weights of the issues are {list(share.values())}",
            "their sum must be above 0",
        )
    return {
        name: {(level,): share[name] / total * worth for level, worth in _evaluations(found[name], names, faults)}
        for name, names in levels.items()
    }


def _evaluations(issue: Element, names: tuple[str, ...], faults: PackageFaults) -> list[tuple[str, float]]:
    """Return each level with its evaluation between 0 and 1, before the weight."""
    path = f"issue.{_name(issue)}"
    if _kind(issue) == "integer":
        evaluator = issue.find("evaluator")
        low, _ = _bounds(issue, faults)
        given = evaluator.attrib if evaluator is not None else {}
        offset, slope = (_number(given.get(key, "0"), f"{path}.{key}", faults) for key in ("offset", "slope"))
        return [(name, min(max(offset + slope * (int(name) - low), 0.0), 1.0)) for name in names if _whole(name)]
    items = {item.get("value", ""): item.get("evaluation") for item in issue.findall("item")}
    missing = [name for name in names if name not in items]
    if missing:
        faults.error("genius-file", path, f"there is no evaluation of {missing}", "evaluate every value of the domain")
        return []
    values = [_number(items[name], f"{path}.{name}", faults) for name in names]
    top = max(values)
    return [(name, value / top if top > 0 else 0.0) for name, value in zip(names, values, strict=True)]


def _whole(name: str) -> bool:
    return name.lstrip("-").isdigit()


def _single(space: Element, tag: str, missing: float, faults: PackageFaults) -> float:
    element = space.find(tag)
    return missing if element is None else _number(element.get("value"), tag, faults)


def _number(text: str | None, path: str, faults: PackageFaults) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = float("nan")
    if isfinite(number) and abs(number) < 1e100:
        return number
    faults.error("genius-file", path, f"{text!r} is no finite number")
    return 0.0
