"""Sections on who thinks what and who told whom: propositions, beliefs, signals, contests, red lines, channels."""

from __future__ import annotations

from pydantic import Field

from backchannel.spec.exchange import PatchValue
from backchannel.spec.fields import (
    ConditionField,
    Date,
    Id,
    Names,
    Points,
    Probability,
    Section,
    Sourced,
    Text,
    Truth,
    YesOrNo,
)

PLOVER_CODES = (
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT"),
    *("THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "DEMAND", "DISAPPROVE", "YIELD"),
    *("INVESTIGATE", "EXHIBIT_FORCE_POSTURE"),
)
"""Types of act an event may have, as the political event coding scheme PLOVER names them."""


class Proposition(Sourced):
    """A statement about an actor's type that others may believe."""

    about: Text = Field(description="The actor it is about.")
    says: Text = Field(description="The statement.")
    dial: Text | None = Field(None, description="The dial that turns the worths of one type into those of the other.")
    if_true: Probability | None = Field(None, description="Where the dial stands if the statement is true. Default 0.")
    if_false: Probability | None = Field(None, description="Where the dial stands if it is false. Default 0.")


ANALYST = "analyst"
"""Who holds a belief that is the analyst's own."""


class Belief(Sourced):
    """A dated prior of an actor, a person or the analyst; signals dated after it move it."""

    who: Text = Field(description="Who believes: an actor, an actor's person (us.president), or analyst.")
    that: Text = Field(description="A proposition, an option (at yes) or a defined name.")
    p: Probability = Field(description="Probability, 0 to 1.")
    on: Date | None = Field(None, description="Day of the belief. Default as_of.")


class ByType(Section):
    """A cost to each type of sender, in points."""

    if_true: Points = Field(description="Cost if the proposition is true.")
    if_false: Points = Field(description="Cost if it is false.")


class SignalCost(Section):
    """What a signal costs each type of sender: two plain numbers, or parts that are sunk and tied."""

    if_true: Points | None = Field(None, description="Cost if the proposition is true.")
    if_false: Points | None = Field(None, description="Cost if it is false.")
    sunk: ByType | None = Field(None, description="Paid whatever follows. In place of if_true and if_false.")
    tied: ByType | None = Field(None, description="Paid only if the sender backs down later.")


class Bearing(Section):
    """A further statement that a signal bears on."""

    that: Text = Field(description="The statement.")
    if_true: Probability = Field(description="Chance of the act if this statement is true.")
    if_false: Probability = Field(description="Chance of the act if it is false.")


class Signal(Sourced):
    """An act or a message and how likely each type is to send it."""

    on: Date | None = Field(None, description="Day it was sent. Default as_of.")
    by: Text = Field(description="Sender.")
    to: Names = Field((), description="Receivers: actors or people. Default everybody.")
    that: Text = Field(description="The proposition it bears on.")
    if_true: Probability = Field(description="Chance of the act if the proposition is true.")
    if_false: Probability = Field(description="Chance of the act if it is false.")
    also: tuple[Bearing, ...] = Field((), description="Further statements the act bears on, each by itself.")
    hypothetical: Truth = Field(False, description="Whether it is only considered: it moves no belief. Default no.")
    cost: SignalCost | None = Field(None, description="Cost to each type, points. Default none (cheap talk).")
    gain: Points | None = Field(None, description="Gain to the sender if believed, points.")


class Report(Sourced):
    """What an interested party says of a contested event."""

    by: Text = Field(description="Who reports.")
    says: Truth = Field(description="Whether the report affirms it.")
    if_true: Probability = Field(description="Chance of this report if the event happened.")
    if_false: Probability = Field(description="Chance of this report if it did not.")


class Contested(Sourced):
    """An event that one party asserts and another denies."""

    says: Text = Field(description="The event.")
    p: Probability = Field(description="Prior probability, 0 to 1.")
    reports: tuple[Report, ...] = Field((), description="Who says so and who denies it.")


class Channel(Sourced):
    """A room: who talks, who hears, and who is bound."""

    who: Names = Field(min_length=1, description="Actors or people in the room.")
    kind: Text | None = Field(None, description="A short name for the format, such as ministers or back channel.")
    on: Date | None = Field(None, description="Day of the meeting.")
    hypothetical: Truth = Field(False, description="Whether it exists only as a proposal. Default no.")
    publicity: Probability | None = Field(None, description="Chance that the terms become public. Default 0.")
    leak: Probability | None = Field(None, description="Chance that the talks themselves leak. Default 0.")
    authority: Probability | None = Field(None, description="Chance that the speakers bind their sides. Default 1.")
    drift: Probability | None = Field(None, description="Chance that the talk drifts off the matter. Default 0.")
    mandate: Names = Field(("all",), description="Issues the speakers may trade, or all.")
    voices: dict[Id, dict[Id, Probability]] = Field({}, description="Whose say counts, by actor and person.")
    failure_cost: dict[Id, Points] = Field({}, description="Points each actor loses if the talks fail.")


class Event(Sourced):
    """A dated act; words belong under sources."""

    on: Date = Field(description="Day.")
    code: Text = Field(description="PLOVER event type, such as CONSULT or MOBILIZE.")
    who: Names = Field(min_length=1, description="Actors or people who acted.")
    to: Names = Field((), description="At whom it was directed.")
    via: Text | None = Field(None, description="The channel used.")
    what: Text = Field(description="What happened, in a few words.")
    sets: dict[Id, Text] = Field({}, description="Levels of options it changed.")
    was: dict[Text, PatchValue] = Field({}, description="Values that stood before it, by path.")


class RedLine(Sourced):
    """A line an actor drew: what it does if the line is crossed, and what not doing it costs."""

    by: Text = Field(description="The actor who drew it.")
    waits: Text = Field("today", description="The state while the line hangs. Default today.")
    backs_down: Text = Field(description="The state in which the actor gives it up.")
    carries_out: Text = Field(description="The state in which it does what it threatened.")
    cost: Text = Field(description="Path of the number that is its cost of backing down.")
    clock: Text | None = Field(None, description="Path of the number that grows while the line hangs.")


class Question(Sourced):
    """A dated question for forecasts."""

    asks: Text = Field(description="The question, ending in a question mark.")
    resolves: ConditionField = Field(description="It resolves yes when this holds.")
    by: Date | None = Field(None, description="Day by which it resolves. Default horizon.")
    outcome: YesOrNo | None = Field(None, description="How it resolved, once known.")
