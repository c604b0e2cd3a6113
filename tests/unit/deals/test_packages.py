"""Packages and third parties' responses against a literal reading of the definition, one state at a time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backchannel.analyses.deals.bargain import Terms, bargain, condition_of
from backchannel.analyses.deals.no_deal import changed_as, no_deal
from backchannel.analyses.deals.options_of import party_options, party_rows
from backchannel.analyses.deals.packages import find_packages
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.numerics.response_graph import response_graph
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from generate import KINDS, random_crisis


def ends_by_definition(model: Model, start: int, movers: list[int]) -> set[int]:
    """Every state reachable by improvements of the movers from which none of them has one; none if a round traps."""
    seen, pending, ends, steps = {start}, [start], set(), {}
    while pending:
        cell = pending.pop()
        steps[cell] = {int(there) for mover in movers for there in model.improvements(mover, cell)}
        if not steps[cell]:
            ends.add(cell)
        pending.extend(steps[cell] - seen)
        seen |= steps[cell]
    free = set(ends)
    for _ in seen:
        free |= {cell for cell in seen if steps[cell] & free}
    return ends if free == seen else set()


def models(kinds: tuple[str, ...] = KINDS, seeds: int = 12) -> list[Model]:
    found = []
    for kind, seed in itertools.product(kinds, range(seeds)):
        data = random_crisis(seed, kind)
        model = compile_model(read_crisis_text(data.text).crisis)
        if isinstance(model.game, OptionGame) and not model.unranked():
            found.append(model)
    return found


def test_ends_are_those_of_the_definition() -> None:
    compared = several = 0
    for model in models():
        movers = list(range(1, len(model.actors)))
        starts = model.space.cells
        found = improvement_ends(model.game, starts, movers)
        for k, start in enumerate(starts.tolist()):
            wanted = ends_by_definition(model, start, movers)
            assert set(found.of(k).tolist()) == wanted
            compared += 1
            several += len(wanted) != 1
    assert compared > 1000
    assert several > 20  # the cases in which it matters


def test_packages_are_the_legal_joint_moves() -> None:
    compared = 0
    for model in models(seeds=6):
        if len(model.actors) < 3:
            continue
        parties = (0, 1)
        found = find_packages(model, parties)
        today = model.space.today
        options = party_options(model.crisis, tuple(model.actors[:2]))
        wanted = set()
        for cell in model.space.cells.tolist():
            differing = {
                name
                for name, here, there in zip(
                    model.crisis.options, *model.space.levels(np.array([today, cell])).tolist(), strict=True
                )
                if here != there
            }
            if (
                differing
                and differing <= set(options)
                and all(_one_step_is_legal(model, name, cell) for name in differing)
            ):
                wanted.add(cell)
        assert set(found.cells.tolist()) == wanted
        compared += len(wanted)
    assert compared > 100


def _one_step_is_legal(model: Model, name: str, cell: int) -> bool:
    """Whether final and frozen, read today, let one option go where it stands in another state."""
    from backchannel.spec.evaluate import holds, today

    option, now = model.crisis.options[name], today(model.crisis)
    place = list(model.crisis.options).index(name)
    there = int(model.space.levels(np.array([cell]))[0, place])
    if option.frozen is not None and holds(option.frozen, now, model.crisis):
        return False
    return not (option.final is not None and there < now[place] and holds(option.final, now, model.crisis))


def test_worst_and_best_response() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    packages = find_packages(model, (0, 1))
    officers = model.utilities[3].points[packages.ends.cells]
    for k in range(packages.size):
        there = model.utilities[3].points[packages.ends.of(k)]
        assert packages.worst(officers[None])[0, k] == there.min()
        assert packages.best(officers[None])[0, k] == there.max()


def test_responses_that_never_end_are_kept_apart() -> None:
    """Two outsiders who chase one another: a package after which they never rest is in no zone."""
    text = """
crisis: 1
title: chase
actors: {north: {}, south: {}, hunter: {}, hare: {}}
options:
  sign: {by: north}
  pay: {by: south}
  left: {by: hunter}
  hide: {by: hare}
preferences:
  north: [{when: sign and pay, worth: 5, why: t}]
  south: [{when: sign and pay, worth: 5, why: t}]
  hunter: [{when: sign and (left iff hide), worth: 1, why: t}]
  hare: [{when: sign and not (left iff hide), worth: 1, why: t}]
