"""The condition grammar of a crisis file, and the tree it becomes.

``and``, ``or``, ``not``, ``->``, ``iff``, parentheses, option ids, defined names, ``option = level``,
``option >= level``. From the strongest binding: comparison, not, and, or, ->, iff. A bare option means
"above its lowest level" (at yes). The tree is data: :func:`fold` reads it into a truth value, an array, a
sentence or a constraint, whatever the algebra given says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from lark import Lark

RESERVED = frozenset({"and", "or", "not", "iff", "yes", "no", "true", "false", "in", "to"})

GRAMMAR = r"""
?start: iff
?iff: implies | iff "iff" implies -> iff
?implies: disjunction | disjunction "->" implies -> implies
?disjunction: conjunction ("or" conjunction)+ -> disjunction | conjunction
?conjunction: negation ("and" negation)+ -> conjunction | negation
?negation: "not" negation -> negation | atom
?atom: "(" iff ")" | NAME COMPARISON LEVEL -> compare | NAME -> name | TRUE -> true | FALSE -> false
TRUE.2: /(yes|true)(?![\w])/
FALSE.2: /(no|false)(?![\w])/
COMPARISON: ">=" | "<=" | "!=" | "=" | ">" | "<"
NAME: /(?!(?:and|or|not|iff|yes|no|true|false)(?![\w]))[A-Za-z_]\w*/
LEVEL: /\w+/
%ignore /[ \t\r\n]+/
"""

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


class ConditionError(ValueError):
    """A condition that does not parse; ``offset`` counts characters from its start."""

    def __init__(self, message: str, fix: str, offset: int) -> None:
        self.message, self.fix, self.offset = message, fix, offset
        super().__init__(f"{message}; {fix}" if fix else message)


@dataclass(frozen=True)
class Constant:
    """Always true, or never."""

    value: bool


@dataclass(frozen=True)
class Name:
    """A defined name, or an option above its lowest level. ``offset`` is where it stands in the text."""

    id: str
    offset: int = 0


@dataclass(frozen=True)
class Compare:
    """An option's level held against a named level, by the order of the levels."""

    option: str
    sign: str
    level: str
    offset: int = 0
    level_offset: int = 0


@dataclass(frozen=True)
class Not:
    """Negation."""

    part: Tree


@dataclass(frozen=True)
class And:
    """All parts hold."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Or:
    """At least one part holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Implies:
    """If the first holds, so does the second."""

    premise: Tree
    conclusion: Tree


@dataclass(frozen=True)
class Iff:
    """Both hold or neither."""

    left: Tree
    right: Tree


Tree = Constant | Name | Compare | Not | And | Or | Implies | Iff


@dataclass(frozen=True)
class Condition:
    """A parsed condition and the text it came from."""

    text: str
    tree: Tree

    def leaves(self) -> Iterator[Name | Compare]:
        """Yield the names and comparisons, left to right."""
        pending: list[Tree] = [self.tree]
        while pending:
            tree = pending.pop()
            if isinstance(tree, (Name, Compare)):
                yield tree
            else:
                pending.extend(reversed(_parts(tree)))

    def ids(self) -> frozenset[str]:
        """Return every option or defined name this condition mentions."""
        return frozenset(leaf.id if isinstance(leaf, Name) else leaf.option for leaf in self.leaves())


def _parts(tree: Tree) -> Sequence[Tree]:
    if isinstance(tree, (And, Or)):
        return tree.parts
    if isinstance(tree, Not):
        return (tree.part,)
    if isinstance(tree, Implies):
        return (tree.premise, tree.conclusion)
    if isinstance(tree, Iff):
        return (tree.left, tree.right)
    return ()


Value = TypeVar("Value")


class Algebra(Protocol[Value]):
    """What a reading of conditions must know: one method for each kind of node."""

    def constant(self, value: bool) -> Value: ...  # noqa: D102
    def name(self, leaf: Name) -> Value: ...  # noqa: D102
    def compare(self, leaf: Compare) -> Value: ...  # noqa: D102
    def negation(self, part: Value) -> Value: ...  # noqa: D102
    def conjunction(self, parts: list[Value]) -> Value: ...  # noqa: D102
    def disjunction(self, parts: list[Value]) -> Value: ...  # noqa: D102
    def implies(self, premise: Value, conclusion: Value) -> Value: ...  # noqa: D102
    def iff(self, left: Value, right: Value) -> Value: ...  # noqa: D102


