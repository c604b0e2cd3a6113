"""The briefing: one self-contained HTML file."""
