"""The pillars of a crisis as arrays: pay-offs, mass, caps, beliefs and trust, at the centres or over draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, roots_hermitenorm

from backchannel.errors import NotSupportedError
from backchannel.model.draws import draw_matrix
from backchannel.numerics.global_game import Stakes, reversed_outcomes
from backchannel.numerics.number_format import share
from backchannel.numerics.quantiles import Z95
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import UnknownNameError, read_setting
from backchannel.spec.inputs import Input, inputs
from backchannel.spec.number import Number, parse_number

Floats = NDArray[np.float64]

DEFAULT_NOISE = 0.1
"""Standard deviation of what a member sees of the government's strength, where the file does not say."""
NOTHING_KNOWN = parse_number("0..1", "probability")
"""Prior of the share that must move, where the file does not say."""

QUADRATURE = 64
"""Nodes at which the moments of a range of chances are summed."""


@dataclass(frozen=True)
class Promise:
    """A deal in which a pillar's move is a term, and whom it must trust for its part: the least trusted party."""

    deal: str
    by: str
    trust: str


@dataclass(frozen=True)
class Regime:
    """The pillars of one government. Arrays have shape (rows, pillars); a row is a draw, or the one centre.

    Parameters
    ----------
    government
        The actor held up.
    pillars, names, moves
        Ids of the pillars, their names, and the options that stand for their moves, each once, in file order.
    mass
        Shares, adding up to 1 in each row.
    stakes
        Pay-offs of one member.
    betrayed
        Pay-off of moving when it falls and the promise is not kept.
    betrayed_follows
        Per pillar: whether that is not stated, so that it is whatever staying until the fall pays.
    reach, spread, belief, noise, trust
        As in the file; without a stated belief or trust the array holds 0 and 1.
    has_belief
        Per pillar: whether the file states its belief.
    promises
        Per pillar: who promises, or None if the file does not say or states no trust.
    patrons
        Per pillar: who guarantees its rents and a safe fall; empty if the file names nobody.
    watches
        Shape (pillars, pillars), rows adding up to 1: what share of what each sees is whom.
    sees_all
        Whether no pillar says that it goes by some of the others only.
    falls_at
        Prior of the share that must move.
    raised
        Shape (rows,): what foreign forces add to that share.
    """

    government: str
    pillars: tuple[str, ...]
    names: tuple[str, ...]
    moves: tuple[str, ...]
    mass: Floats
    stakes: Stakes
    betrayed: Floats
    betrayed_follows: tuple[bool, ...]
    reach: Floats
    spread: Floats
    belief: Floats
    noise: Floats
    trust: Floats
    has_belief: tuple[bool, ...]
    promises: tuple[Promise | None, ...]
    patrons: tuple[str, ...]
    sees_all: bool
    watches: Floats
    falls_at: Number
    raised: Floats

    @property
    def counted_trust(self) -> Floats:
        """What a point of the pay-off of moving counts: the trust where something is promised, 1 where nothing is."""
        return np.asarray(np.where(self.stakes.move_falls > self.betrayed, self.trust, 1.0))

    def trusted(self) -> Regime:
        """Return the regime with each promise worth trust times as promised, plus the rest as if broken."""
        counted = self.counted_trust
        worth = counted * self.stakes.move_falls + (1 - counted) * self.betrayed
        return replace(self, stakes=replace(self.stakes, move_falls=worth))


def regimes(crisis: Crisis, draws: int = 0, seed: int = 0) -> tuple[Regime, ...]:
    """Read every government's pillars, at the centres (one row) or over draws of every input of the file.

    Raises
    ------
    NotSupportedError
        If a pillar's outcomes are reversed at the centres, or in a draw: then there is no chance of fall at which it
        moves.
    """
    numbers = inputs(crisis)
    values = draw_matrix(numbers, draws, seed) if draws else np.array([[item.number.centre for item in numbers]])
    governments = dict.fromkeys(pillar.of for pillar in crisis.pillars.values())
    read = tuple(_regime(crisis, government, _Values(numbers, values)) for government in governments)
    for regime in read:
        _refuse_reversed(regime, draws)
    return read


