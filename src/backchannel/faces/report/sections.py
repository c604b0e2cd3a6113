"""What the briefing shows, section by section, as plain data for its templates."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.render.chart import Figure
from backchannel.render.outcomes import OutcomeRow, OutcomeView
from backchannel.render.reasons import Reasons
from backchannel.results.finding import Finding
from backchannel.results.provenance import Provenance
from backchannel.results.table import Table


@dataclass(frozen=True)
class Link:
    """Words and the anchor inside the page they lead to."""

    text: str
    to: str


@dataclass(frozen=True)
class Basis:
    """What supports something: sources, a reason, or both.

    Parameters
    ----------
    sources
        Links to source entries.
    why
        The analyst's reason or gloss.
    """

    sources: tuple[Link, ...]
    why: str

    @property
    def is_judgement(self) -> bool:
        """Whether no source is named."""
        return not self.sources


@dataclass(frozen=True)
class Count:
    """How many numbers name a source and how many rest on the analyst's judgement."""

    sourced: int
    judged: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.sourced + self.judged


@dataclass(frozen=True)
class Evidence:
    """What the judgement stands on, counted from the file.

    Parameters
    ----------
    worths
        Numbers the judgement uses: worths of terms.
    orders
        Actors whose preferences are an order or a ranking.
    file
        Every number of the file.
    sources, hindsight
        Sources that count, and sources published later.
    grades
        How many of the sources that count carry each grade, best first.
    earliest, latest
        Dates of the first and last source that counts, in words.
    """

    worths: Count
    orders: Count
    file: Count
    sources: int
    hindsight: int
    grades: tuple[tuple[str, str, int], ...]
    earliest: str
    latest: str


@dataclass(frozen=True)
class Change:
    """A value of the file replaced by a variant or a dial."""

    path: str
    value: str


@dataclass(frozen=True)
class Header:
    """Title, dates and what is changed against the file."""

    title: str
    as_of: str
    horizon: str
    variant: str
    variant_why: str
    dials: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ActorLine:
    """An actor with its anchor and what supports its place in the file."""

    anchor: str
    name: str
    basis: Basis


@dataclass(frozen=True)
class OptionLine:
    """An option: who can do what, where it stands today, and whether it can be undone."""

    anchor: str
    actor: str
    first: int
    does: str
    levels: str
    today: str
    undone: str
    issue: str
    basis: Basis


@dataclass(frozen=True)
class Rule:
    """A sentence with an anchor and its support: a combination ruled out, a defined name."""

    anchor: str
    text: str
    basis: Basis


@dataclass(frozen=True)
class EventLine:
    """A dated act."""

    anchor: str
    on: str
    iso: str
    who: str
    what: str
    basis: Basis


@dataclass(frozen=True)
class MoveLine:
    """A listed move of a general graph."""

    actor: str
    origin: str
    target: str


@dataclass(frozen=True)
class Situation:
    """Who is involved, what each can do, what is ruled out, and how it came to this."""

    actors: tuple[ActorLine, ...]
    issues: tuple[tuple[str, str, str], ...]
    options: tuple[OptionLine, ...]
    defines: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    merged: tuple[str, ...]
    events: tuple[EventLine, ...]
    graph_states: tuple[tuple[str, str], ...]
    moves: tuple[MoveLine, ...]
    moves_left_out: int


@dataclass(frozen=True)
class TermLine:
    """One worth of one actor, or one statement of its order."""

    anchor: str
    label: str
    when: str
    worth: str
    spread: str
    issue: str
    tier: str
    changed: bool
    basis: Basis


@dataclass(frozen=True)
class Wants:
    """What one actor wants.

    Parameters
    ----------
    anchor, name
        Where it stands and whom it is about.
    form
        ``terms``, ``order``, ``ranking`` or ``none``.
    terms
        Worths, or the statements of an order, most important first.
    ranks
        States best first, tied ones together.
    basis
        Support of an order or a ranking as a whole.
    said
        What the sources say of the order, best first; empty if the file has none.
    said_anchor, said_basis
        Where that stands, and its support.
    """

    anchor: str
    name: str
    form: str
    terms: tuple[TermLine, ...]
    ranks: tuple[str, ...]
    basis: Basis
    said: tuple[str, ...]
    said_anchor: str
    said_basis: Basis


@dataclass(frozen=True)
class Part:
    """One worth that counts in an outcome, with the term it comes from."""

    worth: str
    label: str
    to: str


@dataclass(frozen=True)
class Sum:
    """How one actor's figure in one outcome adds up."""

    anchor: str
    name: str
    value: str
    parts: tuple[Part, ...]
    note: str


@dataclass(frozen=True)
class Explained:
    """One outcome with its reasons and its sums."""

    row: OutcomeRow
    reasons: Reasons
    sums: tuple[Sum, ...]


@dataclass(frozen=True)
class Outcomes:
    """The table of outcomes, its explanations, and where the crisis can go from today."""

    view: OutcomeView
    explained: tuple[Explained, ...]
    uninformative: tuple[str, ...]
    draws: int
    bars: bool
    paths: tuple[Finding, ...]
    reachable: Table | None
    reachable_left_out: int
    not_walked: str


@dataclass(frozen=True)
class AssumptionLine:
    """A key assumption."""

    anchor: str
    says: str
    holds: str
    if_wrong: str
    watch: str
    basis: Basis


@dataclass(frozen=True)
class QuestionLine:
    """A dated question to watch."""

    anchor: str
    asks: str
    resolves: str
    by: str
    outcome: str
    basis: Basis


@dataclass(frozen=True)
class VariantLine:
    """A named overlay of the file."""

    anchor: str
    name: str
    changes: tuple[Change, ...]
    basis: Basis


@dataclass(frozen=True)
class SourceLine:
    """A source, and what in this briefing rests on it."""

    anchor: str
    id: str
    on: str
    iso: str
    by: str
    grade: str
    grade_words: str
    claim: str
    quote: str
    lang: str
    translation: str
    url: str
    archived: str
    hindsight: bool
    carries: tuple[Link, ...]
    elsewhere: int


@dataclass(frozen=True)
class Answer:
    """What one more analysis says: its question, findings, charts and tables, each cut to what a page takes."""

    name: str
    family: str
    command: str
    question: str
    findings: tuple[Finding, ...]
    left_out: int
    charts: tuple[Figure, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Coverage:
    """What was asked here, what was not, and which sections of the file were not used."""

    asked: tuple[str, ...]
    not_run: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """A concept in words."""

    id: str
    title: str
    name: str
    definition: str
    foresight: str
    source: str


@dataclass(frozen=True)
class Method:
    """How the briefing was computed."""

    definitions: tuple[Definition, ...]
    uninformative: str


@dataclass(frozen=True)
class Briefing:
    """Everything the briefing says; ``robust`` says in which share of draws the judgement holds."""

    header: Header
    judgement: Finding | None
    robust: tuple[Finding, ...]
    further: tuple[Finding, ...]
    evidence: Evidence
    situation: Situation
    outcomes: Outcomes | None
    refused: tuple[str, ...]
    answers: tuple[Answer, ...]
    wants: tuple[Wants, ...]
    assumptions: tuple[AssumptionLine, ...]
    questions: tuple[QuestionLine, ...]
    variants: tuple[VariantLine, ...]
    coverage: Coverage
    sources: tuple[SourceLine, ...]
    hindsight: tuple[SourceLine, ...]
    method: Method
    provenance: Provenance
