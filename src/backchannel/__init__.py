"""Backchannel: the open workbench for crisis bargaining."""

__version__ = "0.1.0"