def _refuse_reversed(regime: Regime, draws: int) -> None:
    found = reversed_outcomes(regime.stakes)
    for k in np.flatnonzero(found.any(axis=0)).tolist():
        where = f"in {share(float(found[:, k].mean()), draws)} of draws " if draws else ""
        raise NotSupportedError(
            f"pillars.{regime.pillars[k]}: {where}both outcomes are reversed, so that it would move the less the surer "
            "it is of a fall; swap survives and falls, or narrow the ranges of its pay-offs"
        )


@dataclass(frozen=True)
class _Values:
    numbers: tuple[Input, ...]
    values: Floats

    def of(self, path: str) -> Floats | None:
        """Return the values of an input, shape (rows,); None if the file leaves it out."""
        column = next((k for k, item in enumerate(self.numbers) if item.path == path), None)
        return None if column is None else self.values[:, column]

    def table(self, pillars: tuple[str, ...], field: str, default: Floats | float) -> Floats:
        """Return one field of every pillar, shape (rows, pillars)."""
        rows = (len(self.values), len(pillars))
        filled = np.array(np.broadcast_to(np.asarray(default, dtype=np.float64), rows))
        for k, pillar in enumerate(pillars):
            stated = self.of(f"pillars.{pillar}.{field}")
            if stated is not None:
                filled[:, k] = stated
        return filled


def _regime(crisis: Crisis, government: str, values: _Values) -> Regime:
    about = {name: pillar for name, pillar in crisis.pillars.items() if pillar.of == government}
    pillars = tuple(about)
    fields = ("stay_survives", "stay_falls", "move_survives", "move_falls")
    stakes = Stakes(*(values.table(pillars, field, 0.0) for field in fields))
    mass = values.table(pillars, "mass", 1.0)
    total = mass.sum(axis=1, keepdims=True)
    mass = np.where(total > 0, mass / np.where(total > 0, total, 1.0), 1 / len(pillars))
    promises = tuple(_promise(crisis, name) for name in pillars)
    trust = np.ones_like(mass)
    for k, promise in enumerate(promises):
        stated = values.of(f"trust.{promise.trust}") if promise else None
        trust[:, k] = 1.0 if stated is None else stated
    strength = next((pillar.falls_at for pillar in about.values() if pillar.falls_at is not None), NOTHING_KNOWN)
    added = next((values.of(f"pillars.{name}.raised") for name, p in about.items() if p.raised is not None), None)
    return Regime(
        government=government,
        pillars=pillars,
        names=tuple(pillar_name(crisis, name) for name in pillars),
        moves=tuple(dict.fromkeys(pillar.moves for pillar in about.values())),
        mass=mass,
        stakes=stakes,
        betrayed=values.table(pillars, "move_betrayed", stakes.stay_falls),
        betrayed_follows=tuple(pillar.move_betrayed is None for pillar in about.values()),
        reach=values.table(pillars, "reach", 1.0),
        spread=values.table(pillars, "spread", 0.0),
        belief=values.table(pillars, "belief", 0.0),
        noise=np.maximum(values.table(pillars, "noise", DEFAULT_NOISE), 1e-9),
        trust=trust,
        has_belief=tuple(pillar.belief is not None for pillar in about.values()),
        promises=promises,
        patrons=tuple(pillar.patron or "" for pillar in about.values()),
        sees_all=not any(pillar.watches for pillar in about.values()),
        watches=_watches(crisis, pillars, mass[0]),
        falls_at=strength,
        raised=np.zeros(len(mass)) if added is None else added,
    )


def pillar_name(crisis: Crisis, pillar: str) -> str:
    """Return the name to print: the actor's of the same id, else the id in words."""
    actor = crisis.actors.get(pillar)
    return (actor.name if actor else None) or pillar.replace("_", " ")


