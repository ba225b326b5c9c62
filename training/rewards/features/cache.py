"""Embeddings on disk, so that a text is encoded once, whoever asks.

One SQLite file per encoder and version, in write-ahead mode: any number of processes of one machine
may read and write it. A key is the SHA-256 of the text; two writers of one key write the same vector.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LOOKUP: Final = 500


def text_key(text: str) -> bytes:
    """SHA-256 of the text in UTF-8; lone surrogates, which UTF-8 lacks, are kept apart by escapes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class EmbeddingCache:
    """Vectors of ``size`` float32 numbers by text, in ``folder`` under the encoder's name."""

    def __init__(self, folder: Path, encoder: str, size: int) -> None:
        safe = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in encoder)
        self.path = folder / f"embeddings-{safe}.sqlite3"
        self.size = size
        folder.mkdir(parents=True, exist_ok=True)
        # SQLite does not wait for its turn to switch to WAL, so that processes take turns at making the file.
        with self.path.with_suffix(".lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not self.path.exists():
                self._make()

    def _make(self) -> None:
        """Make the file under another name first: whoever sees it sees it whole."""
        unfinished = self.path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(
                "CREATE TABLE embedding (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
            )
        unfinished.rename(self.path)

    def read(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Vectors of those keys that are stored; a vector of another size is as good as absent."""
        found: dict[bytes, NDArray[np.float32]] = {}
        with self._open() as connection:
            for start in range(0, len(keys), _LOOKUP):
                part = keys[start : start + _LOOKUP]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, vector FROM embedding WHERE key IN ({marks})"
                for key, blob in connection.execute(query, part):
                    vector = np.frombuffer(blob, dtype="<f4")
                    if len(vector) == self.size:
                        found[key] = vector
        return found

    def write(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Stores vectors in one transaction."""
        rows = [(key, np.asarray(vector, dtype="<f4").tobytes()) for key, vector in vectors.items()]
        with self._open() as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?)", rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=60)) as connection:
            connection.execute("PRAGMA synchronous=NORMAL")
            yield connection
