"""Shares over draws, redrawn magnitudes and deciding inputs against one draw at a time."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.analyses.contract import Context
from backchannel.analyses.deals.bargain import Terms, bargain
from backchannel.analyses.deals.deciders import deciders
from backchannel.analyses.deals.drawn_responses import third_parties_vary
from backchannel.analyses.deals.named import deal_cell
from backchannel.analyses.deals.no_deal import no_deal
from backchannel.analyses.deals.packages import find_packages
from backchannel.analyses.deals.redrawn_magnitudes import redrawn_magnitudes
from backchannel.analyses.deals.robustness import named_gains, shares
from backchannel.model.compile import compile_model
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.model.worths import centre_values, drawn_points
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.numerics.response_graph import response_graph
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.changes import with_values
from backchannel.spec.evaluate import find_state
from backchannel.spec.number import parse_number

CONTEXT = Context(Provenance("test", "test", "", "0"))
MODEL = compile_model(open_crisis("venezuela-2019").crisis)
NAMES = ("grand_swap", "minsk_for_transition", "aid_for_support")
CELLS = np.array([deal_cell(MODEL, name) for name in NAMES])


def patched(model: Model, values: np.ndarray) -> Model:  # type: ignore[type-arg]
    """The file itself with one draw written into its worths and chances."""
    patch = {
        item.path: repr(float(value))
        for item, value in zip(model.inputs, values, strict=True)
        if item.path.startswith(("preferences.", "no_deal."))
    }
    return compile_model(with_values(model.crisis, patch))


def test_each_draw_is_the_file_with_those_values() -> None:
    """Redrawn magnitudes move third parties too, so that responses differ from draw to draw."""
    values = redrawn_magnitudes(MODEL, 6, 3).values
    packages = find_packages(MODEL, (0, 1))
    found = shares(MODEL, packages, CELLS, no_deal(MODEL), values, CONTEXT)
    some, zone, named = 0, np.zeros(packages.size), np.zeros(len(NAMES))
    for row in values:
        there = bargain(patched(MODEL, row), Terms(package=NAMES))
        assert np.array_equal(there.packages.cells, packages.cells)
        some += bool(there.valued.zone.any())
        zone += there.valued.zone
        gains = there.worth(CELLS)[:2] - there.base[:2, None]
        named += (gains > 1e-9).all(axis=0)
    assert found.some_package == some / len(values)
    assert found.in_zone.tolist() == (zone / len(values)).tolist()
    assert found.named_zone.tolist() == (named / len(values)).tolist()


def test_the_two_searches_for_responses_agree() -> None:
    packages = find_packages(MODEL, (0, 1))
    others = [2, 3, 4, 5]
    graph = response_graph(MODEL.game, packages.cells, others)  # type: ignore[arg-type]
    resting = graph.resting({row: MODEL.game.utilities[row][None, graph.cells] for row in others})[0]
    for k in range(packages.size):
        span = slice(int(graph.first[k]), int(graph.first[k + 1]))
        assert graph.cells[span][resting[span]].tolist() == packages.ends.of(k).tolist()


def test_without_movers_a_start_stays_where_it_is() -> None:
    starts = MODEL.space.cells[:5]
    graph = response_graph(MODEL.game, starts, [])  # type: ignore[arg-type]
    assert graph.resting({}).tolist() == [[True] * 5]
    ends = improvement_ends(MODEL.game, starts, [])  # type: ignore[arg-type]
    assert ends.cells.tolist() == starts.tolist()


def test_third_parties_are_searched_anew_only_where_they_differ() -> None:
    drawn = draw_matrix(MODEL.inputs, 16, 0)
    assert not third_parties_vary(MODEL, [2, 3, 4, 5], drawn)
    assert third_parties_vary(MODEL, [2, 3, 4, 5], redrawn_magnitudes(MODEL, 16, 0).values)


def test_redrawn_files_keep_signs_and_every_ordering() -> None:
    found = redrawn_magnitudes(MODEL, 64, 1)
    assert len(found.values) == 64 <= found.tried
    worths = [k for k, item in enumerate(MODEL.inputs) if item.path.endswith(".worth")]
    centre = centre_values(MODEL)
    ratio = found.values[:, worths] / np.where(centre[:, worths] == 0, 1, centre[:, worths])
    moved = centre[0, worths] != 0
    assert (ratio[:, moved] >= 1 / 3).all()
    assert (ratio[:, moved] <= 3).all()
    assert np.ptp(ratio[:, moved]) > 2
    rest = [k for k in range(len(MODEL.inputs)) if k not in worths]
    assert (found.values[:, rest] == centre[:, rest]).all()
    for name, ordering in MODEL.crisis.orderings.items():
        row = MODEL.actors.index(name)
        for better, worse in zip(ordering.order, ordering.order[1:], strict=False):
            cells = [
                np.array([MODEL.space.cell(find_state(MODEL.crisis, one)) for one in tied]) for tied in (better, worse)
            ]
            pair = [drawn_points(MODEL, row, there, found.values) for there in cells]
            assert (pair[0].min(axis=1) >= pair[1].max(axis=1)).all()


def test_orderings_that_reject_everything_give_nothing() -> None:
    """Fewer draws than asked come back, and the analysis then says nothing of redrawn files."""
    crisis = MODEL.crisis
    upside_down = crisis.orderings["us"].model_copy(update={"order": crisis.orderings["us"].order[::-1]})
    model = compile_model(crisis.model_copy(update={"orderings": {"us": upside_down}}))
    assert len(redrawn_magnitudes(model, 4, 0).values) == 0


def test_an_input_flips_the_answer_where_it_says() -> None:
    continuation = no_deal(MODEL)
    found = deciders(MODEL, (0, 1), CELLS, continuation, draw_matrix(MODEL.inputs, 256, 0), 0)
    inside = [item for item in found if item.inside]
    assert {item.path for item in inside} >= {
        "preferences.us.press.worth",
        "no_deal.officers_defect_alone.chance.default",
    }
    for item in inside:
        for nudge in (-1e-3, 1e-3):
            values = centre_values(MODEL)
            column = [at.path for at in MODEL.inputs].index(item.path)
            values[0, column] = item.flips + nudge
            gain = named_gains(MODEL, (0, 1), CELLS, continuation, values, 0)[0, item.package, item.party]
            assert np.sign(gain) == np.sign(nudge * item.weight)


def test_a_range_given_for_the_hazard_is_drawn() -> None:
    given = no_deal(MODEL, hazard=(("", "0.15..0.5"),))
    weights = given.weights(MODEL, draw_matrix(MODEL.inputs, 2000, 0), 0)[:, 0, 1]
    assert 0.15 <= weights.min() < 0.2
    assert 0.45 < weights.max() <= 0.5
    assert parse_number("0.15..0.5", "probability").centre == pytest.approx(0.325)
    again = given.weights(MODEL, draw_matrix(MODEL.inputs, 2000, 0), 0)[:, 0, 1]
    assert (weights == again).all()
    assert (weights != given.weights(MODEL, draw_matrix(MODEL.inputs, 2000, 1), 1)[:, 0, 1]).any()
