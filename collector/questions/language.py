"""Which of several languages serves somebody who reads this one."""

from collections.abc import Container


def nearest(wanted: str, known: Container[str]) -> str:
    """`wanted` (a tag of BCP 47) where it is known, else its base, else English."""
    if wanted in known:
        return wanted
    base = wanted.split("-")[0]
    return base if base in known else "en"
