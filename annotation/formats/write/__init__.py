"""Native lines, written as files: iterators of bytes, so that memory does not grow with the export.

    for piece in write_jsonl(lines):
        response.write(piece)

Only `write_jsonl` keeps everything. The others leave out judgments that are surplus or superseded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from annotation.formats.base import NativeLine
from annotation.formats.write.consensus import PairConsensus, current_judgments, pair_consensuses
from annotation.formats.write.jsonl import write_jsonl
from annotation.formats.write.tables import write_csv
from annotation.formats.write.trl import (
    PreferenceCounts,
    UnpairedCounts,
    count_trl_preference,
    count_trl_unpaired,
    write_trl_preference,
    write_trl_unpaired,
)

__all__ = [
    "PairConsensus",
    "PreferenceCounts",
    "UnpairedCounts",
    "count_trl_preference",
    "count_trl_unpaired",
    "current_judgments",
    "pair_consensuses",
    "write_csv",
    "write_jsonl",
    "write_parquet",
    "write_trl_preference",
    "write_trl_unpaired",
]


def write_parquet(lines: Iterable[NativeLine]) -> Iterator[bytes]:
    """Yield a parquet file with one row for each current judgment, in small row groups.

    pyarrow takes 50 MB, so that it is imported only where such a file is written.
    """
    from annotation.formats.write.parquet import parquet_pieces

    yield from parquet_pieces(lines)
