"""A page as everyone sees it: what axe says against it, and whether it fits, in every look there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = (1280, 800)
_ASK = """async (options) => (await axe.run(options)).violations.flatMap(
    (rule) => rule.nodes.map((node) => `${location.pathname} ${rule.id}: ${node.target}`))"""


@dataclass(frozen=True, slots=True)
class Look:
    """A screen of so many CSS pixels, and what its owner asked of it: colours, and `letters` in per cent. `rules` are those of
    axe that can say something else than in the wide look: with other colours only those about colours, on a small screen
    all."""

    size: tuple[int, int] = WIDE
    media: tuple[Literal["light", "dark"], Literal["none", "active"]] = ("light", "none")
    rules: tuple[str, ...] = ()
    letters: int = 100


LOOKS = {
    "wide": Look(),
    "dark": Look(media=("dark", "none"), rules=("color-contrast",)),
    "forced colours": Look(media=("light", "active"), rules=("color-contrast",)),
    "phone": Look((375, 740)),
    # WCAG 2.2, 1.4.4.
    "large letters": Look(rules=("target-size",), letters=200),
    # 1280 by 1024 at 400 %: WCAG 2.2, 1.4.10.
    "enlarged": Look((320, 256), rules=("target-size", "scrollable-region-focusable")),
}


def findings(page: Page, *rules: str) -> list[str]:
    """What axe says against the page as it is, by all rules or by those named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    return list(page.evaluate(_ASK, {"runOnly": only, "resultTypes": ["violations"], "elementRef": False}))


def fits(page: Page) -> bool:
    """Whether nothing has to be pushed sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def put_on(page: Page, look: Look) -> None:
    """Gives the page a look, which it need not be loaded again for."""
    scheme, forced = look.media
    # What moves is looked at when it stands.
    page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")
    page.set_viewport_size({"width": look.size[0], "height": look.size[1]})
    # Found first: a page that is being led on has no root for a moment.
    letters = "" if look.letters == 100 else f"{look.letters}%"
    page.locator("html").evaluate("(html, letters) => { html.style.fontSize = letters }", letters)


@contextmanager
def seen_as(page: Page, look: Look) -> Iterator[None]:
    """The page in a look; afterwards wide and light again."""
    put_on(page, look)
    yield
    put_on(page, Look())


def look_at(page: Page, shots: Path | None, step: str, looks: dict[str, Look] = LOOKS) -> None:
    """Holds that everyone can use the page as it stands, and takes pictures of it where `shots` says so."""
    for name, look in looks.items():
        put_on(page, look)
        if shots:
            page.screenshot(path=shots / f"{step}-{name.replace(' ', '-')}.png", full_page=True)
        found = findings(page, *look.rules)
        assert not found, (step, name, found)
        assert fits(page), (step, name)
    put_on(page, Look())
