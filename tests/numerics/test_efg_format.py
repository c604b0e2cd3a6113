"""Reading and writing Gambit's extensive-game format."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.errors import CrisisFileError
from backchannel.numerics.efg_format import read_efg, write_efg
from backchannel.numerics.extensive_form import compile_game, decide, end
from random_trees import random_tree
from textbook_games import games

STORED = Path(__file__).parents[1] / "data" / "games"


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_round_trip(seed: int) -> None:
    game = random_tree(seed, players=3)
    again = read_efg(write_efg(game))
    assert again.nodes == game.nodes
    assert again.information_sets == game.information_sets
    assert write_efg(again) == write_efg(game)


@pytest.mark.parametrize("name", games())
def test_stored_files_are_what_the_builder_writes(name: str) -> None:
    assert (STORED / f"{name}.efg").read_text(encoding="utf-8") == write_efg(games()[name])


def test_every_stored_file_has_its_game() -> None:
    assert {path.stem for path in STORED.glob("*.efg")} == set(games())


def test_names_in_quotes_survive() -> None:
    game = compile_game('say "no" \\ yes', ["A b"], decide("A b", 'the "set"', {"x y": end("1/3", label='a "b"')}))
    again = read_efg(write_efg(game))
    assert (again.title, again.players, again.nodes) == (game.title, game.players, game.nodes)


INNER = """EFG 2 R "t" { "A" "B" } "a comment"
p "" 1 1 "" { "l" "r" } 1 "fee" { -1, .5 }
c "" 1 "" { "x" 1/4 "y" 7.5e-1 } 0
t "" 2 "end" { 3 4 }
t "" 3 { 0, 0 }
p "" 2 1 "(B)" { "u" } 0
p "" 1 2 "again" { "s" "q" } 0
t "" 2
t "" 0
"""


def test_pay_offs_on_the_way_add_up_and_outcomes_are_used_again() -> None:
    game = read_efg(INNER)
    assert [game.payoffs[node] for node in game.ends] == [
        (2, Fraction(9, 2)),
        (-1, Fraction(1, 2)),
        (2, Fraction(9, 2)),
        (-1, Fraction(1, 2)),
    ]
    assert [group.name for group in game.information_sets] == ["A:1", "again", "(B)"]
    assert game.chance[3] == Fraction(3, 4)


def test_sets_without_a_label_of_their_own_are_numbered() -> None:
    text = INNER.replace('"again"', '"(B)"')
    assert [group.name for group in read_efg(text).information_sets] == ["A:1", "A:2", "B:1"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NFG 1 R", r"g\.efg:1:4: a game in Gambit's format begins with EFG 2 R"),
        ('EFG 2 R "t" { "A" }\nq "" 1', r"g\.efg:2:5: a node begins with c, p or t, got 'q'"),
        ('EFG 2 R "t" { "A" }\nt "" 1 "" { 1, 2 }', "outcome 1 has 2 pay-offs, expected 1"),
        ('EFG 2 R "t" { "A" }\nt "" 1', "outcome 1 is used before its pay-offs are given"),
        ('EFG 2 R "t" { "A" }\np "" 2 1 "" { "x" } 0', "there is no player 2; the game has 1"),
        ('EFG 2 R "t" { "A" }\np "" 1 1 "" 0', "set 1 of player 1 is used before its actions are given"),
        ('EFG 2 R "t" { "A" }\nc "" 1 "" 0', "chance set 1 is used before its branches are given"),
        ('EFG 2 R "t" { "A" }\np "" 1 1 "" { "x" } 0', "expected a word, but the text ends"),
        ('EFG 2 R "t" { "A" }\nt "" 0 t', "the tree ends here, but more text follows"),
        ('EFG 2 R "t" { "A" }\nt "" x', r"g\.efg:2:5: expected a number, got 'x'"),
    ],
)
def test_faults_say_where(text: str, words: str) -> None:
    with pytest.raises(CrisisFileError, match=words):
        read_efg(text, "g.efg")
