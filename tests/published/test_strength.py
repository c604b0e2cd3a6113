"""Strong stability on published conflicts; where the marks of much preferred are ours, the value is derived by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from backchannel.analyses.stability.strength import StrengthResult
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study


def marked(case: str, after: dict[str, int], **params: Any) -> StrengthResult:
    """A bundled case with one ">>" in the named rankings, after so many entries."""
    data = copy.deepcopy(open_crisis(case).data)
    for actor, place in after.items():
        data["preferences"][actor]["ranking"].insert(place, ">>")
    result = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), case)).run("strength", **params)
    assert isinstance(result, StrengthResult)
    return result


def held(result: StrengthResult, concept: str) -> dict[str, str]:
    k = result.concepts.index(concept)
    return {
        state: "strong" if result.strong_equilibrium[k, row] else "weak"
        for row, state in enumerate(result.state)
        if result.equilibrium[k, row]
    }


@pytest.mark.parametrize("concept", ["gmr", "smr", "seq"])
def test_prisoners_dilemma(concept: str) -> None:
    """Both rank T > R > P > S; GMR, SMR and SEQ hold mutual cooperation (R) and defection (P), Nash P alone.

    By hand: from R each can gain T, and the other's defection answers it with P, from where the only way out is S; that
    answer pays the other. So R is held strongly exactly if P is much worse than R: with the mark before P, not with
    one before S. P has no improvement: strong without any sanction.
    """
    before_p, before_s = (marked("prisoners-dilemma", {"row": place, "column": place}) for place in (2, 3))
    cooperation, defection = (
        before_p.state[row] for row in (row_of(before_p, "cooperate"), row_of(before_p, "defect"))
    )
    assert held(before_p, concept) == {cooperation: "strong", defection: "strong"}
    assert held(before_s, concept) == {cooperation: "weak", defection: "strong"}
    k = before_p.concepts.index(concept)
    assert [before_p.state[row] for row in before_p.held_by_sanctions[k].nonzero()[0]] == [cooperation]
    assert held(before_p, "nash") == {defection: "strong"}


def row_of(result: StrengthResult, what: str) -> int:
    """Nash holds mutual defection alone, GMR mutual cooperation too (Rapoport and Chammah, 1965)."""
    nash = set(result.equilibrium[0].nonzero()[0].tolist())
    gmr = set(result.equilibrium[1].nonzero()[0].tolist())
    assert len(nash) == 1
    assert len(gmr) == 2
    return (nash if what == "defect" else gmr - nash).pop()


def test_one_actor_without_a_mark_makes_it_weak() -> None:
    result = marked("prisoners-dilemma", {"row": 2})
    cooperation = result.state[row_of(result, "cooperate")]
    assert held(result, "seq")[cooperation] == "weak"


def test_elmira_merged_states_keep_the_published_equilibria() -> None:
    """Marks change no equilibrium: s5, s8 and s9 by Nash and SEQ (Hipel et al., 1993)."""
    plain, found = Study.open("elmira-1991").run("stability"), marked("elmira-1991", {"moe": 3})
    for concept in ("nash", "gmr", "smr", "seq"):
        k = found.concepts.index(concept)
        assert (plain.equilibrium[k] == found.equilibrium[k]).all()  # type: ignore[attr-defined]
