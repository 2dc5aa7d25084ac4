"""The widget's own rules, run by Node beside ours."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


class Judge:
    """One Node process for the whole run, asked over its standard input."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("Node is needed; 'python3 dev.py test' says which")
        bundle = folder / "judge.mjs"
        esbuild = ROOT / "widget" / "node_modules" / "esbuild" / "bin" / "esbuild"
        source = ROOT / "tests" / "contract" / "judge.mjs"
        built = [node, str(esbuild), str(source), "--bundle", "--platform=node", "--format=esm", f"--outfile={bundle}"]
        subprocess.run([*built, "--log-level=warning"], check=True, cwd=ROOT / "widget", env=os.environ)
        self._node = subprocess.Popen(
            [node, str(bundle)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ask(self, when: dict[str, Any], facts: dict[str, Any], person: str = "") -> dict[str, Any]:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"when": when, "facts": facts, "person": person}) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def stop(self) -> None:
        self._node.communicate(timeout=10)


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    asked = Judge(tmp_path_factory.mktemp("judge"))
    yield asked
    asked.stop()
