"""Dials, variants and frames: dead paths, fields that do not exist, values that do not fit, worlds that cannot be."""

from __future__ import annotations

import dataclasses

import pytest

from backchannel.errors import CrisisFileError
from backchannel.spec.cases import case_names, open_crisis
from backchannel.spec.inputs import PatchError, apply_patch, inputs, locate
from backchannel.spec.read import read_crisis_text

VARIANT = "preferences.south.loss.worth: -60}"
FRAME = "preferences.north.water.worth: 80}"
DIAL = "to: {preferences.south.loss.worth: -5}"


@pytest.mark.parametrize(
    ("old", "new", "message", "fix"),
    [
        (VARIANT, "§unknown-path§preferences.south.los.worth: -60}", 'nowhere at "los"', 'did you mean "loss"?'),
        (VARIANT, "§unknown-path§preferences.soth.loss.worth: -60}", 'nowhere at "soth"', 'did you mean "south"?'),
        (VARIANT, "§unknown-path§preference.south.loss.worth: 1}", "nowhere", 'did you mean "preferences"?'),
        (VARIANT, "§unknown-path§preferences.south.loss.worth.x: 1}", 'nowhere at "x"', "none"),
        (VARIANT, "§unknown-field§preferences.south.loss.wort: 1}", 'unknown field "wort"', 'mean "worth"?'),
        (VARIANT, "§unknown-section§titel: x}", 'unknown section "titel"', 'did you mean "title"?'),
        (VARIANT, "preferences.south.loss.worth: §not-a-number§much}", '"much" is not a number', "write 0.6"),
        (VARIANT, "preferences.south.loss.worth: §reversed-range§9..1}", "low end", "smaller number first"),
        (VARIANT, "options.border.today: §unknown-level§ajar}", '"ajar" is no level', "known: open, slow, shut"),
        (VARIANT, "options.dam.final: §bad-condition§(dam}", "does not parse", "finish"),
        (FRAME, "§unknown-path§preferences.north.watr.worth: 80}", 'nowhere at "watr"', 'did you mean "water"?'),
        (FRAME, "trust.north>south: §out-of-range§80}", "not between 0 and 1", "write 0.8"),
        (DIAL, "to: {§unknown-path§preferences.south.los.worth: -5}", "nowhere", 'did you mean "loss"?'),
        (
            DIAL,
            "to: {§not-an-input§preferences.south.loss.when: 5}",
            "leads to no number",
            "preferences.south.loss.worth",
        ),
        (DIAL, "to: {§not-an-input§options.dam.lead_time: 5}", "leads to no number", "known"),
    ],
)
def test_fault_at_the_entry_of_the_patch(old, new, message, fix, planted):
    problems = planted((old, new))
    assert message in problems[0].message
    assert fix in problems[0].fix


def test_a_world_that_cannot_be(planted):
    problems = planted(
        (VARIANT, "options.border.today: shut, options.dam.today: yes}"), ("  dry:", "  §impossible-today§dry:")
    )
    assert "in this variant: today is impossible" in problems[0].message


def test_a_variant_against_the_sources_is_warned_of(planted):
    change = (
        "  dry: {set: {preferences.south.loss.worth: -60}",
        "  §ordering-contradicted§dry: {set: {preferences.south.loss.worth: 60}",
    )
    assert planted((VARIANT, "preferences.south.loss.worth: 60}")) == ()
    problems = planted(change, severity="warning")
    assert "in this variant: the worths of south put built above quiet" in problems[0].message
    assert planted((FRAME, "preferences.south.loss.worth: 60}"), severity="warning") == ()


def test_such_a_variant_can_be_put_in_force(base):
    file = read_crisis_text(base.replace(VARIANT, "preferences.south.loss.worth: 60}"))
    assert file.variant("dry").crisis.preferences["south"][0].worth.centre == 60


