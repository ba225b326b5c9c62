"""Where a reward model's files lie: one archive in the storage, checked by its SHA-256 wherever it is read.

An archive holds safetensors, JSON and the card's Markdown only, never pickles. It appears in the storage whole or not at all: it
is written beside its place and renamed into it.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import orjson
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from annotation.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.models import RewardModel

SUFFIXES: Final = frozenset({".safetensors", ".json", ".txt", ".md"})
HELD_OUT: Final = "held_out.json"
CARD: Final = "MODEL_CARD.md"
ANCHORS: Final = "anchors.json"
SECOND_LOOK: Final = "second_look.json"
EARLIEST: Final = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the zip format knows no earlier time; equal files make equal archives
BLOCK: Final = 1024 * 1024
ARCHIVES: Final = "models"  # the storage's folder, with one for each project

HeldOut = dict[str, dict[str, float]]
"""Rewards by prompt and completion (external ids), each by a model that had not seen the prompt."""


class ArtifactError(DomainError):
    """The archive in the storage is missing or is not the one that was saved."""

    status = 500
    code = "artifact_damaged"


@dataclass(frozen=True, slots=True)
class Artifact:
    """An archive in the storage."""

    name: str
    sha256: str
    size_bytes: int


class _Finished(File):  # type: ignore[type-arg]  # not subscriptable at run time
    """A file on disk that a storage on the same disk may take by renaming it."""

    def temporary_file_path(self) -> str:
        """Where it is."""
        return str(self.name)


def artifact_save(folder: Path, *, name: str) -> Artifact:
    """Pack a folder and put it into the storage under `name` (a random ending is added).

    Raises ValueError for a file that an artifact may not hold.
    """
    with tempfile.TemporaryDirectory(dir=_workplace()) as work:
        archive = Path(work) / "artifact.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                if path.suffix not in SUFFIXES:
                    raise ValueError(f"an artifact holds no {path.suffix} files: {path.name}")
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EARLIEST)
                compressed = path.suffix != ".safetensors"
                entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
                with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, BLOCK)
        with archive.open("rb") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            file.seek(0)
            saved = default_storage.save(f"{name}-{secrets.token_hex(4)}.zip", _Finished(file))
        return Artifact(saved, digest, size)


def artifact_delete(artifact: Artifact) -> None:
    """Take an archive that nothing names out of the storage."""
    default_storage.delete(artifact.name)


def artifact_open(model: RewardModel) -> IO[Any]:
    """The archive as stored, for a download. Raises ArtifactError when it is gone."""
    try:
        return default_storage.open(model.artifact, "rb")
    except FileNotFoundError:
        raise ArtifactError(f"The artifact of model v{model.version} is missing in the storage.") from None


def artifact_folder(model: RewardModel) -> Path:
    """A local folder with the model's files, unpacked once and kept under the archive's SHA-256.

    Raises ArtifactError when the archive is missing or its SHA-256 is another one.
    """
    folder = unpacked_root() / model.sha256
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unpacking-") as work:
        archive, unpacked = Path(work) / "artifact.zip", Path(work) / "files"
        with artifact_open(model) as source, archive.open("wb") as target:
            shutil.copyfileobj(source, target, BLOCK)
        with archive.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != model.sha256:
                raise ArtifactError(f"The artifact of model v{model.version} is not the one that was saved.")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(unpacked)
        try:
            unpacked.rename(folder)
        except OSError:  # another process was quicker
            if not folder.is_dir():
                raise
    return folder


def unpacked_root() -> Path:
    """Where this machine unpacks archives."""
    return Path(settings.DATA) / "models"


def work_root() -> Path:
    """Where this machine keeps the course of long runs, from which one that was killed goes on."""
    return Path(settings.DATA) / "runs"


def run_work(run_id: int) -> Path:
    """The course of one run."""
    return work_root() / str(run_id)


def held_out_write(folder: Path, held_out: HeldOut) -> None:
    """Put the held-out rewards beside a model's files, by which later models are compared with it."""
    (folder / HELD_OUT).write_bytes(orjson.dumps(held_out))


def held_out_read(model: RewardModel) -> HeldOut:
    """The held-out rewards of a saved model."""
    found: HeldOut = orjson.loads((artifact_folder(model) / HELD_OUT).read_bytes())
    return found


def second_look_write(folder: Path, found: dict[str, Any]) -> None:
    """Put the labels to look at again beside a model's files: they are too many for its row."""
    (folder / SECOND_LOOK).write_bytes(orjson.dumps(found))


def second_look_read(model: RewardModel) -> dict[str, Any] | None:
    """What `second_look_write` stored; None for a model from before that was measured."""
    path = artifact_folder(model) / SECOND_LOOK
    if not path.exists():
        return None
    found: dict[str, Any] = orjson.loads(path.read_bytes())
    return found


def anchors_save(items: Sequence[dict[str, Any]], *, project_id: int) -> Artifact:
    """Put a project's anchors beside its models' archives.

    They have an archive of their own: a model's files may be given away, people's texts may not.
    """
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / ANCHORS).write_bytes(orjson.dumps(items))
        return artifact_save(Path(work), name=f"{ARCHIVES}/{project_id}/anchors")


def anchors_load(name: str, *, sha256: str) -> list[dict[str, Any]]:
    """What `anchors_save` stored. Raises ArtifactError where it is missing or is not what was saved."""
    try:
        with default_storage.open(name, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise ArtifactError("The archive of the anchors is missing in the storage.") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ArtifactError("The archive of the anchors is not the one that was saved.")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found: list[dict[str, Any]] = orjson.loads(packed.read(ANCHORS))
    return found


def _workplace() -> Path | None:
    """A folder on the storage's own disk where it has one, so that saving is a rename."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    folder = Path(default_storage.location) / ".incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
