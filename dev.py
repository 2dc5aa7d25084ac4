#!/usr/bin/env python3
"""Set up and run, or set up and test, from a bare checkout. Standard library only.

python3 dev.py run  [--port PORT]     the collector, a demo site and a demo page with the widget
python3 dev.py test [PYTEST OPTIONS]  everything that must hold before a change lands
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WIDGET = ROOT / "widget"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
#: What stands beside the collectors of an installation with many nodes: program, and its package in the distribution.
NEIGHBOURS = {"redis": "redis-server", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}

#: The browsers of the tests by their package: the programs' names, the plainest last, and where macOS has it.
BROWSERS = {
    "chromium": (
        ("chromium-browser", "google-chrome", "google-chrome-stable", "chromium"),
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "firefox-esr": (("firefox-esr", "firefox"), "/Applications/Firefox.app/Contents/MacOS/firefox"),
}


def main() -> None:
    """Reads the one word that says what to do."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before anything is installed
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    os.chdir(ROOT)
    word, *rest = sys.argv[1:] or [""]
    if word == "run":
        run(rest)
    elif word == "test":
        test(rest)
    else:
        stop((__doc__ or "").strip())


def run(options: list[str]) -> None:
    """Becomes the collector with its demo, so that signals and exit codes are the server's."""
    set_up_python("run")
    environ = {"LUKEWARM_LOG_LEVEL": "warning", "LUKEWARM_LOG_FORMAT": "text", **surroundings()}
    command = [str(PYTHON), "-m", "collector", "serve", "--demo", *options]
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=environ))
    os.execve(PYTHON, command, environ)


def test(options: list[str]) -> None:
    """Checks and tests in rising order of cost; the first failure ends the run."""
    set_up_python("test")
    set_up_node()
    find_compiler()
    environ = {**surroundings(), "TEST_POSTGRESQL": find_postgresql()}
    environ |= {"TEST_CHROMIUM": find_browser("chromium"), "TEST_FIREFOX": find_browser("firefox-esr")}
    environ["TEST_CHROMIUM_SHELL"] = find_shell() or environ["TEST_CHROMIUM"]
    environ |= {f"TEST_{name.upper()}": find_neighbour(name, package) for name, package in NEIGHBOURS.items()}
    tool = VENV / ("Scripts" if os.name == "nt" else "bin")
    npm = shutil.which("npm") or "npm"
    steps: list[tuple[str, list[str], Path]] = [
        ("Widget: lint", [npm, "run", "--silent", "lint"], WIDGET),
        ("Widget: tests", [npm, "run", "--silent", "test"], WIDGET),
        ("Widget: types, and the committed file is what its sources give", [npm, "run", "--silent", "check"], WIDGET),
        ("Lint", [str(tool / "ruff"), "check", "."], ROOT),
        ("Format", [str(tool / "ruff"), "format", "--check", "--quiet", "."], ROOT),
        ("Types", [str(tool / "mypy")], ROOT),
        ("Floors", [str(tool / "lint-imports"), "--no-cache"], ROOT),
        # Tests wait for servers more than for the processor, so there are more processes than usual cores.
        ("Tests", [str(PYTHON), "-m", "pytest", "-q", "-n", "4", "--dist", "worksteal", *options], ROOT),
    ]
    for name, command, folder in steps:
        say(name)
        began = time.monotonic()
        code = subprocess.call(command, cwd=folder, env=environ)
        if code != 0:
            stop(f"{name}: failed. Alone: {' '.join(command)} (in {folder.relative_to(ROOT.parent)})")
        print(f"   {time.monotonic() - began:.1f} s", flush=True)


def surroundings() -> dict[str, str]:
    """This process's environment, but compiled modules are kept: without them every process spends another second."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def set_up_python(purpose: str) -> None:
    """A virtual environment with hash-checked packages for `purpose`, and the command `lukewarm` from this checkout."""
    requirements = ROOT / "requirements" / f"{purpose}.txt"
    stamp = VENV / f"{purpose}.stamp"
    wanted = digest(requirements, ROOT / "pyproject.toml", extra=sys.version)
    if PYTHON.exists() and (
        stamp_of(stamp) == wanted or (purpose == "run" and stamp_of(VENV / "test.stamp") == test_wanted())
    ):
        return
    if not PYTHON.exists() or subprocess.call([str(PYTHON), "-m", "pip", "--version"], stdout=subprocess.DEVNULL):
        shutil.rmtree(VENV, ignore_errors=True)  # one that was broken off half-way, or whose Python is gone
        say("Making the virtual environment")
        make_venv()
    say(f"Installing the packages in requirements/{purpose}.txt (their hashes are checked)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    call([*pip, "--require-hashes", "--requirement", str(requirements)], "The packages could not be installed.")
    call([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], "The project could not be installed.")
    stamp.write_text(wanted)


def test_wanted() -> str:
    """The stamp of a complete test environment, which can run the collector too."""
    return digest(ROOT / "requirements" / "test.txt", ROOT / "pyproject.toml", extra=sys.version)


def make_venv() -> None:
    """A virtual environment; Debian keeps the part that makes one with pip in a package of its own."""
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        shutil.rmtree(VENV, ignore_errors=True)
        install("python3-venv", "Python cannot make virtual environments here.")
        call([sys.executable, "-m", "venv", str(VENV)], "The virtual environment could not be made.")


def set_up_node() -> None:
    """The widget's tools, as its lock names them."""
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout if node else ""
    if not version or int(version.lstrip("v").split(".")[0]) < 20 or not shutil.which("npm"):
        stop(f"Node 20 or newer with npm is needed for the tests{'; this is ' + version.strip() if version else ''}.")
    stamp = WIDGET / "node_modules" / ".stamp"
    wanted = digest(WIDGET / "package-lock.json", WIDGET / "package.json", WIDGET / ".npmrc", extra=version)
    if stamp_of(stamp) != wanted:
        say("Installing the widget's tools")
        call([shutil.which("npm") or "npm", "ci", "--no-audit", "--no-fund"], "npm ci failed.", WIDGET)
        stamp.write_text(wanted)


