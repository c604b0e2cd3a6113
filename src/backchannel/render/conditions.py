"""Conditions of a crisis file as sentences: the tree read into words."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.render.words import spaced
from backchannel.spec.condition import Compare, Condition, Name, fold
from backchannel.spec.crisis import Crisis

_SIGNS = {
    "=": "is at {level}",
    "!=": "is not at {level}",
    ">=": "is at {level} or above",
    "<=": "is at {level} or below",
    ">": "is above {level}",
    "<": "is below {level}",
}


@dataclass(frozen=True)
class _Phrase:
    """Words, and how loosely they hang together: 0 needs no brackets, 1 is a list, 2 a whole sentence."""

    text: str
    looseness: int = 0

    def within(self, looseness: int) -> str:
        """Return the words as part of something that binds as tightly as ``looseness``."""
        return f"({self.text})" if self.looseness >= looseness else self.text


@dataclass(frozen=True)
class _Words:
    crisis: Crisis

    def constant(self, value: bool) -> _Phrase:
        return _Phrase("always" if value else "never")

    def name(self, leaf: Name) -> _Phrase:
        option = self.crisis.options.get(leaf.id)
        return _Phrase(f"“{option.does}”" if option and option.does else spaced(leaf.id))

    def compare(self, leaf: Compare) -> _Phrase:
        option = self.crisis.options[leaf.option]
        phrase = self.name(Name(leaf.option))
        if option.levels == ("no", "yes") and leaf.sign == "=":
            return phrase if option.level_index(leaf.level) else self.negation(phrase)
        return _Phrase(f"{phrase.text} {_SIGNS[leaf.sign].format(level=spaced(leaf.level))}")

    def negation(self, part: _Phrase) -> _Phrase:
        return _Phrase(f"not {part.within(1)}")

    def conjunction(self, parts: list[_Phrase]) -> _Phrase:
        return _Phrase(_series([part.within(1) for part in parts], "and"), 1)

    def disjunction(self, parts: list[_Phrase]) -> _Phrase:
        return _Phrase(_series([part.within(1) for part in parts], "or"), 1)

    def implies(self, premise: _Phrase, conclusion: _Phrase) -> _Phrase:
        return _Phrase(f"if {premise.within(2)}, then {conclusion.within(2)}", 2)

    def iff(self, left: _Phrase, right: _Phrase) -> _Phrase:
        return _Phrase(f"{left.within(2)} exactly when {right.within(2)}", 2)


def _series(parts: list[str], word: str) -> str:
    if len(parts) == 2:
        return f"{parts[0]} {word} {parts[1]}"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def condition_in_words(crisis: Crisis, condition: Condition) -> str:
    """Write a condition as words: options by what they do, in quotation marks; defined names as they stand."""
    return fold(condition.tree, _Words(crisis)).text
