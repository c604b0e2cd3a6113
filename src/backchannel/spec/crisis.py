"""The crisis file, format 1, as one typed object."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from backchannel.spec.exchange import (
    Assumption,
    Deal,
    Dial,
    Frame,
    Guarantee,
    Hostage,
    NoDeal,
    Pillar,
    Stance,
    Variant,
)
from backchannel.spec.fields import ConditionField, Date, Factor, Id, Points, Probability, Section, Text, Word, fault
from backchannel.spec.information import Belief, Channel, Contested, Event, Proposition, Question, RedLine, Signal
from backchannel.spec.positions import shown
from backchannel.spec.structure import (
    Actor,
    ImpossibleItem,
    MergeItem,
    Move,
    Option,
    Ordering,
    Preference,
    Scale,
    Source,
    State,
)

FORMAT = 1


def _read_format(value: object) -> int:
    if str(value) != str(FORMAT):
        fix = f"write crisis: {FORMAT}, the only format there is"
        raise fault("unknown-format", f"this program does not read format {shown(value)}", fix)
    return FORMAT


class Crisis(Section):
    """One crisis: who is involved, what each can do, wants and believes, whom it trusts, how they talk."""

    crisis: Annotated[Literal[1], BeforeValidator(_read_format)] = Field(description="Version of the format: 1.")
    title: Text = Field(description="One line that says what the crisis is about.")
    as_of: Date | None = Field(None, description="What was knowable on this day counts; later sources are hindsight.")
    horizon: Date | None = Field(None, description="Day until which questions run.")
    sources: dict[Id, Source] = Field({}, description="What was said or reported.")
    issues: dict[Id, Text] = Field({}, description="What is at stake, one line each.")
    actors: dict[Word, Actor] = Field(min_length=1, description="Who chooses.")
    options: dict[Word, Option] = Field(
        {}, description="What each actor can do; file order is the order of levels in a state."
    )
    defines: dict[Word, ConditionField] = Field({}, description="Names for conditions.")
    impossible: tuple[ImpossibleItem, ...] = Field((), description="Conditions that hold in no feasible state.")
    preferences: dict[Word, Preference] = Field(description="What each actor wants: terms, an order or a ranking.")
    strength: dict[Word, Points] = Field(
        {}, description="Difference in points (of an order: scores) from which on an actor's preference is strong."
    )
    states: dict[Word, State] = Field({}, description="Named states.")
    orderings: dict[Word, Ordering] = Field({}, description="What the sources say of each actor's order.")
    no_deal: tuple[NoDeal, ...] = Field((), description="What comes without agreement.")
    deals: dict[Id, Deal] = Field({}, description="Named packages.")
    trust: dict[Text, Probability] = Field({}, description="'a > b': a's credence that b carries out an undertaking.")
    deliver: dict[Word, dict[Word, Probability]] = Field(
        {}, description="Chance that an actor delivers what others must do."
    )
    hostages: dict[Id, Hostage] = Field({}, description="What each loses if something both value is cut, points.")
    guarantees: dict[Id, Guarantee] = Field({}, description="Bonds behind deals.")
    dials: dict[Id, Dial] = Field({}, description="Numbers that mix worths between the file and a patch.")
    variants: dict[Id, Variant] = Field({}, description="Named overlays of changed inputs.")
    propositions: dict[Word, Proposition] = Field({}, description="Statements others may believe.")
    beliefs: tuple[Belief, ...] = Field((), description="Who thinks what, dated.")
    signals: dict[Id, Signal] = Field({}, description="Acts and messages that move beliefs.")
    contested: dict[Id, Contested] = Field({}, description="Events whose truth is disputed.")
    red_lines: dict[Id, RedLine] = Field({}, description="Lines drawn: threats, and what it costs not to act on them.")
    audience: dict[Word, dict[Id, Factor]] = Field(
        {}, description="Share by which a conceded issue costs an actor more at full publicity."
    )
    channels: dict[Id, Channel] = Field({}, description="Rooms.")
    frames: dict[Word, Frame] = Field({}, description="The game as an actor sees it.")
    pillars: dict[Word, Pillar] = Field({}, description="Groups that hold a government up.")
    stances: dict[Word, Stance] = Field({}, description="Positions and threats.")
    events: tuple[Event, ...] = Field((), description="Dated acts.")
    assumptions: dict[Id, Assumption] = Field({}, description="Key assumptions.")
    questions: dict[Id, Question] = Field({}, description="Dated questions.")
    merge: tuple[MergeItem, ...] = Field((), description="States that count as one.")
    moves: tuple[Move, ...] = Field(
        (), description="[actor, from state, to state]: a general graph instead of options."
    )
    scale: Scale | None = Field(None, description="A declared common scale.")

    @property
    def is_general_graph(self) -> bool:
        """Whether moves are listed instead of following from options."""
        return bool(self.moves)


SECTIONS: tuple[str, ...] = tuple(Crisis.model_fields)
REQUIRED: tuple[str, ...] = ("crisis", "title", "actors", "options", "preferences")
