"""What the benchmarks need beside the project's own packages: the peers' packages in `.bench/`, made on first use and kept,
and programs compiled from the C files here."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".bench"


class NotHere(Exception):
    """Something a row needs cannot be had on this machine."""


def python_packages() -> Path:
    """The Python that has the peers' packages. Raises `NotHere`."""
    folder = CACHE / "python"
    wanted = HERE / "requirements.txt"
    if _changed(folder, wanted):
        _call([sys.executable, "-m", "venv", str(folder)], "a virtual environment")
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _call([*pip, "--requirement", str(wanted)], "the peers' Python packages")
        _stamp(folder, wanted)
    return folder / "bin" / "python"


def node_packages() -> Path:
    """The folder with the Node peers' packages. Raises `NotHere`."""
    folder = CACHE / "node"
    wanted = HERE / "package.json"
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotHere("node and npm are not installed")
    if _changed(folder, wanted):
        shutil.copy(wanted, folder / "package.json")
        npm = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"]
        _call([*npm, "--prefix", str(folder)], "the peers' Node packages")
        _stamp(folder, wanted)
    return folder


def compiled(source: Path, to: Path, *options: str) -> Path:
    """A program or library made from one C file. Raises `NotHere`."""
    if not shutil.which("cc"):
        raise NotHere("no C compiler is installed (cc)")
    _call(["cc", "-O2", "-std=c11", *options, "-o", str(to), str(source)], source.name)
    return to


def _changed(folder: Path, wanted: Path) -> bool:
    """Whether `folder` does not hold what `wanted` names; then it is emptied."""
    stamp = folder / ".stamp"
    if stamp.exists() and stamp.read_text() == _digest(wanted):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Installing what {wanted.name} of the peers names into {folder} ...", file=sys.stderr)
    return True


def _stamp(folder: Path, wanted: Path) -> None:
    (folder / ".stamp").write_text(_digest(wanted))


def _digest(wanted: Path) -> str:
    return hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()


def _call(command: list[str], what: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(f"{what} could not be made: {done.stderr.strip()[-500:]}")