"""
    model = compile_model(read_crisis_text(text).crisis)
    found = bargain(model, Terms(parties=("north", "south")))
    both = int(np.flatnonzero((found.packages.levels == 1).all(axis=1))[0])
    assert found.packages.ends.counts[both] == 0
    assert not found.valued.zone[both]
    assert found.valued.worst[both].tolist() == [-np.inf, -np.inf]
    assert not found.valued.zone.any()


TRAP = """
crisis: 1
title: a gate, and behind it perhaps a chase
actors: {north: {}, south: {}, gate: {}, hunter: {}, hare: {}}
options:
  sign: {by: north}
  pay: {by: south}
  way: {by: gate, levels: [shut, left, right], final: way = left or way = right, frozen: way = left or way = right}
  near: {by: hunter}
  hide: {by: hare}
preferences:
  north: [{when: sign and pay, worth: 4, why: t}, {when: way = right, worth: -50, why: t}]
  south: [{when: sign and pay, worth: 4, why: t}, {when: way = right, worth: -50, why: t}]
  gate: [{when: sign and pay and way, worth: 1, why: t}]
  hunter: [{when: way = right and (near iff hide), worth: 1, why: t}]
  hare: [{when: way = right and not (near iff hide), worth: 1, why: t}]
"""


def test_an_end_beside_a_round_without_end_is_not_counted_on() -> None:
    """The gate may settle on the left or start a chase on the right that never stops."""
    from backchannel.analyses.deals.drawn_responses import drawn_responses
    from backchannel.model.worths import centre_values

    model = compile_model(read_crisis_text(TRAP).crisis)
    found = bargain(model, Terms(parties=("north", "south")))
    both = int(np.flatnonzero((found.packages.levels == 1).all(axis=1))[0])
    assert found.packages.ends.counts[both] == 0
    assert not found.valued.zone.any()
    graph = response_graph(model.game, found.packages.cells, [2, 3, 4])  # type: ignore[arg-type]
    resting = graph.resting({row: model.game.utilities[row][None, graph.cells] for row in (2, 3, 4)})[0]
    assert not resting[graph.first[both] : graph.first[both + 1]].any()
    assert drawn_responses(model, found.packages, centre_values(model)).graph is None


def test_terms_end_where_third_parties_take_them() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    found = bargain(model, Terms(package=("withdraw,engineer,press_kiev",), no_deal="today"))
    cell = np.array([model.space.cell(found.named[0].ends)])
    assert (found.worth(cell)[:2, 0] - found.base[:2]).tolist() == [27, 21]


def test_a_deal_that_expects_nothing_is_valued_where_it_ends() -> None:
    text = TRAP.replace("way = right, worth: -50", "way, worth: -50").replace("way = right and", "no and")
    text += "deals: {swap: {parties: [north, south], terms: [sign, pay], why: t}}\n"
    model = compile_model(read_crisis_text(text).crisis)
    found = bargain(model, Terms())
    cell = np.array([model.space.cell(found.named[0].ends)])
    assert (found.worth(cell)[:2, 0] - found.base[:2]).tolist() == [-46, -46]


class TestNoDeal:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    points = np.stack([utility.points for utility in model.utilities])

    def test_file_today_and_fallback(self) -> None:
        us, russia = 0, 1
        assert no_deal(self.model).base(self.model, self.points)[[us, russia]] == pytest.approx([3.6, 4.5])
        assert no_deal(self.model, "today").base(self.model, self.points)[[us, russia]].tolist() == [-18, 15]
        fallback = no_deal(self.model, "us_backs_down").base(self.model, self.points)
        assert fallback[[us, russia]].tolist() == [-46, 27]

    def test_each_believes_its_own_chance(self) -> None:
        found = no_deal(self.model, hazard=(("us", "0.75"), ("russia", "0.1")))
        assert found.base(self.model, self.points)[:2] == pytest.approx([-18 + 0.75 * 72, 15 - 0.1 * 35])

    def test_hostages_are_charged(self) -> None:
        found = no_deal(self.model, "today", hostages=True).base(self.model, self.points)
        assert found[:2].tolist() == [-23, 10]

    def test_what_changes_without_a_deal_also_changes_after_one_that_leaves_it_in_place(self) -> None:
        """A guarantee of assets alone stops nothing; a transition already made is not made twice."""
        there = self.model.space.find("officers_defect_alone")
        now = self.model.space.today
        assert changed_as(self.model, np.array([now]), there).tolist() == [there]
        sold = self.model.space.find("sold_for_nothing")
        assert changed_as(self.model, np.array([sold]), there).tolist() == [sold]

    def test_a_change_carries_nobody_back(self) -> None:
        """Without a deal old becomes mixed; a deal that has made it new, for good, is not undone by that."""
        text = """
