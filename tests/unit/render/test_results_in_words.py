"""Tables and findings as terminal text, Markdown and HTML."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from backchannel.render.cells import SHARE_UNIT, cell_text
from backchannel.render.html import address, finding_html, findings_html, table_html
from backchannel.render.markdown import escaped, findings_markdown, table_markdown
from backchannel.render.text import print_findings, print_table
from backchannel.results.finding import Finding
from backchannel.results.table import Column, Table

TABLE = Table(
    "t",
    "Out<comes>",
    (
        Column("state", "Outcome"),
        Column("us", "United States", "number", "points"),
        Column("nash", "Nash", "mark"),
        Column("share", "Nash in draws", "number", SHARE_UNIT),
        Column("note", "Note"),
    ),
    (
        ("status_quo", -18.0, True, 0.93, "a | b [bold]c[/bold]"),
        ("grand_swap", 1234.5, False, 0.004, None),
    ),
)
FINDING = Finding("f", "Today <b> holds in [93 %] of draws.", (), "magnitudes", (), "A larger worth.")


def printed(width: int, table: Table = TABLE) -> str:
    out = io.StringIO()
    print_table(Console(file=out, width=width, highlight=False), table)
    return out.getvalue()


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        (Column("m", "", "mark"), True, "yes"),
        (Column("m", "", "mark"), False, "-"),
        (Column("m", "", "mark"), None, ""),
        (Column("n", "", "number"), -18.0, "−18"),
        (Column("n", "", "number"), 3, "3"),
        (Column("s", "", "number", SHARE_UNIT), 0.004, "less than 1 %"),
        (Column("s", "", "number", SHARE_UNIT), 0.93, "93 %"),
        (Column("t", ""), "words", "words"),
    ],
)
def test_cell(column: Column, cell: str | float | bool | None, text: str) -> None:
    assert cell_text(column, cell) == text


@pytest.mark.parametrize("width", [24, 30, 40, 50, 60, 80, 120, 200])
def test_terminal_table_loses_no_word_at_any_width(width: int) -> None:
    text = printed(width)
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    headings = [word for column in TABLE.columns for word in column.title.split()]
    cells = ["status_quo", "grand_swap", "−18", "1234.5", "93", "yes", "less", "than", "-", "|", "[bold]c[/bold]"]
    if width < 60:  # rows become lists, the first column their headings
        headings.remove("Outcome")
    shown = text.replace(":", " ").split()
    assert [word for word in (*headings, *cells) if word not in shown] == []


def test_terminal_table_narrower_than_its_words_breaks_them() -> None:
    lines = printed(8).splitlines()
    assert max(len(line) for line in lines) <= 8
    assert "[bold]c[/bold]" in "".join(line.strip() for line in lines)


def test_terminal_table_of_a_case_keeps_its_last_column() -> None:
    columns = (Column("s", "Outcome"), *(Column(f"a{k}", "Long name", "number", "points") for k in range(9)))
    wide = Table(
        "w", "Wide", (*columns, Column("z", "SEQ", "mark")), (("a state of many words and more", *range(9), True),)
    )
    text = printed(120, wide)
    assert text.count("(points)") == 9
    assert "8  yes\n" in text


def test_terminal_numbers_stand_to_the_right() -> None:
    rows = [line for line in printed(120).splitlines() if line.startswith(("status_quo", "grand_swap"))]
    first, second = (row.index(text) + len(text) for row, text in zip(rows, ("−18", "1234.5"), strict=True))
    assert first == second


def test_terminal_finding_shows_text_tag_and_what_would_change_it() -> None:
    out = io.StringIO()
    print_findings(Console(file=out, width=100), (FINDING,))
    assert "Today <b> holds in [93 %] of draws. [depends on magnitudes]" in out.getvalue()
    assert "Would change it: A larger worth." in out.getvalue()


def test_markdown_table() -> None:
    lines = table_markdown(TABLE).splitlines()
    assert lines[0] == "**Out\\<comes\\>**"
    assert lines[2] == "| Outcome | United States (points) | Nash | Nash in draws (share of draws) | Note |"
    assert lines[3] == "| --- | ---: | :---: | ---: | --- |"
    assert lines[4] == "| status_quo | −18 | yes | 93 % | a \\| b \\[bold\\]c\\[/bold\\] |"
    assert lines[5] == "| grand_swap | 1234.5 | - | less than 1 % |  |"


def test_markdown_text_is_shown_as_it_stands() -> None:
    assert escaped("_a_ b_c *d*\n`e` \\") == "\\_a\\_ b_c \\*d\\* \\`e\\` \\\\"


def test_markdown_finding() -> None:
    assert findings_markdown((FINDING,)) == (
        "- Today \\<b\\> holds in \\[93 %\\] of draws. *(depends on magnitudes)*\n"
        "  What would change it: A larger worth.\n"
    )


def test_html_table_is_escaped_and_has_headings_with_scope() -> None:
    html = table_html(TABLE)
    assert "<caption>Out&lt;comes&gt;</caption>" in html
    assert html.count('<th scope="col"') == len(TABLE.columns)
    assert html.count('<th scope="row">') == len(TABLE.rows)
    assert '<td class="number">93 %</td>' in html
    assert '<span class="sr">no</span>' in html


def test_html_finding_carries_its_tag() -> None:
    for html in (finding_html(FINDING), findings_html((FINDING,))):
        assert "Today &lt;b&gt; holds" in html
        assert '<span class="tag">depends on magnitudes</span>' in html
        assert "What would change it: A larger worth." in html


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_can_be_followed(url: str | None, kept: bool) -> None:
    assert bool(address(url)) is kept
