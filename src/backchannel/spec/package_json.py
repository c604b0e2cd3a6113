"""Read and write a package problem as JSON, format 1, keyed by names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from backchannel.spec.package_file import PackageFaults, PackageFile, PlainFactor, PlainRule
from backchannel.spec.positions import suggest
from backchannel.spec.recovery import MAXIMUM_CHARACTERS

FORMAT = 1
_KEYS = {"format", "parties", "issues", "no_deal", "factors", "rules"}


def read_package_json(text: str, name: str = "package") -> PackageFile:
    """Return the package problem of a JSON text.

    Parameters
    ----------
    text
        A JSON object; the reference page on JSON lists its keys.
    name
        File name, for messages.

    Raises
    ------
    CrisisFileError
        With every fault found: no JSON, a key twice, a missing or unknown key, an unknown name, a value that is no
        finite number.
    """
    faults = PackageFaults(name)
    data = _parse(text, faults)
    for key in sorted(set(data) - _KEYS):
        faults.error("package-file", key, f'unknown key "{key}"', suggest(key, sorted(_KEYS)))
    if data.get("format") != FORMAT or isinstance(data.get("format"), bool):
        raise faults.stop(
            "package-file", "format", f"the format is {data.get('format')!r}", f'write "format": {FORMAT}'
        )
    parties = _names(data.get("parties"), "parties", faults)
    issues = {
        issue: _names(levels, f"issues.{issue}", faults)
        for issue, levels in _object(data.get("issues"), "issues", faults).items()
    }
    if not issues:
        faults.error("package-file", "issues", "there are no issues", "name at least one, with its levels")
    reader = _Reader(parties, issues, faults)
    no_deal = reader.by_party(data.get("no_deal", {}), "no_deal")
    listed = {key: _list(data.get(key, []), key, faults) for key in ("factors", "rules")}
    factors = [reader.factor(item, f"factors.{k}") for k, item in enumerate(listed["factors"])]
    rules = [reader.rule(item, f"rules.{k}") for k, item in enumerate(listed["rules"])]
    faults.check()
    return PackageFile(parties, issues, no_deal, tuple(factors), tuple(rules))


def write_package_json(package: PackageFile) -> str:
    """Return the JSON text of a package problem; worths of 0 are left out. The same problem gives the same bytes."""
    document = {
        "format": FORMAT,
        "parties": list(package.parties),
        "issues": {issue: list(levels) for issue, levels in package.issues.items()},
        "no_deal": dict(package.no_deal),
        "factors": [
            {"issues": list(factor.issues), "worth": {p: _nested(cells) for p, cells in factor.worth.items()}}
            for factor in package.factors
        ],
        "rules": [
            {"issues": list(rule.issues), "only" if rule.only else "never": [list(cell) for cell in rule.cells]}
            for rule in package.rules
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _nested(cells: Mapping[tuple[str, ...], float]) -> Any:
    """Return worths nested by level, one depth an issue; a plain number where there are no issues."""
    tree: dict[str, Any] = {}
    for cell, worth in cells.items():
        if not cell:
            return worth
        if worth:
            inner = tree
            for level in cell[:-1]:
                inner = inner.setdefault(level, {})
            inner[cell[-1]] = worth
    return tree


def _parse(text: str, faults: PackageFaults) -> dict[str, Any]:
    if len(text) > MAXIMUM_CHARACTERS:
        raise faults.stop(
            "package-file", "", f"the file has more than {MAXIMUM_CHARACTERS} characters", "use a smaller problem"
        )

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for key in {key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1} if _repeats(pairs) else ():
            faults.error("package-file", key, f'the key "{key}" stands twice in one object', "keep one of them")
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise faults.stop(
            "package-file", "", f"this is no JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise faults.stop("package-file", "", "this is nested too deeply", "nest worths one depth an issue") from None
    if not isinstance(data, dict):
        raise faults.stop("package-file", "", "this is no JSON object", 'start with {"format": 1, ...}')
    return data


def _repeats(pairs: Sequence[tuple[str, Any]]) -> bool:
    return len({key for key, _ in pairs}) < len(pairs)


def _object(value: object, path: str, faults: PackageFaults) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    faults.error("package-file", path, f"{path} is {_short(value)}, expected an object", 'write {"name": ...}')
    return {}


def _list(value: object, path: str, faults: PackageFaults) -> list[Any]:
    if isinstance(value, list):
        return value
    faults.error("package-file", path, f"{path} is {_short(value)}, expected a list", "write [...]")
    return []


def _names(value: object, path: str, faults: PackageFaults) -> tuple[str, ...]:
    found = _list(value, path, faults)
    if isinstance(value, list) and (not found or any(not isinstance(name, str) or not name for name in found)):
        faults.error("package-file", path, f"{path} is {_short(value)}, expected names", 'write ["one", "two"]')
        return ()
    for name in sorted({name for name in found if found.count(name) > 1}) if len(set(found)) < len(found) else ():
        faults.error("package-file", path, f'{path} names "{name}" twice', "give each its own name")
    return tuple(found)


def _short(value: object) -> str:
    text = "missing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:37]}..."


class _Reader:
    """Reads worths and cells, whose names must be known."""

    def __init__(self, parties: tuple[str, ...], issues: dict[str, tuple[str, ...]], faults: PackageFaults) -> None:
        self._parties, self._issues, self._faults = parties, issues, faults

    def by_party(self, value: object, path: str) -> dict[str, float]:
        """Read a number for every party."""
        given = _object(value, path, self._faults)
        found = {
            party: self._number(worth, f"{path}.{party}")
            for party, worth in given.items()
            if self._known(party, self._parties, f"{path}.{party}", "party")
        }
        for party in self._parties:
            if party not in given:
                self._faults.error(
                    "package-file", path, f'{path} says nothing of "{party}"', "say what it has without a deal"
                )
        return {party: found.get(party, 0.0) for party in self._parties}

    def factor(self, value: object, path: str) -> PlainFactor:
        """Read a factor."""
        item = self._item(value, path, {"issues", "worth"})
        issues = self._scope(item.get("issues"), f"{path}.issues")
        worth: dict[str, dict[tuple[str, ...], float]] = {}
        for party, tree in _object(item.get("worth"), f"{path}.worth", self._faults).items():
            at = f"{path}.worth.{party}"
            if self._known(party, self._parties, at, "party"):
                worth[party] = {}
                self._cells(tree, issues, (), at, worth[party])
        return PlainFactor(issues, worth)

    def rule(self, value: object, path: str) -> PlainRule:
        """Read a rule."""
        item = self._item(value, path, {"issues", "never", "only"})
        issues = self._scope(item.get("issues"), f"{path}.issues")
        if ("never" in item) == ("only" in item):
            self._faults.error(
                "package-file", path, 'a rule has either "never" or "only"', "list what it forbids, or all it allows"
            )
        kind = "only" if "only" in item else "never"
        cells = []
        for k, cell in enumerate(_list(item.get(kind, []), f"{path}.{kind}", self._faults)):
            at = f"{path}.{kind}.{k}"
            if not isinstance(cell, list) or len(cell) != len(issues):
                self._faults.error(
                    "package-file", at, f"{_short(cell)} does not fit the issues", f"name {len(issues)} levels"
                )
            elif all(self._known(n, self._issues[i], at, "level") for n, i in zip(cell, issues, strict=True)):
                cells.append(tuple(cell))
        return PlainRule(issues, tuple(cells), only=kind == "only")

    def _item(self, value: object, path: str, keys: set[str]) -> dict[str, Any]:
        item = _object(value, path, self._faults)
        for key in sorted(set(item) - keys):
            self._faults.error("package-file", f"{path}.{key}", f'unknown key "{key}"', suggest(key, sorted(keys)))
        return item

    def _scope(self, value: object, path: str) -> tuple[str, ...]:
        names = _list(value, path, self._faults)
        known = [name for name in names if self._known(name, tuple(self._issues), path, "issue")]
        if len(set(known)) < len(known):
            self._faults.error("package-file", path, f"{_short(names)} names an issue twice", "name each once")
            return ()
        return tuple(known)

    def _cells(
        self, tree: object, issues: tuple[str, ...], cell: tuple[str, ...], path: str, out: dict[tuple[str, ...], float]
    ) -> None:
        """Read worths nested by level into ``out``."""
        if not issues:
            out[cell] = self._number(tree, path)
            return
        for level, inner in _object(tree, path, self._faults).items():
            if self._known(level, self._issues[issues[0]], f"{path}.{level}", "level"):
                self._cells(inner, issues[1:], (*cell, level), f"{path}.{level}", out)

    def _known(self, name: object, names: tuple[str, ...], path: str, what: str) -> bool:
        if isinstance(name, str) and name in names:
            return True
        fix = suggest(name, list(names)) if isinstance(name, str) else f"write the name of a {what}"
        self._faults.error("package-file", path, f"unknown {what} {_short(name)}", fix)
        return False

    def _number(self, value: object, path: str) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = float("inf")
            if isfinite(number) and abs(number) < 1e100:
                return number
        self._faults.error("package-file", path, f"{_short(value)} is no finite number", "write points of utility")
        return 0.0
