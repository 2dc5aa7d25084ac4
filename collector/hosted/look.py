"""How a site's owner wants the form to look, as a style sheet of a few lines over our own."""

from collector.surveys.settings import ShownLook


def style(look: ShownLook) -> str:
    """The style sheet for a look; empty when the owner chose nothing. Colours are those that were made readable on either
    ground, never the owner's own text."""
    lines = []
    if look.theme in ("light", "dark"):
        lines.append(f"color-scheme: {look.theme};")
    if look.accent is not None:
        lines.append(f"--accent: light-dark({look.accent.light}, {look.accent.dark});")
        lines.append(f"--on: light-dark({look.accent.on_light}, {look.accent.on_dark});")
    return f"@layer owner {{ :root {{ {' '.join(lines)} }} }}\n" if lines else ""
