"""Sections on deals and whether they are kept, on overlays of the file, and on the pillars of power."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from backchannel.spec.fields import (
    TEXT_SCHEMA,
    Factor,
    Id,
    Names,
    Points,
    Probability,
    Section,
    Sourced,
    Text,
    Worth,
)


class Chance(Section):
    """A chance, and other actors' views of it where they differ."""

    default: Probability | None = Field(None, description="Chance, 0 to 1, for every believer not named.")
    __pydantic_extra__: dict[str, Probability] = Field(init=False)
    model_config = Section.model_config | {"extra": "allow"}


def _read_chance(value: object) -> object:
    return value if isinstance(value, (dict, Chance)) else {"default": value}


class NoDeal(Sourced):
    """What comes without agreement: today stays, or by the horizon becomes ``to`` with this chance."""

    to: Text = Field(description="The state that may come.")
    chance: Annotated[Chance, BeforeValidator(_read_chance, json_schema_input_type=Probability | Chance)] = Field(
        description="Chance by the horizon, 0 to 1; by believer if they differ."
    )


class Deal(Sourced):
    """A package: what the parties do, and what they expect others to do."""

    parties: Names = Field(min_length=1, description="Actors who agree.")
    terms: Names = Field(description="What the parties do: options at yes, or 'option = level'.")
    expects: Names = Field((), description="What third parties are expected to do.")
    spoilers: Names = Field((), description="Actors who may undo it.")
    against: Text | None = Field(None, description="Law or undertakings that stand against it.")


class Hostage(Sourced):
    """What each actor loses if something both value is cut; actors stand beside ``why``."""

    __pydantic_extra__: dict[str, Points] = Field(init=False)
    model_config = Section.model_config | {"extra": "allow"}


class Guarantee(Sourced):
    """A guarantor's bond behind a deal."""

    by: Text = Field(description="Who holds the bond.")
    for_: Text = Field(alias="for", description="The deal it stands behind.")
    bond: dict[Id, Points] = Field({}, description="Points each payer forfeits on a breach, by payer.")
    enforces: Probability | None = Field(None, description="Chance that the guarantor enforces, 0 to 1. Default 1.")
    bias: dict[Id, Probability] = Field({}, description="Share by which enforcement is softer on a payer, 0 to 1.")


class Dial(Sourced):
    """A number from 0 (the file) to 1 (the patch) that mixes worths linearly. At rest at 0 unless turned."""

    at: Probability | None = Field(
        None, description="Where the analyst thinks it stands; used when the dial is turned on."
    )
    to: dict[Text, Worth] = Field(min_length=1, description="Values at 1, by path.")


PatchValue = Annotated[Text, WithJsonSchema({**TEXT_SCHEMA, "x-kind": "value as the field there takes it"})]


class Variant(Sourced):
    """A named overlay of changed inputs."""

    set: dict[Text, PatchValue] = Field(min_length=1, description="New values, by path.")


class Frame(Sourced):
    """The game as one actor sees it."""

    without: Names = Field((), description="Options this actor does not see.")
    set: dict[Text, PatchValue] = Field({}, description="Values as this actor believes them, by path.")


class Stance(Sourced):
    """What an actor demands and what it threatens, for confrontation analysis."""

    position: Text = Field(description="The state demanded.")
    threat: Text | None = Field(None, description="The state that comes if nobody yields. Default: today.")
    fallback: Names | None = Field(None, description="Own options if the demand is refused. Default: as today.")
    intends: Names | None = Field(None, description="Own options the actor says it will carry out.")
    doubts: Names = Field((), description="Options of others whose stated intention this actor doubts.")


class Assumption(Sourced):
    """A key assumption and what to watch."""

    says: Text = Field(description="The assumption, in one sentence.")
    holds: Probability | None = Field(None, description="Chance that it holds, 0 to 1.")
    if_wrong: Text | None = Field(None, description="What follows if it does not hold.")
    watch: Text | None = Field(None, description="What would show it failing.")


class Pillar(Sourced):
    """A group that holds a government up: one member's pay-offs in the four outcomes."""

    of: Text = Field(description="The actor it holds up.")
    moves: Text = Field(description="The option that stands for its defection.")
    mass: Factor | None = Field(None, description="Weight among the pillars. Default 1.")
    stay_survives: Worth = Field(description="Pay-off of staying when the government survives, points.")
    stay_falls: Worth = Field(description="Pay-off of staying when it falls, points.")
    move_survives: Worth = Field(description="Pay-off of moving when it survives, points.")
    move_falls: Worth = Field(description="Pay-off of moving when it falls, points.")
    reach: Probability | None = Field(None, description="Cap on the chance of fall, 0 to 1. Default 1.")
    spread: Points | None = Field(None, description="Dispersion of thresholds, standard deviation. Default 0.")
    belief: Probability | None = Field(None, description="Chance of fall as its members see it, 0 to 1.")
    move_betrayed: Worth | None = Field(
        None, description="Pay-off of moving when it falls and the promise is not kept, points. Default stay_falls."
    )
    falls_at: Probability | None = Field(
        None,
        description="Share of the pillars' mass that must move before the government falls; a range is the analyst's "
        "belief of it. Default 0..1. One value a government.",
    )
    raised: Probability | None = Field(
        None, description="What foreign forces add to falls_at, 0 to 1. Default 0. One value a government."
    )
    noise: Factor | None = Field(
        None, description="Standard deviation of what a member sees of falls_at, above 0. Default 0.1."
    )
    patron: Text | None = Field(None, description="Actor that guarantees its rents and that it falls softly.")
    watches: Names = Field((), description="Pillars whose moves its members go by. Default all.")
