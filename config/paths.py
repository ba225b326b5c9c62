"""Where things lie: everything Plaudit writes is below one data folder."""

import atexit
import hashlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 107  # bytes, the limit of sockaddr_un on Linux


def data_folder(*, testing: bool) -> Path:
    """The data folder, `$PLAUDIT_DATA` or `var/` beside manage.py, made when missing.

    Tests get a folder of their own for each run, removed at its end.
    """
    if testing:
        folder = Path(tempfile.mkdtemp(prefix="plaudit-tests-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder
    folder = Path(os.environ.get("PLAUDIT_DATA") or BASE_DIR / "var").resolve()
    (folder / "run").mkdir(parents=True, exist_ok=True)  # sockets, locks and beat's schedule
    return folder


def socket_path(data: Path, name: str) -> Path:
    """A unix socket's path: below the data folder, or below the temporary folder where that is too long."""
    path = data / "run" / name
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"plaudit-{os.getuid()}-{digest}" / name


def secret_key(data: Path) -> str:
    """The installation's secret: `$SECRET_KEY`, else made once and kept in the data folder."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = data / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key
