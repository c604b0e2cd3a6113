"""The console blocks of the documentation: run them, hold them against what the page shows, renew them.

``python docs/transcripts.py`` runs every block and writes what the program prints now into the pages; read the
difference before you keep it. A test does the same and fails where a page shows something else.

What a page may hold:

* a ``console`` block whose commands are ``$ backchannel ...`` or ``$ echo $?``; other blocks are
  left alone. Every command must end with exit code 0 unless ``$ echo $?`` follows.
* a line ``...`` in the output stands for any lines left out; output of ``?`` is filled in by the renewal; a command
  without output is run and not compared.
* a ``{code-block}`` with a ``:caption:`` is a file of that name, there for the commands that follow on the page.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from rich.console import Console

DOCS = Path(__file__).parent
WIDTH = 88
"""Width of the terminal whose output the pages show."""
_BLOCK = re.compile(
    r"^```console\n(?P<console>.*?)^```$|^```\{code-block\} \w+\n:caption: (?P<name>\S+)\n\n?(?P<file>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_OURS = ("backchannel ", "echo $?")


@dataclass
class Step:
    """One command of a page: what the page shows and what the program did."""

    command: str
    shown: str
    output: str = ""
    code: int = 0
    expected: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the output is what the page shows, white space aside."""
        if not self.shown.strip():
            return True
        pieces = re.split(r"^\.\.\.$", self.shown, flags=re.MULTILINE)
        pattern = ".*".join(re.escape(_plain(piece)) for piece in pieces)
        return re.fullmatch(rf"\s*{pattern}\s*", _plain(self.output), re.DOTALL) is not None


def _plain(text: str) -> str:
    return " ".join(text.split())


def pages() -> list[Path]:
    """Return every page that shows a command."""
    return sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts and _runs(path.read_text("utf-8")))


def _runs(text: str) -> bool:
    return any(is_run(match["console"]) for match in _BLOCK.finditer(text))


def is_run(block: str | None) -> bool:
    """Return whether a console block holds only commands that are run here."""
    commands = [line[2:] for line in (block or "").splitlines() if line.startswith("$ ")]
    return bool(commands) and all(command.startswith(_OURS) for command in commands)


def run_page(text: str) -> list[list[Step]]:
    """Run the blocks of a page one after another in one empty folder; return the steps of each block."""
    found = []
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for match in _BLOCK.finditer(text):
            if match["name"]:
                Path(match["name"]).write_text(match["file"], encoding="utf-8")
            elif is_run(match["console"]):
                found.append(list(_run_block(match["console"], folder)))
    return found


def _run_block(block: str, folder: str) -> Iterator[Step]:
    before: Step | None = None
    for step in _steps(block):
        if step.command == "echo $?":
            assert before is not None
            before.expected = int(step.shown)
            step.output = f"{before.code}\n"
        else:
            step.code, step.output = run(shlex.split(step.command)[1:])
            step.output = step.output.replace(str(Path(folder).resolve()), "/home/you")
        yield step
        before = step


def _steps(block: str) -> Iterator[Step]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield Step(command, shown)


def run(arguments: list[str]) -> tuple[int, str]:
    """Run the program in this process; return its exit code and what a terminal would show."""
    from backchannel.faces.cli.app import main

    out = io.StringIO()
    console = mock.patch(
        "backchannel.faces.cli.console.console",
        return_value=Console(file=out, width=WIDTH, highlight=False, markup=False, color_system=None),
    )
    size = mock.patch.dict("os.environ", {"COLUMNS": str(WIDTH)})
    argv = mock.patch.object(sys, "argv", ["backchannel", *arguments])
    with argv, console, size, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
            return (code if isinstance(code, int) else 0 if code is None else 1), out.getvalue()
    return 0, out.getvalue()


def renewed(text: str) -> str:
    """Return the page with the output the program gives now; blocks with lines left out stay as they are."""
    blocks = iter(run_page(text))

    def replace(match: re.Match[str]) -> str:
        if match["name"] or not is_run(match["console"]):
            return match[0]
        return "```console\n" + "".join(f"$ {step.command}\n{_kept(step)}" for step in next(blocks)) + "```"

    return _BLOCK.sub(replace, text)


def _kept(step: Step) -> str:
    left_out = re.search(r"^\.\.\.$", step.shown, re.MULTILINE)
    if not step.shown.strip() or left_out or step.command == "echo $?":
        if not step.agrees:
            print(f"the output of `{step.command}` changed; mend the page by hand", file=sys.stderr)
        return step.shown
    lines = [line.rstrip() for line in step.output.strip("\n").splitlines()]
    return "".join(f"{line}\n" for long in lines for line in _folded(long))


def _folded(line: str) -> list[str]:
    """Break a line that no window would show whole, between words."""
    if len(line) <= WIDTH:
        return [line]
    return textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    for page in pages():
        page.write_text(renewed(page.read_text("utf-8")), encoding="utf-8")
