"""The committed widget is the one that its sources give; Python alone can tell, from the hashes in the manifest."""

import base64
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "collector" / "static" / "widget"


def test_the_manifest_tells_of_this_file():
    manifest = json.loads((BUILT / "manifest.json").read_text())
    digest = hashlib.sha384((BUILT / "widget.js").read_bytes()).digest()
    assert manifest["integrity"] == f"sha384-{base64.b64encode(digest).decode()}"
    assert manifest["bytes"]["brotli"] <= 6000


def test_the_file_was_built_from_these_sources():
    manifest = json.loads((BUILT / "manifest.json").read_text())
    digest = hashlib.sha256()
    for name in sorted(_sources()):
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes() + b"\0")
    assert manifest["sources"] == digest.hexdigest(), "run 'npm run build' in widget/ and commit what it writes"


def _sources() -> list[str]:
    widget = [path for path in (ROOT / "widget" / "src").rglob("*") if path.is_file()]
    widget += [ROOT / "widget" / name for name in ("build.mjs", "package-lock.json", "package.json", "tsconfig.json")]
    widget.append(ROOT / "collector" / "surveys" / "languages" / "en.json")
    return [path.relative_to(ROOT).as_posix() for path in widget]
