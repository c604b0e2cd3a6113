"""What each actor wants, and what the file assumes."""

from __future__ import annotations

from backchannel.faces.report.sections import AssumptionLine, Basis, Change, QuestionLine, TermLine, VariantLine, Wants
from backchannel.faces.report.support import basis
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.number_format import signed
from backchannel.render.anchors import anchor, term_anchors
from backchannel.render.conditions import condition_in_words
from backchannel.render.words import (
    actor_name,
    capitalised,
    date_in_words,
    probability_in_words,
    range_in_words,
    readable,
    spaced,
)
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import find_state
from backchannel.spec.structure import OrderPreference, RankingPreference, Term

NO_BASIS = Basis((), "")


def wants(model: Model, changed: frozenset[str]) -> tuple[Wants, ...]:
    """Return what each actor wants, in file order; ``changed`` holds the anchors of terms a variant or dial moved."""
    return tuple(_wants(model, actor, changed) for actor in model.actors)


def _wants(model: Model, actor: str, changed: frozenset[str]) -> Wants:
    crisis = model.crisis
    preference = crisis.preferences.get(actor, ())
    ordering = crisis.orderings.get(actor)
    ranking = isinstance(preference, RankingPreference)
    whole = not isinstance(preference, tuple)
    return Wants(
        anchor=anchor("preferences", actor),
        name=actor_name(crisis, actor),
        form="ranking" if ranking else "order" if whole else "terms" if preference else "none",
        terms=_terms(crisis, actor, changed),
        ranks=_ranks(model, preference.groups) if isinstance(preference, RankingPreference) else (),
        basis=NO_BASIS if isinstance(preference, tuple) else basis(preference),
        said=_ranks(model, ordering.order) if ordering else (),
        said_anchor=anchor("orderings", actor),
        said_basis=basis(ordering) if ordering else NO_BASIS,
    )


def _terms(crisis: Crisis, actor: str, changed: frozenset[str]) -> tuple[TermLine, ...]:
    preference = crisis.preferences.get(actor, ())
    if isinstance(preference, OrderPreference):
        return tuple(
            TermLine(
                anchor("preferences", actor, place),
                str(place),
                condition_in_words(crisis, said),
                "",
                "",
                "",
                "",
                False,
                NO_BASIS,
            )
            for place, said in enumerate(preference.order, start=1)
        )
    if not isinstance(preference, tuple):
        return ()
    places = enumerate(zip(preference, term_anchors(crisis, actor), strict=True), start=1)
    return tuple(_term(crisis, place, term, to, to in changed) for place, (term, to) in places)


def _term(crisis: Crisis, place: int, term: Term, to: str, changed: bool) -> TermLine:
    return TermLine(
        anchor=to,
        label=term_label(place, term),
        when=condition_in_words(crisis, term.when),
        worth=signed(term.worth.centre),
        spread=range_in_words(term.worth),
        issue=capitalised(spaced(term.issue or "")),
        tier=term.tier or "",
        changed=changed,
        basis=basis(term),
    )


def term_label(place: int, term: Term) -> str:
    """Return a term's name for a reader."""
    return spaced(term.id or f"term {place}")


def _ranks(model: Model, ranking: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(" or ".join(_state(model, reference) for reference in tied) for tied in ranking)


def _state(model: Model, reference: str) -> str:
    """Name a state of a ranking: by its name in the file, else by the options above their lowest level."""
    crisis = model.crisis
    if crisis.is_general_graph or reference in crisis.states:
        return spaced(reference)
    label = state_label(model, model.space.cell(find_state(crisis, reference)))
    return readable(label, (*crisis.states, *crisis.options))


def assumptions(crisis: Crisis) -> tuple[AssumptionLine, ...]:
    """Return the key assumptions, in file order."""
    return tuple(
        AssumptionLine(
            anchor=anchor("assumptions", name),
            says=item.says,
            holds=probability_in_words(item.holds) if item.holds is not None else "",
            if_wrong=item.if_wrong or "",
            watch=item.watch or "",
            basis=basis(item),
        )
        for name, item in crisis.assumptions.items()
    )


def questions(crisis: Crisis) -> tuple[QuestionLine, ...]:
    """Return the dated questions, in file order."""
    lines = []
    for name, item in crisis.questions.items():
        day = item.by or crisis.horizon
        lines.append(
            QuestionLine(
                anchor=anchor("questions", name),
                asks=item.asks,
                resolves=condition_in_words(crisis, item.resolves),
                by=date_in_words(day) if day else "",
                outcome=item.outcome or "",
                basis=basis(item),
            )
        )
    return tuple(lines)


def variants(crisis: Crisis) -> tuple[VariantLine, ...]:
    """Return the variants of the file, in file order."""
    return tuple(
        VariantLine(
            anchor=anchor("variants", name),
            name=name,
            changes=tuple(Change(path, value) for path, value in item.set.items()),
            basis=basis(item),
        )
        for name, item in crisis.variants.items()
    )