def test_faults_elsewhere_do_not_hide_those_of_patches(planted):
    planted(
        ("{id: calm, when: talks, worth: 5 to 9", "{id: calm, when: talks, worth: §reversed-range§9 to 5"),
        (VARIANT, "preferences.south.loss.worth: §not-a-number§much}"),
        (FRAME, "§unknown-path§preferences.north.watr.worth: 80}"),
    )


@pytest.mark.parametrize("name", case_names())
def test_every_input_of_the_cases_can_be_patched(name):
    file = open_crisis(name)
    numbers = inputs(file.crisis)
    assert [item.path for item in numbers] == sorted({item.path for item in numbers})
    for item in numbers:
        assert locate(file.data, item.path) == item.steps
    same = apply_patch(file.data, {item.path: item.number.text for item in numbers})
    assert inputs(type(file.crisis).model_validate(same)) == numbers


@pytest.mark.parametrize("name", case_names())
def test_variants_and_dials_of_the_cases_can_be_put_in_force(name):
    file = open_crisis(name)
    for variant in file.crisis.variants:
        assert file.variant(variant).crisis != file.crisis
    for dial, about in file.crisis.dials.items():
        before, after = (
            {i.path: i.number for i in inputs(f.crisis)} for f in (file.dialled(dial, 0), file.dialled(dial, 1))
        )
        assert {path: number.centre for path, number in before.items()} == {
            item.path: item.number.centre for item in inputs(file.crisis)
        }
        for path, worth in about.to.items():
            assert after[path].centre == pytest.approx(worth.centre)


def test_a_chance_for_everybody_is_an_input_under_its_long_name(base):
    file = read_crisis_text(base.replace("chance: {default: likely, south: 0.4 in 0.2..0.5}", "chance: 0.3"))
    path = "no_deal.built.chance.default"
    assert path in {item.path for item in inputs(file.crisis)}
    assert file.patched({path: "0.5"}).crisis.no_deal[0].chance.default.centre == 0.5


def test_a_patch_leaves_the_file_as_it_was(base):
    file = read_crisis_text(base)
    patched = file.patched({"preferences.south.loss.worth": "-7", "options.talks.today": "no"})
    assert patched.patch == (("options.talks.today", "no"), ("preferences.south.loss.worth", "-7"))
    assert patched.crisis.preferences["south"][0].worth.centre == -7
    assert patched.crisis.options["talks"].today_index == 0
    assert file.data == read_crisis_text(base).data
    assert dataclasses.replace(patched, data=file.data, crisis=file.crisis, patch=()) == file


def test_patch_that_cannot_be(base):
    file = read_crisis_text(base)
    with pytest.raises(CrisisFileError, match='did you mean "loss"'):
        file.patched({"preferences.south.los.worth": "-7"})
    with pytest.raises(CrisisFileError, match="today is impossible"):
        file.patched({"options.border.today": "shut"})
    with pytest.raises(CrisisFileError, match='unknown variant "wet"'):
        file.variant("wet")
    with pytest.raises(CrisisFileError, match='unknown dial "sun"; known: rain'):
        file.dialled("sun")
    with pytest.raises(CrisisFileError, match="needs a position"):
        file.dialled("rain", 2)
    with pytest.raises(PatchError, match='nowhere at "9"'):
        locate(file.data, "preferences.south.9.worth")


def test_list_members_by_place_date_and_identity():
    data = {"beliefs": [{"who": "a", "that": "x", "on": "2024-01-01"}, {"who": "a", "that": "x", "on": "2024-02-01"}]}
    assert locate(data, "beliefs.a:x@2024-02-01.p") == ("beliefs", 1, "p")
    assert locate(data, "beliefs.2.p") == ("beliefs", 1, "p")
    with pytest.raises(PatchError) as caught:
        locate(data, "beliefs.a:x.p")
    assert caught.value.known == ["a:x@2024-01-01", "a:x@2024-02-01"]
