"""Frames against the definitions on the graph each actor sees, and the public outcome by hand."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from backchannel.analyses.stability.frames import FramesResult
from backchannel.errors import NotSupportedError
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from brute_force import Graph, equilibria
from generate import random_crisis


def study_of(data: dict[str, Any]) -> Study:
    return Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False)))


def frames_of(data: dict[str, Any]) -> FramesResult:
    result = study_of(data).run("frames")
    assert isinstance(result, FramesResult)
    return result


@pytest.mark.parametrize("kind", ["plain", "ranking", "terms", "levels", "mixed"])
def test_each_game_against_the_definitions(kind: str) -> None:
    for seed in range(6):
        crisis = random_crisis(5_000 + seed, kind)
        options = list(crisis.data["options"])
        actor = next(iter(crisis.data["actors"]))
        unseen = options[seed % len(options)]
        place = options.index(unseen)
        data = {**crisis.data, "frames": {actor: {"without": [unseen], "why": "made up"}}}
        result = frames_of(data)
        kept = {state for state in crisis.graph.states if state[place] == crisis.today[place]}
        moves = {
            mover: {state: targets & kept for state, targets in reached.items() if state in kept}
            for mover, reached in crisis.graph.moves.items()
        }
        seen = equilibria(Graph([s for s in crisis.graph.states if s in kept], moves, crisis.graph.preference))
        game = next(game for game in result.games if game.actor == actor)
        assert game.states == len(kept)
        assert set(game.equilibria) == {crisis.literal(state) for state in seen["nash"] | seen["seq"]}
        assert game.today_nash == (crisis.today in seen["nash"])


MISPERCEIVED: dict[str, Any] = {
    "crisis": 1,
    "title": "A bluff misread",
    "actors": {"north": {}, "south": {}},
    "options": {"march": {"by": "north"}, "arm": {"by": "south"}},
    "preferences": {
        "north": [
            {"id": "prize", "when": "march and not arm", "worth": 5, "why": "an easy gain"},
            {"id": "war", "when": "march and arm", "worth": -10, "why": "a hard war"},
        ],
        "south": [
            {"id": "cost", "when": "arm", "worth": -1, "why": "arms cost"},
            {"id": "fear", "when": "march and not arm", "worth": -8, "why": "overrun"},
        ],
    },
    "states": {"peace": [], "raid": ["march"], "clash": ["march", "arm"]},
}


def test_public_outcome_of_a_misperception() -> None:
    """North does not see that South can arm, so in its game the march goes unpunished; the file's game punishes it."""
    plain = study_of(MISPERCEIVED).run("stability")
    assert plain.equilibrium[:, plain.today].tolist() == [False, True, True, True]  # type: ignore[attr-defined]
    result = frames_of({**MISPERCEIVED, "frames": {"north": {"without": ["arm"], "why": "intelligence failed"}}})
    assert result.outcome == "yes,no"
    assert result.outcome_holds.tolist() == [False, False]
    outcome = next(item for item in result.findings if item.id == "frames.outcome")
    assert outcome.text == (
        "If each acts on its own game, north would march; that leads to raid, which in the file's game is no "
        "equilibrium by Nash or SEQ."
    )


def test_a_frame_may_change_a_worth() -> None:
    frame = {"north": {"set": {"preferences.north.war.worth": "4"}, "why": "North thinks war would be short"}}
    result = frames_of({**MISPERCEIVED, "frames": frame})
    north = next(game for game in result.games if game.actor == "north")
    assert north.move == "yes,no"
    assert "yes,yes" in north.equilibria


def test_founding_case_washington_sees_no_link() -> None:
    """T19 in the stability family: 192 of 1,152 states, five of the ten equilibria out of sight."""
    result = Study.open("venezuela-2019").run("frames")
    assert isinstance(result, FramesResult)
    washington = next(game for game in result.games if game.actor == "us")
    assert washington.states == 192
    assert len(washington.equilibria) == 5
    assert washington.today_nash
    assert any(
        item.id == "frames.unseen" and item.text.startswith("United States does not see 5 states")
        for item in result.findings
    )


def test_without_frames_it_says_what_to_add() -> None:
    with pytest.raises(NotSupportedError, match=r"this needs frames: no actor is said to see another game"):
        Study.open("chicken").run("frames")
