"""Limited-move and non-myopic stability, and simultaneous sanctioning, on games worked out elsewhere or by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import yaml

from backchannel.numerics.anticipation import Lookahead
from backchannel.numerics.game import OptionGame
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import CrisisFile, read_crisis_text
from backchannel.study.study import Study


def equilibria(file: CrisisFile, concept: str, **params: object) -> set[str]:
    result = Study.of(file).run("stability", concepts=(concept,), **params)
    return {result.label[row] for row in np.flatnonzero(result.equilibrium[0]).tolist()}


@pytest.mark.parametrize("horizon", [1, 2, 3, 4, 9])
def test_prisoners_dilemma(horizon: int) -> None:
    """From cooperation a defector would be met by defection: no gain from two moves on."""
    stable = {"defection"} if horizon == 1 else {"defection", "cooperation"}
    assert equilibria(open_crisis("prisoners-dilemma"), "limited", horizon=horizon) == stable


def test_prisoners_dilemma_non_myopic() -> None:
    """Both (2,2) and (3,3), as Brams and Wittman (1981) have it."""
    assert equilibria(open_crisis("prisoners-dilemma"), "non_myopic") == {"defection", "cooperation"}


@pytest.mark.parametrize(
    ("horizon", "stable"),
    [(1, {"row_wins", "column_wins"}), (2, set()), (3, {"both_swerve"}), (4, {"both_swerve"}), (10, {"both_swerve"})],
)
def test_chicken(horizon: int, stable: set[str]) -> None:
    """Two ahead: the loser crashes and the winner swerves; from three on, who drives on is met by just that."""
    assert equilibria(open_crisis("chicken"), "limited", horizon=horizon) == stable


def test_chicken_non_myopic() -> None:
    """Only the compromise (3,3), as Brams and Wittman (1981) have it."""
    assert equilibria(open_crisis("chicken"), "non_myopic") == {"both_swerve"}


def test_cuba_1962() -> None:
    """By hand from the rankings of Fraser and Hipel (1984): two ahead, states 4 and 6, the sequential equilibria."""
    assert equilibria(open_crisis("cuba-1962"), "limited", horizon=2) == {"settle", "settle_blockade"}
    assert equilibria(open_crisis("cuba-1962"), "sim") == set()


KOREA = {
    "crisis": 1,
    "title": "Korea",
    "actors": {"us": {}, "nk": {}},
    "options": {
        "strike": {"by": "us", "final": True},
        "withdraw": {"by": "us"},
        "invade": {"by": "nk"},
        "abandon": {"by": "nk"},
    },
    "impossible": ["strike and withdraw"],
}
US = [8, 0, 9, 10, 12, 5, 4, 13, 14, 1, 2, 6]
NK = [6, 14, 2, 10, 0, 4, 12, 5, 1, 13, 8, 9]


def korea(*, invasion_final: bool = False) -> CrisisFile:
    """A worked example of the method published on a blog in 2017; option k adds 2^k to a state's number."""
    options = KOREA["options"]
    states = {f"n{number}": [name for k, name in enumerate(options) if number >> k & 1] for number in US}
    data = {**KOREA, "states": states}
    data["options"] = {**options, "invade": {"by": "nk", "final": invasion_final}}
    data["preferences"] = {
        actor: {"ranking": [f"n{number}" for number in order], "why": "as published"}
        for actor, order in (("us", US), ("nk", NK))
    }
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False))


def stable_for_both(file: CrisisFile, simultaneity: str) -> tuple[set[int], set[int]]:
    """States that each actor holds by SEQ or by SIM, and the sequential equilibria among them."""
    result = Study.of(file).run("stability", concepts=("seq", "sim"), simultaneity=simultaneity)
    number = {row: int(label[1:]) for row, label in enumerate(result.label)}
    held = result.stable.any(axis=0).all(axis=0)
    return tuple({number[row] for row in np.flatnonzero(mask).tolist()} for mask in (held, result.equilibrium[0]))


@pytest.mark.parametrize("simultaneity", ["improvers", "unstable"])
def test_simultaneous_sanctioning_holds_the_conventional_war(simultaneity: str) -> None:
    """State 4: a US strike while North Korea withdraws ends in 1, worse for both; lost if the invasion is final."""
    assert stable_for_both(korea(), simultaneity) == ({0, 4, 5, 10}, {0, 5, 10})
    assert 4 not in stable_for_both(korea(invasion_final=True), simultaneity)[0]


def strict_games() -> list[OptionGame]:
    """The 78 two-by-two games with strict preferences, one of each shape (Rapoport and Guyer 1966)."""
    shapes: dict[tuple[int, ...], OptionGame] = {}
    for row, column in itertools.product(itertools.permutations(range(4)), repeat=2):
        mine, yours = np.array(row).reshape(2, 2), np.array(column).reshape(2, 2)
        forms = [
            tuple(np.concatenate([first[::a, ::b].ravel(), second[::a, ::b].ravel()]).tolist())
            for first, second in ((mine, yours), (yours.T, mine.T))
            for a in (1, -1)
            for b in (1, -1)
        ]
        utilities = np.array([row, column], dtype=np.int32)
        shapes.setdefault(min(forms), OptionGame((2, 2), (0, 1), utilities))
    return list(shapes.values())


def test_the_78_games_settle_or_cycle() -> None:
    """All repeat, with a period of 1, 2 or 4; the prisoner's dilemma alone keeps two states."""
    games = strict_games()
    assert len(games) == 78
    periods: dict[int, int] = {}
    several = []
    for game in games:
        lookahead = Lookahead(game, np.arange(4), "worst", "first")
        known, seen = lookahead.start(), {}
        stays = []
        while (key := known.first.tobytes() + known.after.tobytes()) not in seen:
            seen[key] = len(seen)
            stays.append(known.stays)
            known = lookahead.further(known)
        period = len(seen) - seen[key]
        periods[period] = periods.get(period, 0) + 1
        assert len(seen) <= 10
        if np.all(stays[seen[key] :], axis=0).all(axis=0).sum() > 1:
            several.append(game)
    assert periods == {1: 61, 2: 6, 4: 11}
    assert len(several) == 1
    by_row, by_column = np.argsort(-several[0].utilities, axis=1)
    assert by_row[0] == by_column[3]  # each one's best is the other's worst,
    assert by_row[1] == by_column[1]  # and the second best is common: the prisoner's dilemma
