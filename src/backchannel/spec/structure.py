"""Sections that say what can happen and what each wants: actors, options, conditions, preferences, states."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from backchannel.spec.fields import (
    NAMES_SCHEMA,
    NO,
    TEXT_SCHEMA,
    YES,
    ConditionField,
    Date,
    Days,
    Factor,
    Grade,
    Id,
    Level,
    Names,
    Probability,
    Section,
    Sourced,
    Text,
    Truth,
    Worth,
    fault,
)
from backchannel.spec.positions import suggest


class Source(Section):
    """What was said or reported, in our own words."""

    on: Date = Field(description="Day it was first public.")
    by: Text = Field(description="Who said it: an actor, an actor's person (us.pompeo), or a plain word such as press.")
    grade: Grade | None = Field(
        None,
        description="Admiralty grade: reliability of the source A to F, credibility 1 to 6.",
    )
    url: Text | None = Field(None, description="Where it can be read.")
    archived: Text | None = Field(None, description="Where a copy is kept.")
    claim: Text = Field(description="What it says, in one sentence of our own.")
    quote: Text | None = Field(None, description="The words themselves, in their own language.")
    lang: Text | None = Field(None, description="Language of the quotation, such as es or ru.")
    translation: Text | None = Field(None, description="The quotation in the language of the file.")
    hindsight: Truth = Field(False, description="Whether it was published after as_of. Default no.")


class Person(Section):
    """A person or faction inside an actor."""

    name: Text | None = Field(None, description="Name to print.")
    share: Probability | None = Field(None, description="Share of the say, 0 to 1.")
    scale: dict[Id, Factor] = Field({}, description="Factor on the worth of an issue's terms, by issue. Default 1.")


class Actor(Sourced):
    """Somebody who chooses."""

    name: Text | None = Field(None, description="Name to print; default the id.")
    people: dict[Id, Person] = Field(
        {}, description="People or factions whose voices may count differently by channel."
    )
    ratifies: Probability | None = Field(
        None, description="Share of its people's say, 0 to 1, that must gain before a deal is ratified. Default 0.5."
    )


class Option(Sourced):
    """Something one actor can do."""

    by: Text = Field(description="The actor who chooses it.")
    issue: Text | None = Field(None, description="The issue it belongs to.")
    does: Text | None = Field(None, description="What doing it means, as a verb phrase.")
    levels: tuple[Level, ...] = Field(
        ("no", "yes"), min_length=2, max_length=64, description="Ordered levels, lowest first."
    )
    today: Level | None = Field(None, description="Level today. Default the lowest.")
    final: ConditionField | None = Field(
        None,
        description="While this holds in the state being left, the level cannot fall. Default no.",
    )
    frozen: ConditionField | None = Field(
        None, description="While this holds in the state being left, the level cannot change. Default no."
    )
    lead_time: Days | None = Field(None, description="Days from the decision to the deed. Default 0.")

    @model_validator(mode="after")
    def _check_levels(self) -> Option:
        if len(set(self.levels)) != len(self.levels):
            message = f"the levels {', '.join(self.levels)} are not all different"
            raise fault("repeated-level", message, "give each level its own name", field="levels")
        if self.today is not None and self.level_index(self.today) is None:
            fix = suggest(self.today, self.levels)
            raise fault("unknown-level", f'"{self.today}" is no level of this option', fix, field="today")
        return self

    def level_index(self, level: str) -> int | None:
        """Return the position of a level, 0 the lowest, or None; ``true`` and ``false`` mean yes and no."""
        if level in self.levels:
            return self.levels.index(level)
        for words, name in ((YES, "yes"), (NO, "no")):
            if level in words and name in self.levels:
                return self.levels.index(name)
        return None

    @property
    def today_index(self) -> int:
        """Position of today's level."""
        return 0 if self.today is None else self.level_index(self.today) or 0


def _read_impossible(value: object) -> object:
    return {"that": value} if isinstance(value, str) else value


class Impossible(Sourced):
    """A combination that cannot be."""

    that: ConditionField = Field(description="No state in which this holds is feasible.")


ImpossibleItem = Annotated[
    Impossible, BeforeValidator(_read_impossible, json_schema_input_type=ConditionField | Impossible)
]