def fold(tree: Tree, algebra: Algebra[Value]) -> Value:  # noqa: PLR0911 (one return a kind of node)
    """Read a tree with an algebra. Depth is bounded by the parser, so recursion is safe."""
    match tree:
        case Constant(value):
            return algebra.constant(value)
        case Name():
            return algebra.name(tree)
        case Compare():
            return algebra.compare(tree)
        case Not(part):
            return algebra.negation(fold(part, algebra))
        case And(parts):
            return algebra.conjunction([fold(part, algebra) for part in parts])
        case Or(parts):
            return algebra.disjunction([fold(part, algebra) for part in parts])
        case Implies(premise, conclusion):
            return algebra.implies(fold(premise, algebra), fold(conclusion, algebra))
        case Iff(left, right):
            return algebra.iff(fold(left, algebra), fold(right, algebra))


class TruthAlgebra(Generic[Value]):
    """The two-valued connectives, for a reading that supplies the leaves."""

    def constant(self, value: bool) -> bool:
        """Return the constant."""
        return value

    def negation(self, part: bool) -> bool:
        """Return the opposite."""
        return not part

    def conjunction(self, parts: list[bool]) -> bool:
        """Whether all hold."""
        return all(parts)

    def disjunction(self, parts: list[bool]) -> bool:
        """Whether any holds."""
        return any(parts)

    def implies(self, premise: bool, conclusion: bool) -> bool:
        """Whether the conclusion holds where the premise does."""
        return not premise or conclusion

    def iff(self, left: bool, right: bool) -> bool:
        """Whether both are the same."""
        return left == right


def setting_of(tree: Tree) -> tuple[str, str | bool] | None:
    """Return the option a tree sets and the level (True: above the lowest, False: the lowest), or None.

    ``option``, ``not option`` and ``option = level`` set one option; nothing else does.
    """
    match tree:
        case Name(option):
            return option, True
        case Not(Name(option)):
            return option, False
        case Compare(option, "=", level):
            return option, level
    return None


MAXIMUM_CHARACTERS = 4_000
MAXIMUM_DEPTH = 30
"""Deepest tree of a condition; with the bound on defines it keeps every recursion over trees short."""
_TOO_LONG = "this condition is too long to be read by a person"
_SPLIT = "split it with names under 'defines'"


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=False, maybe_placeholders=False)


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Condition:
    """Parse a condition.

    Raises
    ------
    ConditionError
        Where it does not parse, with the offset inside the text.
    """
    from lark.exceptions import UnexpectedInput

    if len(text) > MAXIMUM_CHARACTERS:
        raise ConditionError(_TOO_LONG, _SPLIT, 0)
    try:
        parsed = _parser().parse(text)
    except UnexpectedInput as error:
        raise _explain(text, error) from None
    return Condition(text, _tree(parsed, MAXIMUM_DEPTH))


def _tree(node: Any, depth: int) -> Tree:
    if depth == 0:
        raise ConditionError(_TOO_LONG, _SPLIT, 0)
    if node.data == "name":
        return Name(str(node.children[0]), node.children[0].start_pos or 0)
    if node.data == "compare":
        option, sign, level = node.children
        return Compare(str(option), str(sign), str(level), option.start_pos or 0, level.start_pos or 0)
    if node.data in ("true", "false"):
        return Constant(node.data == "true")
    return _connective(node.data, tuple(_tree(child, depth - 1) for child in node.children))


def _connective(kind: str, parts: tuple[Tree, ...]) -> Tree:
    match kind:
        case "negation":
            return Not(parts[0])
        case "conjunction":
            return And(parts)
        case "disjunction":
            return Or(parts)
        case "implies":
            return Implies(*parts)
    return Iff(*parts)


_HINTS = {
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not', or 'option != level'",
    "~": "write 'not'",
    "=": "write one '=' between an option and a level",
    ",": "write 'and' or 'or' between the parts",
    "-": "an implication is written '->'; ids use _ and no hyphen",
}


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _explain(text: str, error: Any) -> ConditionError:
    offset = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    at_end = offset is None or offset < 0 or offset >= len(text) or (token is not None and token.type == "$END")
    if not text.strip():
        return ConditionError("the condition is empty", "write a condition such as: leave or defect", 0)
    if at_end:
        missing = "a closing parenthesis is missing" if text.count("(") > text.count(")") else "it ends too early"
        return ConditionError(
            f'"{_shortened(text)}" does not parse: {missing}', "finish the condition", max(len(text.rstrip()) - 1, 0)
        )
    assert offset is not None
    found = text[offset:].split(maxsplit=1)[0][:20]
    fix = _HINTS.get(text[offset], "write conditions with and, or, not, ->, iff, ( ), ids and 'option = level'")
    if text[offset] == ")":
        fix = "remove this parenthesis or open one before it"
    return ConditionError(f'"{_shortened(text)}" does not parse at "{found}"', fix, offset)