crisis: 1
title: t
actors: {north: {}, south: {}}
options:
  law: {by: north, levels: [old, mixed, new], final: yes}
  pay: {by: south}
preferences:
  north: [{when: pay, worth: 9, why: t}, {when: law = new, worth: -1, why: t}]
  south: [{when: law = new, worth: 9, why: t}, {when: pay, worth: -1, why: t}]
states: {mixed: {law: mixed}}
no_deal: [{to: mixed, chance: 0.5, why: t}]
"""
        model = compile_model(read_crisis_text(text).crisis)
        there = model.space.find("mixed")
        new = int(model.space.cells[-1])
        assert changed_as(model, np.array([model.space.today, new]), there).tolist() == [there, new]
        found = bargain(model, Terms())
        assert found.valued.worst[found.packages.cells == new].tolist() == [[8, 8]]

    def test_chances_within_their_ranges_stay_chances(self) -> None:
        text = open_crisis("venezuela-2019").text.replace(
            "no_deal:            #",
            "no_deal:\n  - {to: sold_for_nothing, chance: 0.2..0.6, why: t}\n  #",
        )
        model = compile_model(read_crisis_text(text).crisis)
        with pytest.raises(NotSupportedError, match=r'may add up to 1\.1 for "us" within their ranges; at most 1'):
            no_deal(model)

    def test_draws_agree_with_the_centre(self) -> None:
        from backchannel.analyses.deals.robustness import party_base
        from backchannel.model.worths import centre_values

        found = no_deal(self.model)
        drawn = party_base(self.model, (0, 1), found, centre_values(self.model), 0)
        assert drawn[0] == pytest.approx(found.base(self.model, self.points)[:2])

    @pytest.mark.parametrize(
        ("choice", "hazard", "words"),
        [
            ("", (("", "1.4"),), '"1.4" is no chance'),
            ("", (("mars", "0.1"),), 'unknown actor "mars" before a chance; known: us, russia'),
            ("nowhere", (), 'unknown state "nowhere"'),
            ("us_backs_down", (("", "0.3"),), "give one of them"),
        ],
    )
    def test_refusals(self, choice: str, hazard: tuple[tuple[str, str], ...], words: str) -> None:
        with pytest.raises(NotSupportedError, match=words):
            no_deal(self.model, choice, hazard)

    def test_a_chance_needs_a_state(self) -> None:
        model = compile_model(open_crisis("cuba-1962-jupiters").crisis)
        with pytest.raises(NotSupportedError, match=r"no_deal: \[\{to: STATE"):
            no_deal(model, hazard=(("", "0.3"),))


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(parties=("us", "mars")), 'unknown party "mars"'),
        (Terms(parties=("us",)), "two parties or more, got 1; name them with --parties"),
        (Terms(issues=("trade",)), 'no option belongs to the issue "trade"'),
        (Terms(where="withdraww"), '"withdraww" is no option or defined name; did you mean "withdraw"'),
        (Terms(where="withdraw and"), "is no condition"),
        (Terms(where="withdraw = maybe"), '"withdraw" has no level "maybe"; no, yes'),
        (Terms(package=("grand_swp",)), '"grand_swp" is no deal, state or option; did you mean "grand_swap"'),
        (Terms(package=("kv_minsk",)), '"kv_minsk" belongs to ukraine, who is no party; add --parties ukraine'),
        (Terms(package=("engineer",)), "which is impossible"),
    ],
)
def test_refusals_say_how_to_mend_it(terms: Terms, words: str) -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    with pytest.raises(NotSupportedError, match=words):
        bargain(model, terms)


def test_order_only_is_refused_with_an_example() -> None:
    model = compile_model(open_crisis("cuba-1962").crisis)
    with pytest.raises(NotSupportedError, match=r"gains are differences of points.*\n.*us: \[\{when: dam, worth: 10"):
        bargain(model, Terms())
    with pytest.raises(NotSupportedError, match='"us" has preferences by order only'):
        bargain(model, Terms(parties=("us", "ussr")))


def test_condition_is_read() -> None:
    crisis = open_crisis("venezuela-2019").crisis
    assert condition_of(crisis, "withdraw and not assets").ids() == {"withdraw", "assets"}
    assert party_rows(compile_model(crisis), ("russia", "us")) == (0, 1)
