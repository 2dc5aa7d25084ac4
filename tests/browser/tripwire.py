"""Texts that run, load or break out where anything takes them for more than text, and what notices when one does."""

from playwright.sync_api import Page

#: What runs reports itself here.
MARK = "window.ran=(window.ran||0)+1"
_TAGS = [
    f"<script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f"<svg onload={MARK}>",
    f"<body onload={MARK}>",
    f"<iframe srcdoc='<script>parent.{MARK}</script>'>",
    f"<details open ontoggle={MARK}>",
    f"<input autofocus onfocus={MARK}>",
    f"<video><source onerror={MARK}>",
    f"<math><mtext></mtext><script>{MARK}</script>",
    f"<a href=javascript:{MARK}>x</a>",
    f"<object data=javascript:{MARK}>",
    f"<style>@import 'x'</style><script>{MARK}</script>",
    f"<noscript><p title='</noscript><img src=x onerror={MARK}>'>",
    f"<form><button formaction=javascript:{MARK} autofocus>x",
    f"<marquee onstart={MARK}>",
    f"<template><script>{MARK}</script></template>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    f"<meta http-equiv=refresh content='0;url=javascript:{MARK}'>",
    f"<div hx-get=/you hx-trigger=load hx-on:htmx:load={MARK}>x</div>",
    f"<!--<img src=--><img src=x onerror={MARK}>",
    f"<![CDATA[<script>{MARK}</script>]]>",
    f"<xmp><img src='</xmp><img src=x onerror={MARK}>'>",
]
_AROUND = ["{}", "\"'>{}", "</textarea></title></script>{}", "' onmouseover={} x='", "\u2028{}\u2029", "{{{{ {} }}}}"]
#: What needs no tag: out of a text in a script, of an attribute, of a comment; and addresses.
_PLAIN = [
    f"';{MARK}//",
    f'\\";{MARK}//',
    f"\\u0022;{MARK}//",
    f"${{{MARK}}}",
    f"' autofocus onfocus='{MARK}",
    f'" autofocus onfocus="{MARK}',
    f"--></style><script>{MARK}</script>",
    f"javascript:{MARK}",
    f"\x0ejavascript:{MARK}",
    f"data:text/html,<script>{MARK}</script>",
    f"url(javascript:{MARK})",
    "//evil.example/x",
]
PAYLOADS = [*(around.format(tag) for tag in _TAGS for around in _AROUND), *_PLAIN]
#: Each of them, in one text.
ALL = "\n".join(PAYLOADS)


class Tripwire:
    """Watches a page: `strange` holds what it said in the console, threw, asked, and loaded from elsewhere than `homes`, but
    for what `known` stands in."""

    def __init__(self, page: Page, *homes: str, known: tuple[str, ...] = ()) -> None:
        self.page = page
        self.strange: list[str] = []
        self._known = known
        page.on("dialog", lambda dialog: (self.strange.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: self._note(message.text))
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(homes) else self.strange.append(asked.url))

    def _note(self, words: str) -> None:
        if not any(part in words for part in self._known):
            self.strange.append(words)

    def check(self, where: str) -> None:
        """Nothing has run, and nothing strange was seen so far; `where` is said if it was."""
        assert [frame.url for frame in self.page.frames if frame.evaluate("window.ran")] == [], where
        assert self.strange == [], where
