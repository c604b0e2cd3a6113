"""Parts of the documentation that are made from the code, so that the two cannot disagree.

A page asks for one with a line ``<!-- generated: NAME -->``; :func:`fill` puts it in when the page is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import backchannel.analyses
from backchannel.analyses.registry import ENTRIES
from backchannel.analyses.stability.why import CONCEPTS, EXTRA, choose
from backchannel.results.finding import TAG_WORDS, Template
from backchannel.spec.estimative_words import BANDS

REQUEST = re.compile(r"^<!-- generated: ([\w ]+) -->$", re.MULTILINE)
WIDTH = "88"
"""Characters to a line of help text."""


def fill(app: object, page: str, source: list[str]) -> None:
    """Replace the requests of a page by what is generated (a ``source-read`` handler). Raises KeyError."""
    del app, page
    source[0] = REQUEST.sub(lambda found: PARTS[found[1]](), source[0])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def command_names() -> list[str]:
    """Return the commands of the program, in the order of its help."""
    from backchannel.faces.cli.app import app

    return [info.name or "" for info in app.registered_commands]


def help_text(*command: str) -> str:
    """Return what ``backchannel COMMAND --help`` prints, at a fixed width."""
    from typer.testing import CliRunner

    from backchannel.faces.cli.app import app

    size = {"COLUMNS": WIDTH, "TERMINAL_WIDTH": WIDTH}
    done = CliRunner(env=size).invoke(app, [*command, "--help"], prog_name="backchannel")
    assert done.exit_code == 0, done.output
    return done.output.strip()


def commands() -> str:
    """Return one section a command, with its help."""
    parts = [f"```text\n{help_text()}\n```"]
    parts += [f"## {name}\n\n```text\n{help_text(name)}\n```" for name in command_names()]
    return "\n\n".join(parts)


def fields() -> str:
    """Return one table a section of the crisis file: every field, its type, unit, default and meaning."""
    from backchannel.spec.json_schema import field_reference

    parts: dict[str, list[Sequence[str]]] = {}
    heads: dict[str, str] = {}
    for line in field_reference():
        section, _, below = line.path.partition(".")
        section, listed, _ = section.partition("[]")
        if not below:
            missing = "required" if line.default == "required" else f"if left out: {line.default}"
            heads[section] = f"{line.description} (*{line.type}; {missing}*)"
        else:
            place = f"`{'[].' if listed else ''}{below}`"
            parts.setdefault(section, []).append((place, line.type, line.unit, line.default, line.description))
    head = ("field", "what may stand there", "unit", "if left out", "meaning")
    tables = {section: table(head, rows) for section, rows in parts.items()}
    return "\n\n".join(f"## `{name}`\n\n{said}\n\n{tables.get(name, '')}" for name, said in heads.items())


def templates() -> Iterator[Template]:
    """Yield every finding's template, by the analysis that makes it."""
    for module in walk_packages(backchannel.analyses.__path__, "backchannel.analyses."):
        yield from (item for item in vars(import_module(module.name)).values() if isinstance(item, Template))


def findings() -> str:
    """Return the table of findings. One id may have several sentences: the question is one, the answers differ."""
    rows = [(f"`{item.id}`", item.text, TAG_WORDS[item.tag]) for item in dict.fromkeys(templates())]
    return table(("id", "sentence, with its blanks", "tag"), sorted(rows, key=lambda row: row[0]))


def concept(name: str) -> str:
    """Return a concept's definition as the program states it."""
    [item] = choose((name,))
    rows = [
        ("id", f"`{item.id}`"),
        ("stable for an actor when", item.definition),
        ("what the actor reckons with", item.foresight),
        ("source", item.source),
    ]
    return table((item.name, ""), rows)


def concepts() -> str:
    """Return the table of concepts, each linked to its page; for pages in ``how-to``."""
    rows = [
        (f"{_link(item.name, 'theory/stability', item.id, '../')} (`{item.id}`)", item.foresight, item.definition)
        for item in (*CONCEPTS, *choose(EXTRA))
    ]
    return table(("concept", "the actor reckons with", "a state is stable for it when"), rows)


def analyses() -> str:
    """Return the table of analyses, each linked to its page; for the front page."""
    rows = [(item.question, _link(item.name, f"theory/{item.family}", item.name)) for item in ENTRIES]
    return table(("question", "theory"), rows)


def _link(text: str, folder: str, page: str, up: str = "") -> str:
    """Link to a page once it is written; a test asks for those that are not."""
    there = (Path(__file__).parent / folder / f"{page}.md").is_file()
    return f"[{text}]({up}{folder}/{page}.md)" if there else text


def starter_file() -> str:
    """Return what ``backchannel new --no-ask`` writes."""
    from backchannel.spec.scaffold import Answers, starter

    return f"```yaml\n{starter(Answers())}```"


def words() -> str:
    """Return the estimative words and their bands."""
    return table(("words", "band"), [(", ".join(names), f"{low:.2f} to {high:.2f}") for names, low, high in BANDS])


PARTS: dict[str, Callable[[], str]] = {
    "analyses": analyses,
    "commands": commands,
    "concepts": concepts,
    "fields": fields,
    "findings": findings,
    "starter": starter_file,
    "words": words,
    **{f"concept {name}": partial(concept, name) for name in (*(item.id for item in CONCEPTS), *EXTRA)},
}
