"""Build the XML files of GENIUS from the tables of ``data/genius_domains.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import yaml

TABLES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data/genius_domains.yaml").read_text(encoding="utf-8")
)


def domain(table: dict[str, Any]) -> str:
    """Return a domain file."""
    issues = "".join(
        _issue(place, name, [f"<item index='{k}' value={quoteattr(str(v))}/>" for k, v in enumerate(values, 1)])
        for place, (name, values) in enumerate(table["issues"].items(), 1)
    )
    inner = f"<utility_space><objective index='0' name='root'>{issues}</objective></utility_space>"
    return f"<negotiation_template>{inner}</negotiation_template>"


def profile(table: dict[str, Any], party: str) -> str:
    """Return the profile of one party."""
    own = table["parties"][party]
    rows = zip(table["issues"].items(), own["evaluations"], strict=True)
    issues = "".join(
        _issue(
            place,
            name,
            [
                f"<item index='{k}' value={quoteattr(str(v))} evaluation='{e}'/>"
                for k, (v, e) in enumerate(zip(values, evaluations, strict=True), 1)
            ],
        )
        for place, ((name, values), evaluations) in enumerate(rows, 1)
    )
    weights = "".join(f"<weight index='{k}' value='{w}'/>" for k, w in enumerate(own["weights"], 1))
    reservation = f"<reservation value='{own['reservation']}'/>"
    return f"<utility_space><objective index='0'>{issues}{weights}</objective>{reservation}</utility_space>"


def _issue(place: int, name: str, items: list[str]) -> str:
    return f"<issue index='{place}' name={quoteattr(name)} vtype='discrete'>{''.join(items)}</issue>"
