"""Near-duplicates of a part of a project's prompts: looked up by their bands, verified on their shingles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.models import NearDuplicate, NearDuplicateKind, Prompt, Sketch
from annotation.models.ids import opaque_id
from annotation.services.bulk import chunks, rows_insert
from annotation.similarity import BANDS, SIMILAR, band_keys, normalise, shingles, similarity

BUCKET_MOST = 20  # prompts that keep one band; later ones find these
VERIFIED_MOST = (
    10  # candidates whose texts are compared with a prompt's, those with most bands in common first
)
LINKS_MOST = 3  # near-duplicates that are stored of one prompt
PAIRS_MOST = 30  # nearly equal pairs of outputs that are stored of one prompt
OUTPUT_LONGEST = 20_000  # characters of an output that are compared
LENGTHS_LEAST = 0.7  # outputs whose lengths differ by more are not nearly equal
SKETCH_COLUMNS = ("prompt_id", "project_id", *(f"band_{band}" for band in range(BANDS)))
DUPLICATE_COLUMNS = (
    "id", "project_id", "kind", "prompt_id", "other_id", "first_id", "second_id", "similarity",
)  # fmt: skip

Keys = NDArray[np.int64]


@dataclass(slots=True)
class Text:
    """A prompt as it is compared: `text` is normalised, and equal prompts have equal groups unless said."""

    prompt: int
    group: str
    text: str
    _shingles: NDArray[np.uint64] | None = field(default=None)

    @property
    def shingles(self) -> NDArray[np.uint64]:
        """The set of its shingles, made when it is first needed."""
        if self._shingles is None:
            self._shingles = shingles(self.text)
        return self._shingles


def text_of(prompt: Prompt) -> Text:
    """A prompt's conversation."""
    said = "\n".join(str(message["content"]) for message in prompt.messages)
    return Text(prompt.id, prompt.group, normalise(said))


def keys_of(texts: Sequence[Text]) -> Keys:
    """The band keys of prompts, shape (prompts, BANDS)."""
    return band_keys([text.text for text in texts])


def prompts_link(*, project_id: int, texts: Sequence[Text], keys: Keys) -> int:
    """Store the sketches of prompts and their near-duplicates; returns how many have any.

    Pairs of one split group are left out: they are kept together already. Prompts that have a sketch are not
    looked at again. Called inside a transaction that nobody else of the project holds.
    """
    known = _sketched([text.prompt for text in texts])
    buckets = [_buckets(project_id, band, set(keys[:, band].tolist())) for band in range(BANDS)]
    by_id = {text.prompt: text for text in texts}
    met: dict[int, Counter[int]] = {}
    sketches: list[tuple[Any, ...]] = []
    for text, row in zip(texts, keys.tolist(), strict=True):
        if text.prompt in known:
            continue
        seen: Counter[int] = Counter()
        bands: list[int | None] = []
        for band, key in enumerate(row if text.text else [None] * BANDS):
            bucket = buckets[band][key] if key is not None else []
            seen.update(bucket)
            room = key is not None and len(bucket) < BUCKET_MOST
            bands.append(key if room else None)
            if room:
                bucket.append(text.prompt)
        met[text.prompt] = seen
        sketches.append((text.prompt, project_id, *bands))
    by_id |= _texts({other for seen in met.values() for other in seen} - by_id.keys())
    pairs = [pair for prompt, seen in met.items() for pair in _alike(by_id[prompt], seen, by_id)]
    rows_insert(Sketch, SKETCH_COLUMNS, sketches)
    rows_insert(
        NearDuplicate,
        DUPLICATE_COLUMNS,
        [
            (opaque_id(), project_id, NearDuplicateKind.PROMPTS, prompt, other, None, None, value)
            for prompt, other, value in pairs
        ],
    )
    return len({prompt for prompt, _, _ in pairs})


def _sketched(prompts: Iterable[int]) -> set[int]:
    return {
        prompt
        for ids in chunks(prompts)
        for prompt in Sketch.objects.filter(prompt_id__in=ids).values_list("prompt_id", flat=True)
    }


def _buckets(project_id: int, band: int, keys: set[int]) -> defaultdict[int, list[int]]:
    """By key of a band: the prompts that keep it, at most `BUCKET_MOST` each."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    column = f"band_{band}"
    for part in chunks(keys):
        rows = Sketch.objects.filter(project_id=project_id, **{f"{column}__in": part})
        for prompt, key in rows.values_list("prompt_id", column):
            found[key].append(prompt)
    return found


def _texts(prompts: set[int]) -> dict[int, Text]:
    found: dict[int, Text] = {}
    for ids in chunks(prompts):
        for prompt in Prompt.objects.filter(id__in=ids).only("id", "group", "messages"):
            found[prompt.id] = text_of(prompt)
    return found


def _alike(text: Text, seen: Counter[int], by_id: Mapping[int, Text]) -> list[tuple[int, int, float]]:
    """A prompt's near-duplicates among the candidates, the most similar first; one of each split group."""
    found: list[tuple[int, int, float]] = []
    groups = {text.group}
    verified = 0
    for other, _ in seen.most_common():
        candidate = by_id.get(other)
        if candidate is None or candidate.group in groups:
            continue
        groups.add(candidate.group)
        verified += 1
        value = similarity(text.shingles, candidate.shingles)
        if value >= SIMILAR:
            found.append((text.prompt, other, value))
        if verified == VERIFIED_MOST:
            break
    return sorted(found, key=lambda pair: -pair[2])[:LINKS_MOST]


def outputs_alike(texts: Sequence[str]) -> list[tuple[int, int, float]]:
    """Which of a prompt's outputs are nearly equal, by their positions, with their similarity.

    >>> outputs_alike(["Paris.", "It is Rome.", "paris"])
    [(0, 2, 1.0)]
    """
    normal = [normalise(text[:OUTPUT_LONGEST]) for text in texts]
    sets: dict[int, NDArray[np.uint64]] = {}
    found: list[tuple[int, int, float]] = []
    for first, second in combinations(range(len(normal)), 2):
        shorter, longer = sorted((len(normal[first]), len(normal[second])))
        if shorter < LENGTHS_LEAST * longer:
            continue
        if normal[first] == normal[second]:
            found.append((first, second, 1.0))
        else:
            for place in (first, second):
                if place not in sets:
                    sets[place] = shingles(normal[place], longest=OUTPUT_LONGEST)
            value = similarity(sets[first], sets[second])
            if value >= SIMILAR:
                found.append((first, second, value))
        if len(found) == PAIRS_MOST:
            break
    return found
