"""The virtual environments of the peers, built once below `.state/`."""

import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path

from benchmarks.transitions.roster import Packages

FOLDER = Path(__file__).parent.parent / ".state" / "peers"


class NotInstalled(Exception):
    """What pip said."""


def python_for(packages: Packages | None) -> str:
    """Return the Python with these packages, which is of the version that runs this.

    Raises:
        NotInstalled: One of them cannot be installed.
    """
    if packages is None:
        return sys.executable
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = FOLDER / f"{running}-{packages.names[0]}"
    wanted = requirements(packages)
    built = folder / "requirements.txt"
    python = folder / "bin" / "python"
    if not built.exists() or built.read_text() != "\n".join(wanted):
        print(f"Building the environment of {packages.names[0]} (once)", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        _install(python, wanted)
        built.write_text("\n".join(wanted))
    return str(python)


def requirements(packages: Packages) -> list[str]:
    """Return what is installed: the packages, and for those on Django the versions that Detent runs on."""
    if not packages.django:
        return list(packages.pinned)
    django = version("django") if packages.django == "same" else packages.django
    return [*packages.pinned, f"django=={django}", f"psycopg[binary]=={version('psycopg')}"]


def _install(python: Path, wanted: list[str]) -> None:
    command = [str(python), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check", *wanted]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NotInstalled((done.stderr.strip() or f"pip ended with {done.returncode}").splitlines()[-1])
