"""The committed widget is the one that its sources give; Python alone can tell, from the hashes in the manifest."""

import base64
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "collector" / "static" / "widget"


def test_the_manifest_tells_of_these_files():
    manifest = json.loads((BUILT / "manifest.json").read_text())
    assert set(manifest["files"]) == {path.name for path in BUILT.glob("*.js")}
    for name, told in manifest["files"].items():
        content = (BUILT / name).read_bytes()
        assert told["integrity"] == f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"
        assert told["hash"] == hashlib.sha256(content).hexdigest()[:16]
    assert manifest["integrity"] == manifest["files"]["widget.js"]["integrity"]


def test_the_server_can_bake_a_script_of_these_files():
    for path in BUILT.glob("*.js"):
        is_script = path.name in ("widget.js", "site.js")
        assert path.read_text().count('"lukewarm:baked"') == (path.name == "site.js")
        assert path.read_text().startswith("export default ") != is_script


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
