"""The condition grammar: what binds how, a round trip through text, and an independent evaluator."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.spec.condition import (
    RESERVED,
    And,
    Compare,
    ConditionError,
    Constant,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    TruthAlgebra,
    fold,
    parse_condition,
    setting_of,
)

IDS = ("a", "b", "yes_men", "notable", "order", "iffy")
LEVELS = ("low", "mid", "high")


class Truth(TruthAlgebra[bool]):
    """Reads a tree on one assignment of level indices."""

    def __init__(self, levels):
        self.levels = levels

    def name(self, leaf):
        return self.levels[leaf.id] > 0

    def compare(self, leaf):
        have, want = self.levels[leaf.option], LEVELS.index(leaf.level)
        return {
            "=": have == want,
            "!=": have != want,
            ">=": have >= want,
            "<=": have <= want,
            ">": have > want,
            "<": have < want,
        }[leaf.sign]


leaves = st.one_of(
    st.sampled_from(IDS).map(Name),
    st.booleans().map(Constant),
    st.builds(
        Compare, st.sampled_from(IDS), st.sampled_from(["=", "!=", ">=", "<=", ">", "<"]), st.sampled_from(LEVELS)
    ),
)
parts = lambda tree: st.lists(tree, min_size=2, max_size=3).map(tuple)  # noqa: E731
trees = st.recursive(
    leaves,
    lambda tree: st.one_of(
        tree.map(Not),
        parts(tree).map(And),
        parts(tree).map(Or),
        st.builds(Implies, tree, tree),
        st.builds(Iff, tree, tree),
    ),
    max_leaves=8,
)


def text_of(tree) -> str:  # noqa: PLR0911 (one return a kind of node)
    """Write a tree with every part in parentheses."""
    match tree:
        case Constant(value):
            return "yes" if value else "false"
        case Name(name):
            return name
        case Compare(option, sign, level):
            return f"{option} {sign} {level}"
        case Not(part):
            return f"not ({text_of(part)})"
        case And(each):
            return " and ".join(f"({text_of(part)})" for part in each)
        case Or(each):
            return " or ".join(f"({text_of(part)})" for part in each)
        case Implies(one, two):
            return f"({text_of(one)}) -> ({text_of(two)})"
        case Iff(one, two):
            return f"({text_of(one)}) iff ({text_of(two)})"
    raise AssertionError(tree)


def bare(tree):
    """Drop the places of names from a tree."""
    match tree:
        case Name(name):
            return Name(name)
        case Compare(option, sign, level):
            return Compare(option, sign, level)
        case Not(part):
            return Not(bare(part))
        case And(each) | Or(each):
            return type(tree)(tuple(bare(part) for part in each))
        case Implies(one, two) | Iff(one, two):
            return type(tree)(bare(one), bare(two))
    return tree


def python_of(tree) -> str:  # noqa: PLR0911 (one return a kind of node)
    """Write a tree as Python, to be evaluated by Python."""
    match tree:
        case Constant(value):
            return str(value)
        case Name(name):
            return f"({name} > 0)"
        case Compare(option, sign, level):
            return f"({option} {'==' if sign == '=' else sign} {LEVELS.index(level)})"
        case Not(part):
            return f"(not {python_of(part)})"
        case And(each):
            return "(" + " and ".join(map(python_of, each)) + ")"
        case Or(each):
            return "(" + " or ".join(map(python_of, each)) + ")"
        case Implies(one, two):
            return f"((not {python_of(one)}) or {python_of(two)})"
        case Iff(one, two):
            return f"({python_of(one)} is {python_of(two)})"
    raise AssertionError(tree)


@given(trees)
def test_a_tree_written_and_read_is_the_same_tree(tree):
    assert bare(parse_condition(text_of(tree)).tree) == tree


@given(trees, st.fixed_dictionaries({name: st.integers(0, 2) for name in IDS}))
def test_fold_agrees_with_python(tree, levels):
    condition = parse_condition(text_of(tree))
    expected = eval(python_of(tree), {}, levels)
    assert fold(condition.tree, Truth(levels)) is expected


@given(trees)
def test_leaves_stand_where_they_say(tree):
    text = text_of(tree)
    condition = parse_condition(text)
    for leaf in condition.leaves():
        name = leaf.id if isinstance(leaf, Name) else leaf.option
        assert text[leaf.offset :].startswith(name)
        if isinstance(leaf, Compare):
            assert text[leaf.level_offset :].startswith(leaf.level)
    assert condition.ids() == {leaf.id if isinstance(leaf, Name) else leaf.option for leaf in condition.leaves()}


def refusal(text) -> ConditionError | None:
    try:
        parse_condition(text)
    except ConditionError as error:
        return error
    return None


@given(st.text(alphabet="ab ()->=!<&,ntoridefys\n", max_size=30))
def test_any_text_is_read_or_refused_inside_it(text):
    error = refusal(text)
    if error is not None:
        assert 0 <= error.offset <= max(len(text) - 1, 0)
        assert error.message
        assert error.fix


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("not a and b", "(not a) and b"),
        ("not a = low", "not (a = low)"),
        ("a and b or notable", "(a and b) or notable"),
        ("a or b -> notable", "(a or b) -> notable"),
        ("a -> b -> order", "a -> (b -> order)"),
        ("a iff b iff order", "(a iff b) iff order"),
        ("a -> b iff order", "(a -> b) iff order"),
        ("((a))", "a"),
        ("a\n  and\tb", "a and b"),
        ("a>=mid", "a >= mid"),
        ("not not a", "not (not a)"),
        ("true", "yes"),
    ],
)
def test_binding(text, same_as):
    names = {name: range(2) for name in IDS}
    one, two = parse_condition(text).tree, parse_condition(same_as).tree
    for values in product(*names.values()):
        levels = dict(zip(names, values, strict=True))
        assert fold(one, Truth(levels)) == fold(two, Truth(levels))
    assert bare(one) == bare(two)


@pytest.mark.parametrize(
    ("text", "offset", "words", "fix"),
    [
        ("", 0, "empty", "such as"),
        ("a and", 4, "ends too early", "finish"),
        ("(a or b", 6, "a closing parenthesis is missing", "finish"),
        ("a or b)", 6, 'at ")"', "remove this parenthesis"),
        ("a & b", 2, 'at "&"', "write 'and'"),
        ("a || b", 2, 'at "||"', "write 'or'"),
        ("!a", 0, 'at "!a"', "write 'not'"),
        ("a == mid", 3, 'at "="', "one '='"),
        ("a, b", 1, 'at ","', "'and' or 'or'"),
        ("press-kiev", 5, 'at "-kiev"', "ids use _"),
        ("a b", 2, 'at "b"', "write conditions with"),
        ("a = ", 2, "ends too early", "finish"),
        ("and a", 0, 'at "and"', "write conditions with"),
    ],
)
def test_refused(text, offset, words, fix):
    with pytest.raises(ConditionError) as caught:
        parse_condition(text)
    assert caught.value.offset == offset
    assert words in caught.value.message
    assert fix in caught.value.fix


def test_reserved_words_are_no_names():
    for word in RESERVED - {"in", "to"}:
        assert refusal(word) or isinstance(parse_condition(word).tree, Constant)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("a", ("a", True)),
        ("not a", ("a", False)),
        ("a = mid", ("a", "mid")),
        ("a > mid", None),
        ("a or b", None),
        ("not not a", None),
        ("yes", None),
    ],
)
def test_setting_of(text, setting):
    assert setting_of(parse_condition(text).tree) == setting
