"""GENIUS files: normalisation, what is left out, what is refused."""

from __future__ import annotations

import pytest

from backchannel.errors import CrisisFileError
from backchannel.spec.import_genius import GeniusImport, import_genius, is_domain, read_packages

DOMAIN = """<negotiation_template><utility_space><objective index="0" name="root">
<issue index="1" name="colour" vtype="discrete"><item index="1" value="red"/><item index="2" value="blue"/></issue>
<issue index="2" name="days" vtype="integer" lowerbound="2" upperbound="5"/>
</objective></utility_space></negotiation_template>"""
PROFILE = """<?xml version="1.0"?><utility_space><objective index="0">
<issue index="1" name="colour" vtype="discrete">
<item index="1" value="red" evaluation="4"/><item index="2" value="blue" evaluation="1"/></issue>
<issue index="2" name="days" vtype="integer" lowerbound="2" upperbound="5">
<evaluator ftype="linear" offset="0.9" slope="-0.5"/></issue>
<weight index="1" value="3"/><weight index="2" value="1"/>
</objective><reservation value="0.25"/></utility_space>"""


def load(profile: str = PROFILE, domain: str = DOMAIN) -> GeniusImport:
    return import_genius(("domain.xml", domain), [("some/where/Ann.xml", profile)])


def test_weights_by_their_sum_evaluations_by_the_largest_integers_clipped() -> None:
    package = load().package
    assert package.parties == ("Ann",)
    assert package.issues == {"colour": ("red", "blue"), "days": ("2", "3", "4", "5")}
    assert package.no_deal == {"Ann": 0.25}
    colour, days = (factor.worth["Ann"] for factor in package.factors)
    assert colour == {("red",): 0.75, ("blue",): 0.1875}
    assert days == pytest.approx({("2",): 0.225, ("3",): 0.1, ("4",): 0.0, ("5",): 0.0})


def test_bounds_may_stand_in_a_range() -> None:
    ranged = 'vtype="integer"><range lowerbound="2" upperbound="5"/>'
    domain = DOMAIN.replace('vtype="integer" lowerbound="2" upperbound="5"/>', f"{ranged}</issue>")
    profile = PROFILE.replace('vtype="integer" lowerbound="2" upperbound="5">', ranged)
    assert load(profile, domain).package == load().package


def test_discount_is_reported_as_left_out() -> None:
    assert load().losses == ()
    discounted = PROFILE.replace("<reservation", '<discount_factor value="0.5"/><reservation')
    assert [str(loss) for loss in load(discounted).losses] == [
        "some/where/Ann.xml: warning: the discount factor is left out; a package has no date"
    ]
    assert load(PROFILE.replace("<reservation", '<discount_factor value="1.0"/><reservation')).losses == ()


def test_no_reservation_is_none() -> None:
    assert load(PROFILE.replace('<reservation value="0.25"/>', "")).package.no_deal == {"Ann": 0.0}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('<?xml version="1.0"?>', "<!DOCTYPE x>", "declares a document type or entities"),
        ('<?xml version="1.0"?>', '<! ENTITY a "b">', "declares a document type or entities"),
        ("</utility_space>", "", "this is no XML"),
        ("utility_space", "space", "there is no <utility_space>, the file starts with <space>"),
        ("objective", "goal", "there is no <objective>"),
        ('evaluation="4"', 'evaluation="four"', "issue.colour.red: 'four' is no finite number"),
        ('evaluation="4"', 'evaluation="nan"', "'nan' is no finite number"),
        ('value="blue"', 'value="green"', r"there is no evaluation of \['blue'\]"),
        ('name="colour"', 'name="paint"', r"the issues are \['days', 'paint'\], the domain has \['colour', 'days'\]"),
        ('<weight index="1" value="3"/><weight index="2" value="1"/>', "", "sum must be above 0"),
        ('value="3"', 'value="-3"', "the weights of the issues are"),
        ('slope="-0.5"', 'slope="steep"', "issue.days.slope: 'steep' is no finite number"),
        ('<objective index="0">', '<objective index="0"><objective/>', "objectives within objectives"),
    ],
)
def test_profiles_that_cannot_be_read(old: str, new: str, words: str) -> None:
    with pytest.raises(CrisisFileError, match=words):
        load(PROFILE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('vtype="integer"', 'vtype="real"', "an issue of type real cannot be read; cut it into a few levels"),
        ('upperbound="5"', 'upperbound="50000"', "expected 1 to 10000 of them"),
        ('upperbound="5"', "", "lowerbound and upperbound are missing"),
        ('value="blue"', 'value="red"', "expected one at least, each different"),
        ('name="days"', 'name="colour"', "each with its own name"),
    ],
)
def test_domains_that_cannot_be_read(old: str, new: str, words: str) -> None:
    with pytest.raises(CrisisFileError, match=words):
        load(domain=DOMAIN.replace(old, new))


def test_two_parties_of_one_name_are_refused() -> None:
    with pytest.raises(CrisisFileError, match='two profiles are named "Ann"; rename one file'):
        import_genius(("domain.xml", DOMAIN), [("a/Ann.xml", PROFILE), ("b/Ann.xml", PROFILE)])


def test_too_long_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backchannel.spec.import_genius.MAXIMUM_CHARACTERS", 100)
    with pytest.raises(CrisisFileError, match="more than 100 characters"):
        load()


def test_files_are_told_apart_in_any_order() -> None:
    assert is_domain(DOMAIN)
    assert not is_domain(PROFILE)
    files = [("Ann.xml", PROFILE), ("domain.xml", DOMAIN), ("Bob.xml", PROFILE)]
    assert read_packages(files).package.parties == ("Ann", "Bob")
    for few in ([files[0]], [files[1]], [files[1], files[1]]):
        with pytest.raises(CrisisFileError, match="one domain and a profile for each party"):
            read_packages(few)
