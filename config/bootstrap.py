"""Sets up everything that a clone needs: virtual environment, packages, browser UI. Plain Python, no packages.

Each step leaves a stamp with a digest of what it was made from, so that a second call has nothing to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FRONTEND = ROOT / "frontend"
OLDEST_PYTHON = (3, 11)
DISK_NEEDED = 4 * 1024**3  # bytes: packages, node modules, caches


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, and stop."""
    sys.exit(f"\nPlaudit cannot be set up: {message}")


def digest(*paths: Path) -> str:
    """The SHA-256 over names and contents of files, folders taken whole."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def done(stamp: Path, mark: str) -> bool:
    """Whether a step was finished from the same input before."""
    return stamp.is_file() and stamp.read_text() == mark


def run(what: str, *command: str, cwd: Path = ROOT, advice: str) -> None:
    """Run a step, quietly unless it fails."""
    print(f"  {what} ...", flush=True)
    finished = subprocess.run(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if finished.returncode:
        print(finished.stdout[-4000:])
        if shutil.disk_usage(ROOT).free < 50 * 1024**2 or "No space left" in finished.stdout:
            fail("the disk is full. Free some gigabytes and run the same command again.")
        fail(f"{what} failed (above). {advice}")


def check_machine() -> None:
    """Refuse early what would fail late."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        fail(
            f"this is Python {found}, and 3.11 or newer is needed. Name another: make PYTHON=python3.12 setup"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        fail("Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv")
    if not VENV.exists() and shutil.disk_usage(ROOT).free < DISK_NEEDED:
        fail(
            f"{DISK_NEEDED // 1024**3} GB of free disk are needed for the packages. Free some and try again."
        )


def requirements() -> list[str]:
    """The packages pyproject.toml names, development's included."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def install_packages() -> None:
    """The virtual environment and everything in it."""
    python = VENV / "bin" / "python"
    stamp, mark = VENV / "packages.stamp", digest(ROOT / "pyproject.toml", ROOT / "constraints.txt")
    if done(stamp, mark):
        return
    if not python.is_file():
        run(
            "making the virtual environment",
            sys.executable,
            "-m",
            "venv",
            str(VENV),
            advice="Is the folder writable?",
        )
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    pip += ["-c", str(ROOT / "constraints.txt")]
    run(
        "installing Python packages (a few minutes the first time)",
        *pip,
        *requirements(),
        advice="Is there a network? Run the same command again to go on.",
    )
    stamp.write_text(mark)


def build_frontend() -> None:
    """The browser UI, by the Node that came with the packages."""
    environment_bin = VENV / "bin"
    os.environ["PATH"] = f"{environment_bin}{os.pathsep}{os.environ['PATH']}"
    os.environ.setdefault(
        "NODE_USE_SYSTEM_CA", "1"
    )  # Node ships certificates of its own; the machine may have more
    npm = [str(environment_bin / "npm"), "--no-audit", "--no-fund", "--loglevel=error"]
    stamp, mark = FRONTEND / "node_modules" / "packages.stamp", digest(FRONTEND / "package-lock.json")
    if not done(stamp, mark):
        run("installing the browser UI's packages", *npm, "ci", cwd=FRONTEND, advice="Is there a network?")
        stamp.write_text(mark)
    sources = [
        FRONTEND / name for name in ("src", "public", "index.html", "package-lock.json", "vite.config.ts")
    ]
    stamp, mark = (
        FRONTEND / "dist" / "build.stamp",
        digest(*(source for source in sources if source.exists())),
    )
    if not done(stamp, mark):
        run(
            "building the browser UI",
            *npm,
            "run",
            "build",
            cwd=FRONTEND,
            advice="The message above says where.",
        )
        collect = [str(VENV / "bin" / "python"), "manage.py", "collectstatic", "--noinput", "--clear"]
        run("collecting static files", *collect, advice="Is the folder writable?")
        stamp.write_text(mark)


def main() -> None:
    """All steps in order."""
    check_machine()
    try:
        install_packages()
        build_frontend()
    except OSError as error:
        fail(f"{error}. Is the disk full, or the folder not writable?")


if __name__ == "__main__":
    main()