class Term(Sourced):
    """A worth that counts while its condition holds. Worths of one actor add up."""

    id: Id | None = Field(None, description="Makes the number addressable as preferences.ACTOR.ID.worth.")
    when: ConditionField = Field(description="The condition under which the worth counts.")
    worth: Worth = Field(description="Points on the actor's own scale; any finite number.")
    issue: Text | None = Field(None, description="The issue it belongs to (people may scale an issue).")
    tier: Literal["core", "lesser"] | None = Field(
        None,
        description="Core terms decide before lesser ones; all terms of an actor name a tier or none.",
    )


class OrderPreference(Sourced):
    """Option prioritisation: statement j of k, most important first, weighs 2^(k-j); equal scores tie."""

    order: tuple[ConditionField, ...] = Field(
        min_length=1, max_length=62, description="Conditions, most important first."
    )


def _read_tied(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Tied = Annotated[tuple[Text, ...], BeforeValidator(_read_tied), WithJsonSchema(NAMES_SCHEMA), Field(min_length=1)]
"""One state, or a list of states that tie."""


MUCH = ">>"
"""Between two entries of a ranking: everything above is much preferred to everything below."""


class RankingPreference(Sourced):
    """States best first; a list of states stands for a tie. A state left out is of unknown preference.

    An entry ">>" says that everything above it is much preferred to everything below.
    """

    ranking: tuple[Tied, ...] = Field(
        min_length=1,
        description='States, best first; tied states in a list; ">>" between two for much preferred.',
    )

    @model_validator(mode="after")
    def _check_marks(self) -> RankingPreference:
        marks = [place for place, tied in enumerate(self.ranking) if tied == (MUCH,)]
        last = len(self.ranking) - 1
        if any(place in (0, last) or place + 1 in marks for place in marks):
            message = '">>" must stand between two entries of the ranking'
            raise fault("bad-strength", message, "move it between two states, or drop it", field="ranking")
        return self

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The entries that are states, best first."""
        return tuple(tied for tied in self.ranking if tied != (MUCH,))

    @property
    def much_below(self) -> tuple[int, ...]:
        """Of each ">>", the position in ``groups`` from which on everything is much worse than what is before."""
        found = [place for place, tied in enumerate(self.ranking) if tied == (MUCH,)]
        return tuple(place - before for before, place in enumerate(found))


def _preference_kind(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "terms"
    if isinstance(value, (OrderPreference, RankingPreference)):
        return "order" if isinstance(value, OrderPreference) else "ranking"
    if isinstance(value, dict):
        return "ranking" if "ranking" in value else "order"
    return "terms"


Preference = Annotated[
    Annotated[tuple[Term, ...], Tag("terms")]
    | Annotated[OrderPreference, Tag("order")]
    | Annotated[RankingPreference, Tag("ranking")],
    Discriminator(_preference_kind),
]


def _state_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "mapping"
    return "list" if isinstance(value, (list, tuple)) else "text"


State = Annotated[
    Annotated[tuple[Text, ...], Tag("list")]
    | Annotated[dict[Id, Level], Tag("mapping")]
    | Annotated[Text, Tag("text")],
    Discriminator(_state_kind),
]


class Ordering(Sourced):
    """What the sources say of an actor's order; the worths must agree."""

    order: tuple[Tied, ...] = Field(
        min_length=2, description="States, best first; pairs left open stand together in a list."
    )


class Scale(Sourced):
    """A declared common scale: without it no analysis compares worths between actors."""

    actors: Names | None = Field(None, description="Actors whose points mean the same. Default all.")
    unit: Text | None = Field(None, description="What one point is.")
    transferable: Truth = Field(False, description="Whether worth can be handed over point for point. Default no.")


MergeItem = Annotated[tuple[Text, ...], BeforeValidator(_read_tied), WithJsonSchema(NAMES_SCHEMA)]
"""States that count as one: a condition (all states in which it holds), or a list of states."""


def _read_move(value: object) -> object:
    if isinstance(value, (list, tuple)) and len(value) != 3:
        message = f"a move has three parts and this has {len(value)}"
        raise fault("bad-move", message, "write [actor, from state, to state]")
    return value


_MOVE_SCHEMA = {
    "type": "array",
    "items": TEXT_SCHEMA,
    "minItems": 3,
    "maxItems": 3,
    "x-kind": "list of actor, from state, to state",
}
Move = Annotated[tuple[Text, Text, Text], BeforeValidator(_read_move), WithJsonSchema(_MOVE_SCHEMA)]
