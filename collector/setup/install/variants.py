"""What to paste, by what a site is made with. `docs/recipes.md` says the same at more length; a test compares them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to put the form on a site. `code` makes what is pasted from the tag and its script's address."""

    key: str
    name: str
    where: str
    code: Callable[[str, str], str]


def _wordpress(_tag: str, src: str) -> str:
    return f"""<?php
add_action( 'wp_head', function () {{
	wp_print_script_tag( array(
		'src'         => '{src}',
		'async'       => true,
		'crossorigin' => 'anonymous',
	) );
}} );"""


def _component(file: str, name: str = "Lukewarm") -> Callable[[str, str], str]:
    return lambda _tag, src: f"import {name} from './{file}';\n\n<Lukewarm src=\"{src}\" />"


def _svelte(_tag: str, src: str) -> str:
    return f"<script>\nimport Lukewarm from './Lukewarm.svelte';\n</script>\n\n<Lukewarm src=\"{src}\" />"


def _vue(_tag: str, src: str) -> str:
    imported = "<script setup>\nimport { Lukewarm } from './vue.js';\n</script>"
    return f'{imported}\n\n<template>\n  <Lukewarm src="{src}" />\n</template>'


_FILES = (
    "The tag in the page's HTML is enough for most applications. Take the component where the form should be on some views "
    "only: copy mount.js and {} from widget/frameworks into your project, and put it on the page once, with no tag beside it."
)

VARIANTS: tuple[Variant, ...] = (
    Variant("html", "Plain HTML", "Into <head> of every page, or before </body>.", lambda tag, _src: tag),
    Variant(
        "tag-manager",
        "Google Tag Manager",
        "A new tag of the type Custom HTML, with the trigger All Pages.",
        lambda tag, _src: tag,
    ),
    Variant(
        "wordpress",
        "WordPress",
        "Into functions.php of your child theme, or into a file of its own in wp-content/mu-plugins/.",
        _wordpress,
    ),
    Variant("react", "React", _FILES.format("react.js"), _component("react.js", "{ Lukewarm }")),
    Variant("vue", "Vue", _FILES.format("vue.js"), _vue),
    Variant("svelte", "Svelte", _FILES.format("Lukewarm.svelte"), _svelte),
)


def policy(root: str) -> str:
    """What a site's content security policy has to allow. `root` is the collector's address."""
    return f"script-src {root};\nconnect-src {root};"
