"""Published equilibria under unknown preference: all of them where nothing is unknown; by hand where something is."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from backchannel.analyses.stability.unknown import UnknownResult
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

CUBA = {"quiet": "no,no,no,no", "gone": "no,no,yes,no", "gone_under_blockade": "no,yes,yes,no"}


def result_of(data: dict[str, Any]) -> UnknownResult:
    result = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")).run("unknown")
    assert isinstance(result, UnknownResult)
    return result


@pytest.mark.parametrize("reading", ["a", "b", "c", "d"])
def test_cuba_with_nothing_unknown(reading: str) -> None:
    """SEQ {4, 6} (Fraser and Hipel, 1984), under every reading."""
    result = result_of(open_crisis("cuba-1962").data)
    r = result.readings.index(reading)
    held = {result.state[row] for row in result.equilibrium[r, 3].nonzero()[0]}
    assert held == {CUBA["gone"], CUBA["gone_under_blockade"]}


def test_cuba_if_nobody_knows_how_the_us_likes_withdrawal_under_blockade() -> None:
    """State 6 left out of the US ranking, by hand.

    At 6 every US move leads from the unknown: unstable by Nash under a and c, stable under b and d. The USSR, whose
    ranking is whole, can move from 6 to 2 and 10 only, both worse for it: Nash stable. So 6 is a Nash equilibrium in
    some completion (the US likes it best) and not in all (it likes it least).
    """
    data = copy.deepcopy(open_crisis("cuba-1962").data)
    data["preferences"]["us"]["ranking"].remove(CUBA["gone_under_blockade"])
    result = result_of(data)
    row = result.state.index(CUBA["gone_under_blockade"])
    assert result.equilibrium[:, 0, row].tolist() == [False, True, False, True]
    assert (result.possible_equilibrium[0, row], result.necessary_equilibrium[0, row]) == (1, 0)
    assert result.completions == 23  # eleven ranked states: in a tie with one of them, or in one of twelve gaps


def test_prisoners_dilemma_if_a_player_does_not_rank_mutual_defection() -> None:
    """Row ranks T > R > S and leaves P out, by hand.

    At R (both cooperate) row is tempted by T; column's one answer leads to P. Not deterred by the unknown (a, b), row
    defects: R is unstable by GMR; deterred by it (c, d), R holds. Over completions R holds exactly if P is no better
    than R: in some, not in all.
    """
    data = copy.deepcopy(open_crisis("prisoners-dilemma").data)
    defection = data["preferences"]["row"]["ranking"].pop(2)
    cooperation = data["preferences"]["row"]["ranking"][1]
    result = result_of(data)
    names = {name: Study.open("prisoners-dilemma").model.space.literal(cell) for name, cell in named().items()}
    row = result.state.index(names.get(cooperation, cooperation))
    assert result.equilibrium[:, 1, row].tolist() == [False, False, True, True]
    assert (result.possible_equilibrium[1, row], result.necessary_equilibrium[1, row]) == (1, 0)
    assert result.unranked.tolist() == [1, 0]
    assert defection != cooperation


def named() -> dict[str, int]:
    return Study.open("prisoners-dilemma").model.space.named()


def test_elmira_merged_states_with_nothing_unknown() -> None:
    """s5, s8 and s9 by Nash and SEQ, s1 and s4 by GMR and SMR besides (Hipel et al., 1993)."""
    result, plain = result_of(open_crisis("elmira-1991").data), Study.open("elmira-1991").run("stability")
    for reading in result.equilibrium:
        assert (reading == plain.equilibrium).all()  # type: ignore[attr-defined]
    assert result.completions == 1
