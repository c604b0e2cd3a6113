"""``--charts DIR``: the charts of a result as files."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Literal

from backchannel.errors import UnreadableFileError
from backchannel.results.chart import Chart


def check_folder(folder: Path | None) -> None:
    """Refuse what cannot be a folder, before any work is done. Raises UnreadableFileError."""
    if folder is None:
        return
    for path in (folder, *folder.parents):
        if os.path.isfile(path):
            raise UnreadableFileError(f"{path} is a file, and charts go into a folder; give --charts another name")


def write_charts(charts: tuple[Chart, ...], name: str, folder: Path | None, form: Literal["svg", "png"]) -> None:
    """Write charts as ``NAME-CHART.svg`` or ``.png``, over older ones, and say so on standard error.

    Parameters
    ----------
    charts, name
        The charts of a result, and the name of its analysis.
    folder
        Where to; made if it is not there. None writes nothing.
    form
        Of the files.

    Raises
    ------
    UnreadableFileError
        If the folder cannot be made or written to.
    """
    if folder is None:
        return
    if not charts:
        print(f"{name} has no charts here; nothing was written to {folder}", file=sys.stderr)
        return
    from backchannel.render.chart import chart_png, chart_svg

    for chart in charts:
        content = chart_png(chart) if form == "png" else chart_svg(chart).encode()
        path = folder / f"{name}-{chart.id}.{form}"
        _write(path, content)
        print(f"Chart: {path}", file=sys.stderr)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise UnreadableFileError(
            f"{path} cannot be written ({error.strerror}); give --charts a folder you may write to"
        ) from None
