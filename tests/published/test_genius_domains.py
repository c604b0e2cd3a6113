"""Four domains of the negotiating agents' competition: sizes, zones, fronts and Nash packages known beforehand.

The expected values were computed by another program from GENIUS's own definitions of its files.
"""

from __future__ import annotations

import pytest

from backchannel.model.package_file import package_problem
from backchannel.numerics.package_solution import solve
from backchannel.spec.import_genius import import_genius
from genius_domains import TABLES, domain, profile

ROUTES = ("enumeration", "elimination", "program")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("route", ROUTES)
def test_domain(name: str, route: str) -> None:
    table = TABLES[name]
    files = [(f"{party}.xml", profile(table, party)) for party in table["parties"]]
    problem = package_problem(import_genius(("domain.xml", domain(table)), files).package)
    found, expected = solve(problem, route=route), table["expected"]  # type: ignore[arg-type]
    assert found.size == expected["packages"]
    assert found.acceptable in (expected["acceptable"], None if route == "program" else expected["acceptable"])
    assert found.front_size in (expected["front"], None if route == "program" else expected["front"])
    if expected["nash"] is None:
        assert found.nash is None
        assert found.nearest is not None
        assert found.nearest.value > 0
        return
    assert found.nash is not None
    reservations = problem.no_deal
    assert (found.nash.gains[0] + reservations).round(4).tolist() == expected["nash"]
