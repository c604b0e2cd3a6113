"""Faults and losses of a ``.gmcr`` file, each with the line and column of the value it is about."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Any

from backchannel.errors import CrisisFileError, Problem
from backchannel.spec.nodes import Path

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


class GmcrReport:
    """Collects faults and losses, each with the line and column of the value it is about."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.errors: list[Problem] = []
        self.losses: list[Problem] = []

    def error(self, code: str, path: Path, message: str, fix: str = "") -> None:
        """Note a fault."""
        self.errors.append(Problem(code, message, fix, self.file, *self._position(path), dotted(path)))

    def lose(self, code: str, path: Path, message: str, fix: str = "") -> None:
        """Note a loss."""
        self.losses.append(Problem(code, message, fix, self.file, *self._position(path), dotted(path), "warning"))

    def stop_on_errors(self) -> None:
        """Raise CrisisFileError if any fault was noted."""
        if self.errors:
            raise CrisisFileError(tuple(self.errors))

    def stop(self, code: str, message: str, fix: str, line: int, column: int) -> CrisisFileError:
        """Return the error of a text without any structure to point into."""
        return CrisisFileError((Problem(code, message, fix, self.file, line, column),))

    def _position(self, path: Path) -> tuple[int, int]:
        """Line and column of a value, or of the nearest one around it."""
        offset = next(self._offsets[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self._offsets)
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def first_key(self, path: Path, *keys: str) -> str:
        """Return the first of several names that the file uses for one thing."""
        return next((key for key in keys if (*path, key) in self._offsets), keys[0])

    @cached_property
    def _offsets(self) -> dict[Path, int]:
        """Where each value of the (valid) JSON starts, by its path."""
        offsets: dict[Path, int] = {}
        path: list[Any] = []
        for match in _TOKEN.finditer(self.text):
            token = match[0]
            if token in "}]":
                path.pop()
            elif token == ",":
                path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
            elif path and path[-1] is None:
                path[-1] = json.loads(token)
            elif token != ":":
                offsets[tuple(path)] = match.start()
                path += [None] if token == "{" else [0] if token == "[" else []
        return offsets


def dotted(path: Path) -> str:
    """Write a path as the file counts, from 0."""
    return ".".join(map(str, path))


def short(value: object) -> str:
    """Quote a value in a message or comment: one short printable line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return f'"{line if len(line) <= 40 else line[:37] + "..."}"'
