"""Archives, opened with a limit on what they unpack to."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from annotation.formats.base import (
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_MEMBERS,
    DamagedFileError,
    FormatError,
)
from annotation.formats.streams import DAMAGED, GZIP_MAGIC, Bounded

ZIP_MAGIC = b"PK\x03\x04"
XZ_MAGIC = b"\xfd7zXZ\x00"
BZ2_MAGIC = b"BZh"
ENCRYPTED = 0x1  # the bit of a zip member's flags (APPNOTE 4.4.4)
# zipfile says NotImplementedError for a compression that it does not know.
UNREADABLE = (*DAMAGED, tarfile.TarError, NotImplementedError)


def archive_kind(head: bytes) -> str | None:
    """Tell "zip" or "tar" by the first bytes, at least 265 of them; None for anything else.

    A compressed file is taken for a tar archive only where what it holds is one.
    """
    if head.startswith(ZIP_MAGIC):
        return "zip"
    try:
        if head.startswith(XZ_MAGIC):
            head = lzma.LZMADecompressor().decompress(head, 1024)
        elif head.startswith(BZ2_MAGIC):
            head = bz2.BZ2Decompressor().decompress(head, 1024)
        elif head.startswith(GZIP_MAGIC):
            head = zlib.decompressobj(31).decompress(head, 1024)
    except (lzma.LZMAError, OSError, zlib.error):
        return None
    return "tar" if head[257:262] == b"ustar" else None


def members(stream: IO[bytes], kind: str, suffix: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the base name and the bytes of each file of the archive whose name ends in `suffix`.

    Each must be read before the next is asked for. Raises FormatError over MAX_ARCHIVE_BYTES or
    MAX_ARCHIVE_MEMBERS, DamagedFileError where unpacking fails, be it on the way to a file or in reading it.
    """
    for name, member in _walked(stream, kind):
        base = PurePosixPath(name).name
        if base.lower().endswith(suffix) and not base.startswith("."):
            yield base, member


def zip_checked(stream: IO[bytes]) -> None:
    """Unpack every member of a zip archive once, in pieces, to be sure of its true size.

    Raises FormatError over MAX_ARCHIVE_BYTES, DamagedFileError where unpacking fails.
    """
    for _, member in _walked(stream, "zip"):
        while member.read(1 << 20):
            continue
    stream.seek(0)


def _walked(stream: IO[bytes], kind: str) -> Iterator[tuple[str, IO[bytes]]]:
    try:
        yield from (_zip_members if kind == "zip" else _tar_members)(stream)
    except UNREADABLE as error:
        raise DamagedFileError("The archive is damaged, cut short or packed in an unknown way.") from error


def _zip_members(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(stream) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check(len(infos), sum(info.file_size for info in infos))
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise DamagedFileError("The archive is encrypted. Pack it again without a password.")
        for info in infos:
            with archive.open(info) as member:
                # Whoever reads it is told of damage in the words of a file's, not in zipfile's.
                yield info.filename, io.BufferedReader(Bounded(member, MAX_ARCHIVE_BYTES), 1 << 16)


def _tar_members(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    buffered = io.BufferedReader(Bounded(stream, MAX_ARCHIVE_BYTES), 1 << 16)
    head = buffered.peek(6)
    inner: Any = buffered
    if head.startswith(XZ_MAGIC):
        inner = lzma.LZMAFile(buffered)  # noqa: SIM115 - closed with what it reads from
    elif head.startswith(BZ2_MAGIC):
        inner = bz2.BZ2File(buffered)
    elif head.startswith(GZIP_MAGIC):
        inner = gzip.GzipFile(fileobj=buffered)
    unpacked = io.BufferedReader(Bounded(inner, MAX_ARCHIVE_BYTES), 1 << 16)
    count = size = 0
    with tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for info in archive:
            count, size = count + 1, size + info.size
            _check(count, size)
            member = archive.extractfile(info) if info.isfile() else None
            if member is not None:
                yield info.name, member


def _check(count: int, size: int) -> None:
    if count > MAX_ARCHIVE_MEMBERS:
        raise FormatError(f"The archive has more than {MAX_ARCHIVE_MEMBERS:,} files.", code="too_large")
    if size > MAX_ARCHIVE_BYTES:
        raise FormatError(f"The archive unpacks to more than {MAX_ARCHIVE_BYTES:,} bytes.", code="too_large")
