"""Contested events: what each report of an interested party does to the belief that the event happened."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.analyses.signals.beliefs import likelihood_ratio, moved
from backchannel.errors import NotSupportedError
from backchannel.spec.crisis import Crisis
from backchannel.spec.information import Report

CONTESTED = (0.1, 0.9)
"""Between these an event counts as still contested."""


@dataclass(frozen=True)
class Heard:
    """A report and the belief after it.

    Parameters
    ----------
    by
        Who reports.
    affirms
        Whether the report affirms the event.
    interested
        Whether the reporter is one of the file's actors, and so a party to the matter.
    ratio
        Chance of the report if the event happened over its chance if it did not. Near 1 it says nothing.
    p, low, high
        The belief at the centres, and over every range behind it.
    sources
        Sources it rests on.
    """

    by: str
    affirms: bool
    interested: bool
    ratio: float
    p: float
    low: float
    high: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Contest:
    """A contested event.

    Parameters
    ----------
    name, says
        Its id, and the event in words.
    prior, prior_low, prior_high
        The belief before any report.
    heard
        The reports in file order, each moving the belief on from the one before: reports count as independent.
    """

    name: str
    says: str
    prior: float
    prior_low: float
    prior_high: float
    heard: tuple[Heard, ...]

    @property
    def now(self) -> tuple[float, float, float]:
        """Belief after every report: centre, least, greatest."""
        last = self.heard[-1] if self.heard else None
        return (last.p, last.low, last.high) if last else (self.prior, self.prior_low, self.prior_high)

    @property
    def path(self) -> tuple[float, ...]:
        """The belief before any report and after each."""
        return (self.prior, *(item.p for item in self.heard))

    @property
    def is_open(self) -> bool:
        """Whether the event is still contested."""
        return CONTESTED[0] < self.now[0] < CONTESTED[1]


def contests(crisis: Crisis) -> tuple[Contest, ...]:
    """Return every contested event with its reports weighed (Bayes, 1763).

    Raises
    ------
    NotSupportedError
        If a report cannot have been made given a belief of 0 or 1.
    """
    found = []
    for name, about in crisis.contested.items():
        belief = (about.p.centre, about.p.low, about.p.high)
        heard = []
        for place, report in enumerate(about.reports, start=1):
            try:
                belief = moved(belief, report.if_true, report.if_false)
            except ValueError:
                raise NotSupportedError(
                    f"contested.{name}: report {place} could not have been made by then; "
                    "move the belief or the chances of the report away from 0 and 1"
                ) from None
            heard.append(_heard(crisis, report, belief))
        found.append(Contest(name, about.says, about.p.centre, about.p.low, about.p.high, tuple(heard)))
    return tuple(found)


def _heard(crisis: Crisis, report: Report, belief: tuple[float, float, float]) -> Heard:
    return Heard(
        by=report.by,
        affirms=report.says,
        interested=report.by.partition(".")[0] in crisis.actors,
        ratio=likelihood_ratio(report.if_true, report.if_false),
        p=belief[0],
        low=belief[1],
        high=belief[2],
        sources=tuple(report.from_),
    )
