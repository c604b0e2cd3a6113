"""Read a ``.gmcr`` file (the JSON of GMCR+, versions 0.3 to 0.4.1) into the text of a crisis file."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.errors import Problem
from backchannel.spec.crisis_text import write_crisis_text
from backchannel.spec.gmcr_document import check_owners, check_statements, read_document
from backchannel.spec.gmcr_losses import report_losses
from backchannel.spec.gmcr_rankings import ranking_of, today_of
from backchannel.spec.gmcr_report import GmcrReport


@dataclass(frozen=True)
class ImportedCrisis:
    """A crisis file made from another format, and what that format held and this text does not.

    Parameters
    ----------
    crisis_text
        The text of a crisis file, format 1.
    losses
        One warning for everything left out, or chosen because the file does not say it, with its place.
    """

    crisis_text: str
    losses: tuple[Problem, ...]


def import_gmcr(text: str, file: str = "") -> ImportedCrisis:
    """Turn the text of a ``.gmcr`` file into the text of a crisis file.

    A one-way option becomes ``final: yes`` (no to yes only) or ``frozen`` while it is at no (yes to no only).
    A ranking made by hand becomes ``ranking``, preference statements become ``order``. A misperception that
    hides every state with one option at yes becomes a frame without that option.

    Parameters
    ----------
    text
        The content of the file.
    file
        Its name, for messages and the title.

    Returns
    -------
    ImportedCrisis
        The crisis text and every loss.

    Raises
    ------
    CrisisFileError
        If the text is a pickle, binary, not JSON, misshapen or contradicts itself; each fault has its line.

    Notes
    -----
    Statements rank by option prioritisation (Peng, Hipel, Fraser and Kilgour 1997): statement j of k weighs
    2^(k-j). Cost: the 2^options states times the number of infeasible patterns and statements.
    """
    report = GmcrReport(text.removeprefix("\ufeff"), file)
    conflict = read_document(report)
    check_statements(conflict, report)
    check_owners(conflict, report)
    report.stop_on_errors()
    today = today_of(conflict, report)
    report.stop_on_errors()
    rankings = [ranking_of(conflict, k, report) for k in range(len(conflict.decision_makers))]
    report.stop_on_errors()
    report_losses(conflict, report)
    return ImportedCrisis(write_crisis_text(conflict, rankings, today, report), tuple(report.losses))
