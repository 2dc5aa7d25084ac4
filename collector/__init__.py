"""Lukewarm's collector: feedback from any page, a question made for each Passive, and categorised comments out."""

__version__ = "0.1.0"