def find_browser(package: str) -> str:
    """A browser to test in, installed from the distribution when there is none and that is permitted."""
    names, place = BROWSERS[package]

    def look() -> str:
        found = [os.environ.get(variable), *map(shutil.which, names), place if os.path.exists(place) else None]
        return next((path for path in found if path), "")

    variable = f"TEST_{names[-1].upper()}"
    if not look():
        install(package, f"The browser tests need {names[-1].capitalize()} (or name one in {variable}).")
    return look() or stop(f"{names[-1].capitalize()} was installed but cannot be found; name it in {variable}.")


def find_shell() -> str:
    """Chromium without its windows, which does the same pages in half the time; nothing where the distribution has none."""
    package, lacking = "chromium-headless-shell", VENV / "no-shell.stamp"
    found = os.environ.get("TEST_CHROMIUM_SHELL") or shutil.which(package)
    if not found and may_install() and not lacking.exists():
        say(f"Installing {package} from the distribution, if it has it")
        if not get(package):
            lacking.touch()  # not asked for again in every run
    return found or shutil.which(package) or ""


def find_postgresql() -> str:
    """The folder with PostgreSQL's `initdb` and `postgres`, installed from the distribution when missing and permitted."""

    def look() -> str:
        on_path = shutil.which("initdb")
        folders = [os.environ.get("TEST_POSTGRESQL"), os.path.dirname(os.path.realpath(on_path)) if on_path else None]
        folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
        folders += ["/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin", "/usr/pgsql/bin"]
        return next((path for path in folders if path and os.path.exists(os.path.join(path, "initdb"))), "")

    if not look():
        install("postgresql", "Storage is tested on PostgreSQL too, whose server (initdb, postgres) is missing.")
    return look() or stop("PostgreSQL was installed but initdb cannot be found; name its folder in TEST_POSTGRESQL.")


def find_compiler() -> None:
    """A C compiler on Linux, where tests watch what reaches the disk, installed like the others."""
    if sys.platform == "linux" and not any(map(shutil.which, ("cc", "gcc", "clang"))):
        install("build-essential", "What reaches the disk is watched by a little C, whose compiler (cc) is missing.")


def find_neighbour(name: str, package: str) -> str:
    """The program that the tests of many nodes run, installed from the distribution when missing and permitted."""
    program = "redis-server" if name == "redis" else name

    def look() -> str:
        # Debian keeps servers where only root looks.
        path = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/usr/local/sbin"
        return os.environ.get(f"TEST_{name.upper()}") or shutil.which(program, path=path) or ""

    if not look():
        install(package, f"Installations with many nodes are tested too, for which {program} is missing.")
    return look() or stop(f"{program} was installed but cannot be found; name it in TEST_{name.upper()}.")


def install(package: str, reason: str) -> None:
    """Installs a package of the distribution as root on Debian and its kin; else says what to install."""
    if not may_install():
        stop(f"{reason} Install it with your system's packages, such as: sudo apt-get install {package}")
    say(f"Installing {package} from the distribution")
    if not get(package):
        stop(f"{reason} 'apt-get install {package}' failed; see above.")


def may_install() -> bool:
    """Whether packages of the distribution can be installed here."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def get(package: str) -> bool:
    """Installs a package; with newer lists if need be."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", package]
    if subprocess.call(command, env=environ, stdout=subprocess.DEVNULL) == 0:
        return True
    subprocess.call(["apt-get", "update", "--quiet"], stdout=subprocess.DEVNULL)
    return subprocess.call(command, env=environ, stdout=subprocess.DEVNULL) == 0


def digest(*files: Path, extra: str) -> str:
    """A hash of the files' bytes, by which an installation is known to be up to date."""
    return hashlib.sha256(extra.encode() + b"".join(file.read_bytes() for file in files)).hexdigest()


def stamp_of(stamp: Path) -> str:
    """What was written when the installation was finished, or nothing."""
    return stamp.read_text() if stamp.exists() else ""


def call(command: list[str], failure: str, folder: Path = ROOT) -> None:
    """Runs a command that has to succeed."""
    if subprocess.call(command, cwd=folder) != 0:
        stop(f"{failure} The command was: {' '.join(command)}")


def say(what: str) -> None:
    """A line that says what is being done."""
    print(f"== {what}", flush=True)


def stop(sentence: str) -> NoReturn:
    """Ends the program with a sentence that says what to do."""
    sys.exit(sentence)


if __name__ == "__main__":
    main()