def _promise(crisis: Crisis, pillar: str) -> Promise | None:
    """Return who promises a pillar something for its move: of a deal's other parties the one it trusts least.

    Only a party that has a term of its own in the deal promises anything.
    """
    moves = crisis.pillars[pillar].moves
    mover = crisis.options[moves].by
    found = []
    for name, deal in crisis.deals.items():
        options = {option_of(crisis, term) for term in deal.terms} - {""}
        if mover in deal.parties and moves in options:
            giving = {crisis.options[option].by for option in options} & set(deal.parties) - {mover}
            trusted = _trusted(crisis, mover, tuple(party for party in deal.parties if party in giving))
            found += [(crisis.trust[key].centre, name, party, key) for party, key in trusted]
    if not found:
        return None
    _, deal_id, by, key = min(found)
    return Promise(deal_id, by, key.replace(" ", ""))


def _trusted(crisis: Crisis, mover: str, parties: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the other parties the file states the mover's trust in, with the key under ``trust``."""
    keys = {tuple(part.strip() for part in key.split(">")): key for key in crisis.trust}
    return [(party, keys[mover, party]) for party in parties if (mover, party) in keys]


def option_of(crisis: Crisis, setting: str) -> str:
    """Return the option a term sets; empty if it sets none."""
    try:
        return read_setting(crisis, setting)[0]
    except UnknownNameError:
        return ""


def _watches(crisis: Crisis, pillars: tuple[str, ...], mass: Floats) -> Floats:
    """Return what each pillar sees: those it watches in proportion to their mass, all of them if it does not say."""
    seen = np.zeros((len(pillars), len(pillars)))
    for k, pillar in enumerate(pillars):
        watched = set(crisis.pillars[pillar].watches) & set(pillars) or set(pillars)
        seen[k] = [mass[j] if name in watched else 0.0 for j, name in enumerate(pillars)]
        seen[k] = seen[k] / seen[k].sum() if seen[k].sum() > 0 else 1 / len(pillars)
    return seen


def cumulative(number: Number, value: Floats) -> Floats:
    """Return the chance that a number of the file lies at or below values, by the distribution it states."""
    low, high, mode = number.low, number.high, number.centre
    if number.kind == "exact" or high <= low:
        return np.asarray(value >= mode, dtype=np.float64)
    if number.kind == "uniform":
        return np.asarray(np.clip((value - low) / (high - low), 0, 1), dtype=np.float64)
    if number.kind == "interval" and number.support == "probability":
        ends = logit(np.array([low, high]))
        return np.asarray(ndtr((logit(np.clip(value, 0, 1)) - ends.mean()) * 2 * Z95 / (ends[1] - ends[0])))
    if number.kind == "interval":
        return np.asarray(ndtr((value - mode) * 2 * Z95 / (high - low)), dtype=np.float64)
    inside = np.clip(value, low, high)
    rising = (inside - low) ** 2 / ((high - low) * max(mode - low, 1e-300))
    falling = 1 - (high - inside) ** 2 / ((high - low) * max(high - mode, 1e-300))
    return np.asarray(np.where(inside < mode, rising, falling), dtype=np.float64)


def moments(number: Number) -> tuple[float, float]:
    """Return mean and standard deviation of a number of the file; the deviation is 0 for an exact one."""
    low, high, mode = number.low, number.high, number.centre
    if number.kind == "exact" or high <= low:
        return mode, 0.0
    if number.kind == "uniform":
        return (low + high) / 2, (high - low) / np.sqrt(12)
    if number.kind == "interval" and number.support == "probability":
        return _moments_of_log_odds(low, high)
    if number.kind == "interval":
        return mode, (high - low) / (2 * Z95)
    spread = low**2 + mode**2 + high**2 - low * mode - low * high - mode * high
    return (low + mode + high) / 3, float(np.sqrt(spread / 18))


def _moments_of_log_odds(low: float, high: float) -> tuple[float, float]:
    """Return mean and deviation of a chance whose log-odds are normal, by Gauss-Hermite quadrature."""
    ends = logit(np.array([low, high]))
    nodes, weights = roots_hermitenorm(QUADRATURE)
    values = expit(ends.mean() + (ends[1] - ends[0]) / (2 * Z95) * nodes)
    weights = weights / weights.sum()
    mean = float(weights @ values)
    return mean, float(np.sqrt(weights @ (values - mean) ** 2))
