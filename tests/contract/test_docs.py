"""The documentation says what the program does: pages exist, transcripts and examples run, references are whole."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import backchannel
from backchannel.analyses.registry import ENTRIES
from backchannel.analyses.stability.why import CONCEPTS, EXTRA, choose
from backchannel.faces.cli.app import app
from backchannel.spec.cases import case_names
from backchannel.spec.read import check_text

DOCS = Path(__file__).parents[2] / "docs"
SOURCE = Path(backchannel.__file__).parent
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
NAMES = [str(path.relative_to(DOCS)) for path in PAGES]
HOW_TO = [path for path in PAGES if path.parent.name == "how-to"]
IDS = (*(concept.id for concept in CONCEPTS), *EXTRA)
THEORY = [(entry.family, entry.name) for entry in ENTRIES] + [("stability", concept) for concept in IDS]


def load(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


generated = load("generated_parts")
transcripts = load("transcripts")


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def plain(text: str) -> str:
    return " ".join(text.split())


def blocks(text: str, language: str) -> list[str]:
    """Fenced blocks of a language, written plainly or with a caption."""
    fence = rf"^```(?:{language}|\{{code-block\}} {language}\n:caption: \S+\n)\n(.*?)^```$"
    return re.findall(fence, text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("family", "name"), THEORY)
def test_theory_page_that_a_how_to_with_a_command_leads_to(family: str, name: str) -> None:
    page = DOCS / "theory" / family / f"{name}.md"
    assert page.is_file()
    leading = [path for path in HOW_TO if f"../theory/{family}/{name}.md" in read(path)]
    assert any("$ backchannel " in read(path) for path in leading)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_theory_page_of_an_analysis_asks_its_question(entry: Any) -> None:
    assert entry.question in plain(read(DOCS / "theory" / entry.family / f"{entry.name}.md"))


@pytest.mark.parametrize("concept", choose(IDS), ids=lambda concept: concept.id)
def test_concept_page_states_the_definition_of_the_program(concept: Any) -> None:
    assert f"<!-- generated: concept {concept.id} -->" in read(DOCS / "theory/stability" / f"{concept.id}.md")
    assert concept.definition in generated.concept(concept.id)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_request_is_known_and_filled(path: Path) -> None:
    source = [read(path)]
    generated.fill(None, path.stem, source)
    assert "<!-- generated" not in source[0]


def test_every_command_and_option_is_in_the_reference() -> None:
    assert "<!-- generated: commands -->" in read(DOCS / "reference/command-line.md")
    shown = generated.commands()
    registered = [info.name for info in app.registered_commands]
    assert re.findall(r"^## (\w+)$", shown, re.MULTILINE) == registered
    for info in app.registered_commands:
        section = shown.split(f"## {info.name}\n")[1].split("\n## ")[0]
        assert info.callback is not None
        for parameter in info.callback.__annotations__.values():
            for flag in re.findall(r"'(--?[\w-]+)", str(parameter)):
                assert flag.split("/")[0] in section, f"{info.name} {flag}"


@pytest.mark.parametrize("path", transcripts.pages(), ids=lambda path: path.stem)
def test_transcripts(path: Path) -> None:
    """Every command shown runs and prints what the page shows. Renew with: python docs/transcripts.py."""
    for block in transcripts.run_page(read(path)):
        for step in block:
            assert step.code == step.expected, f"{step.command}: exit code {step.code}\n{step.output}"
            assert step.agrees, f"{step.command} now prints\n{step.output}"


def test_transcripts_see_a_difference() -> None:
    page = "```console\n$ backchannel --version\nbackchannel 0\n```\n"
    [[step]] = transcripts.run_page(page)
    assert not step.agrees
    assert transcripts.renewed(page) == page.replace(" 0", f" {backchannel.__version__}")


def test_no_command_is_shown_in_a_form_that_is_not_run() -> None:
    for path in PAGES:
        for block in blocks(read(path), "console"):
            if "$ backchannel" in block:
                assert transcripts.is_run(block), f"{path.name}: {block}"


@pytest.mark.parametrize("path", [path for path in PAGES if ">>> " in read(path)], ids=lambda path: path.stem)
def test_python_examples(path: Path) -> None:
    text = "\n\n".join(blocks(read(path), "python"))
    assert text.count(">>> ") == read(path).count(">>> ")
    test = doctest.DocTestParser().get_doctest(text, {}, path.name, str(path), 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


def test_crisis_files_shown_are_sound() -> None:
    """Whole files pass check; those that show faults do so with an exit code on the page."""
    shown = 0
    for path in PAGES:
        for block in blocks(read(path), "yaml"):
            if block.startswith("crisis: 1"):
                shown += 1
                faults = check_text(block, path.name).errors
                assert not faults or "$ echo $?\n1\n" in read(path), "\n".join(map(str, faults))
    assert shown >= 5


def test_every_finding_is_documented() -> None:
    assert "<!-- generated: findings -->" in read(DOCS / "reference/findings.md")
    calls = {
        node.args[0].value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Template"
        if isinstance(node.args[0], ast.Constant)
    }
    assert calls
    shown = generated.findings()
    assert all(f"`{name}`" in shown for name in calls)


def codes_in_use() -> set[str]:
    """Codes of problems in the source: constants such as ``bad-move`` handed to what makes problems."""
    makers = {"at", "problem", "Problem", "fault", "NumberError", "error", "lose", "stop", "_stop", "_note"}
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(read(path))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in makers:
                constants = [arg.value for arg in node.args[:3] if isinstance(arg, ast.Constant)]
                found |= {str(value) for value in constants if re.fullmatch(r"[a-z]+(-[a-z]+)+", str(value))}
    return found


def test_every_code_is_documented_and_every_documented_code_is_in_use() -> None:
    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", read(DOCS / "reference/errors.md")))
    used = codes_in_use()
    assert len(used) > 50
    assert used <= documented, f"not documented: {sorted(used - documented)}"
    made_of_kinds = {code for code in documented if code.startswith("unknown-")} | {"as-of"}
    assert documented <= used | made_of_kinds, f"not in use: {sorted(documented - used - made_of_kinds)}"


def keys(document: Any) -> set[str]:
    if isinstance(document, dict):
        return set(document) | {key for value in document.values() for key in keys(value)}
    return {key for value in document for key in keys(value)} if isinstance(document, list) else set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "chicken", "--json"],
        ["cases", "--json"],
        ["stability", "chicken", "--json", "--full", "--draws", "2"],
        ["stability", "chicken", "--why", "crash", "--json"],
        ["stability", "chicken", "--from", "crash", "--json"],
    ],
    ids=" ".join,
)
def test_every_json_key_is_explained(arguments: list[str]) -> None:
    code, output = transcripts.run(arguments)
    assert code == 0
    crisis = check_text(read(SOURCE / "cases/chicken.crisis.yaml")).file
    assert crisis is not None
    names = {*crisis.crisis.actors, *crisis.crisis.options, *crisis.crisis.states}
    page = read(DOCS / "reference/json.md")
    unexplained = {key for key in keys(yaml.safe_load(output)) - names if f"`{key}`" not in page}
    assert {key for key in unexplained if "," not in key} == set()


def anchors(path: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub and MyST make them."""
    prose = re.sub(r"^```.*?^```$", "", read(path), flags=re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(path)):
        assert "://" not in target, f"{target}: pages must be whole without a network"
        name, _, anchor = target.partition("#")
        page = (path.parent / name).resolve() if name else path
        assert page.is_file(), f"{path.name}: {target}"
        assert not anchor or anchor in anchors(page), f"{path.name}: {target}"


def test_every_case_is_shown() -> None:
    assert all(name in read(DOCS / "index.md") for name in case_names())
