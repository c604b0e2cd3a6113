"""A finding: one sentence with a stable id, the numbers behind it, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Tag = Literal["assumed", "order", "magnitudes"]

TAG_WORDS: dict[Tag, str] = {
    "assumed": "assumed",
    "order": "follows from the order of preferences",
    "magnitudes": "depends on magnitudes",
}


@dataclass(frozen=True)
class Template:
    """A finding's sentence with its blanks, under a stable id such as ``stability.today``."""

    id: str
    text: str
    tag: Tag

    def fill(self, **values: object) -> Finding:
        """Return the finding. Values are text or counts, already formatted by the one number formatter."""
        shown = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in values.items()}
        return Finding(self.id, self.text.format(**shown), tuple(shown.items()), self.tag)


@dataclass(frozen=True)
class Finding:
    """One sentence.

    Parameters
    ----------
    id
        Stable: the same question has the same id in every release.
    text
        The sentence.
    values
        What filled the template's blanks, by name.
    tag
        ``assumed``; ``order`` (holds for every utility with these rankings); ``magnitudes``.
    rests_on
        Paths of the inputs behind it.
    would_change
        What would change it, in words.
    """

    id: str
    text: str
    values: tuple[tuple[str, str], ...]
    tag: Tag
    rests_on: tuple[str, ...] = ()
    would_change: str = ""

    def because(self, rests_on: tuple[str, ...] = (), would_change: str = "") -> Finding:
        """Return the finding with what it rests on and what would change it."""
        return replace(self, rests_on=rests_on, would_change=would_change)

    def to_json(self) -> dict[str, str]:
        """Return what every ``--json`` document says of a finding."""
        return {"id": self.id, "text": self.text, "tag": self.tag}
