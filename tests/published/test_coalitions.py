"""Coalitions in published and founding cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import yaml

from backchannel.analyses.stability.coalitions import IDS, CoalitionsResult
from backchannel.study.study import Study

PUBLISHED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "published.yaml").read_text(encoding="utf-8")
)


def coalitions_of(case: str, **params: Any) -> CoalitionsResult:
    found = Study.open(case).run("coalitions", **params)
    assert isinstance(found, CoalitionsResult)
    return found


def broken_equilibria(found: CoalitionsResult, concept: str) -> dict[str, set[str]]:
    """Which coalition breaks which equilibria, by label."""
    j = IDS.index(concept)
    return {
        "+".join(members): {found.label[row] for row in np.flatnonzero(found.equilibrium[j] & ~found.stable[k, j])}
        for k, members in enumerate(found.coalition)
    }


def test_elmira_leaves_s5_for_s8_and_only_there() -> None:
    """Of the equilibria 5, 8 and 9 one alone is left by a coalition: 5, by the ministry and Uniroyal, for 8."""
    [said] = PUBLISHED["elmira_1991"]["coalition_improvements"]
    found = coalitions_of("elmira-1991", up_to=3)
    assert len(found.coalition) == 7
    breaker = "+".join(said["coalition"])
    for concept in ("nash", "seq"):
        wanted = {"+".join(members): set() for members in found.coalition} | {breaker: {f"s{said['origin']}"}}
        assert broken_equilibria(found, concept) == wanted
    [move] = [v for v in found.verdicts if v.concept == "nash" and v.label == "s5" and not v.stable]
    assert move.target_label == "s8"
    assert [f"s{target}" for target in said["targets"]] == [move.target_label]
    assert move.improvements == 1
    assert {actor for actor, _, _ in move.steps} == {"moe", "uniroyal"}


def test_elmira_holds_s8_and_s9_against_every_coalition() -> None:
    found = coalitions_of("elmira-1991", up_to=3)
    for concept in ("nash", "seq"):
        held = found.universal[IDS.index(concept)]
        assert {found.label[row] for row in np.flatnonzero(held).tolist()} == {"s8", "s9"}


def test_elmira_partition_into_the_coalition_and_the_rest() -> None:
    """Bound to the ministry, whose best state s7 is, Uniroyal no longer abandons the plant from there."""
    found = coalitions_of("elmira-1991", partition=(("moe", "uniroyal"),))
    assert found.coalition == (("local_government",), ("moe", "uniroyal"))
    assert {found.label[row] for row in np.flatnonzero(found.universal[0]).tolist()} == {"s7", "s8", "s9"}


def test_prisoners_leave_the_equilibrium_together() -> None:
    found = coalitions_of("prisoners-dilemma")
    assert not found.stable[2, :, found.equilibrium[0]].any()
    assert not found.universal[0].any()


def test_venezuela_today_holds_against_every_pair_and_not_against_three() -> None:
    """No two actors can leave together; the United States, Russia and the officers can, and nobody answers."""
    found = coalitions_of("venezuela-2019", up_to=6)
    today = found.stable[:, :, found.today]
    for members, holds in zip(found.coalition, today, strict=True):
        breaks = {"us", "russia", "officers"} <= set(members) and set(members) <= {
            "us", "russia", "officers", "opposition",
        }  # fmt: skip
        assert holds.tolist() == [not breaks] * 4, members
    [text] = {f.text for f in found.findings if f.id == "coalitions.today"}
    assert "us + russia + officers and 1 larger coalition (Nash, GMR, SMR, SEQ)" in text


def test_venezuela_the_joint_move_links_ukraine() -> None:
    """Every member gains, and the move ends military aid to Ukraine against an engineered transition."""
    found = coalitions_of("venezuela-2019", of=(("us", "russia", "officers"),), state="today")
    [move] = [v for v in found.explained if v.concept == "seq"]
    assert (move.stable, move.coalition) == (False, ("us", "russia", "officers"))
    assert all(gain > 0 for gain in move.gains)
    assert {"stop_aid", "withdraw", "engineer", "defect"} <= set(move.target_label.split(", "))
