from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.rewards.factories import prompt, rating, verdict, vote
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import Item, items_of
from training.rewards.nearest import (
    IDS,
    VECTORS,
    NearestFolder,
    NearestIndex,
    NoIndexError,
    index_build,
    judged,
    judged_together,
)
from training.rewards.store import ArtifactError

TEXTS = (
    ("Boil the eggs for eight minutes.", "Eggs need about eight minutes in boiling water."),
    ("The train leaves at noon.", "There is a train to Berlin at twelve."),
    ("把鸡蛋煮八分钟。", "I do not know."),
    ("Paris is the capital of France.", "It is Rome."),
)


def dataset() -> Dataset:
    return Dataset(tuple(prompt(number, *texts) for number, texts in enumerate(TEXTS)))


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return Encoder(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def index(encoder: Encoder) -> NearestIndex:
    return index_build(dataset(), np.arange(4), encoder)


def test_an_output_learned_from_finds_itself_first(index: NearestIndex, encoder: Encoder) -> None:
    for (asked, completion), found in zip(
        dataset().rows, index.search(items_of(dataset().rows), encoder, 3), strict=True
    ):
        assert found[0].ids == ((asked.id, completion.id),)
        assert found[0].similarity == pytest.approx(1.0, abs=2e-3)
        assert len(found) == 3
        assert found[0].similarity >= found[1].similarity >= found[2].similarity


def test_likeness_is_the_mean_of_both_cosines_and_crosses_languages(
    index: NearestIndex, encoder: Encoder
) -> None:
    asked = dataset().prompts[2].messages[0].content
    (found,) = index.search([Item(asked, "Boil the eggs for eight minutes.")], encoder, 8)
    by_ids = {one.ids[0]: one for one in found}
    same = by_ids["p0", "c0"]
    assert same.output_similarity == pytest.approx(1.0, abs=2e-3)
    assert same.similarity == pytest.approx((same.prompt_similarity + same.output_similarity) / 2)
    chinese = by_ids["p2", "c0"]
    assert chinese.prompt_similarity == pytest.approx(1.0, abs=2e-3)
    assert chinese.output_similarity > by_ids["p3", "c0"].output_similarity + 0.2
    assert found[0] == chinese


def test_search_is_the_exhaustive_one(index: NearestIndex, encoder: Encoder) -> None:
    """Against the vectors themselves, in double precision."""
    vectors, _ = encoder.encode([*(p.messages[0].content for p in dataset().prompts), *sum(TEXTS, ())])
    asked, _ = encoder.encode(["Where is the station?", "At noon."])
    likeness = (np.repeat(vectors[:4] @ asked[0], 2) + vectors[4:] @ asked[1]) / 2
    (found,) = index.search([Item("Where is the station?", "At noon.")], encoder, 8)
    places = [int(prompt[1:]) * 2 + int(output[1:]) for ((prompt, output),) in (one.ids for one in found)]
    assert places == np.argsort(-likeness).tolist()
    assert [one.similarity for one in found] == pytest.approx(np.sort(likeness)[::-1].tolist(), abs=1e-3)


def test_saved_index_is_mapped_and_finds_the_same(
    index: NearestIndex, encoder: Encoder, tmp_path: Path
) -> None:
    index.save(tmp_path)
    folder = NearestFolder(tmp_path)
    asked = [Item("How long do eggs take?", "Eight minutes."), Item("", "")]
    assert folder.search(asked, 4) == index.search(asked, encoder, 4)
    assert isinstance(folder.index.outputs, np.memmap)
    assert folder.index.outputs.dtype == np.float16


def test_over_the_limit_whole_prompts_are_left_out_and_counted(encoder: Encoder) -> None:
    small = index_build(dataset(), np.arange(4), encoder, most=5)
    assert (len(small), small.left_out, len({one[0][0] for one in small.ids})) == (4, 4, 2)
    assert small.ids == index_build(dataset(), np.array([3, 1, 0, 2]), encoder, most=5).ids
    assert len(index_build(dataset(), np.arange(4), encoder, most=8)) == 8


def test_only_the_prompts_asked_for_are_indexed(encoder: Encoder) -> None:
    part = index_build(dataset(), np.array([1, 3]), encoder)
    assert part.ids == ((("p1", "c0"),), (("p1", "c1"),), (("p3", "c0"),), (("p3", "c1"),))
    (found,) = part.search(items_of(dataset().rows[:1]), encoder, 50)
    assert len(found) == 4


def test_rows_with_the_same_texts_are_one_output_with_all_their_ids(encoder: Encoder) -> None:
    """Three pairs of one topic share an output; it is found once."""
    topic = (Message("user", "Should school be free?"),)
    prompts = tuple(
        Prompt(f"p{number}", topic, (Completion("a", "Yes, for all."), Completion("b", text)), "g")
        for number, text in enumerate(("No.", "Never.", "No."))
    )
    index = index_build(Dataset(prompts), np.arange(3), encoder)
    assert (len(index), len(index.prompts)) == (3, 1)
    (found,) = index.search([Item("Should school be free?", "Yes, for all.")], encoder, 2)
    assert found[0].ids == (("p0", "a"), ("p1", "a"), ("p2", "a"))
    assert len(found) == 2


def test_what_was_said_of_several_rows_is_summed_and_means_are_weighted() -> None:
    none = {"won": 0, "lost": 0, "tied": 0, "good": 0, "not_good": 0}
    scale = {"question": "fluency", "minimum": 1, "maximum": 5}
    together = judged_together(
        [
            {**none, "won": 2, "ratings": [{**scale, "mean": 4.0, "n": 3}]},
            {**none, "won": 1, "lost": 1, "ratings": [{**scale, "mean": 2.0, "n": 1}]},
            {**none, "ratings": []},
        ]
    )
    assert together == {**none, "won": 3, "lost": 1, "ratings": [{**scale, "mean": 3.5, "n": 4}]}
    assert judged_together([]) == {**none, "ratings": []}


def test_nothing_to_index_finds_nothing(encoder: Encoder, tmp_path: Path) -> None:
    empty = index_build(Dataset(()), np.zeros(0, dtype=np.int64), encoder)
    empty.save(tmp_path)
    assert NearestFolder(tmp_path).search([Item("a", "b")], 3) == [()]


def test_absent_damaged_and_foreign_indexes_say_so(index: NearestIndex, tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="no_index"):
        NearestFolder(tmp_path).search([Item("a", "b")], 1)
    index.save(tmp_path)
    text = (tmp_path / IDS).read_text()
    (tmp_path / IDS).write_text(text.replace("fast-universal", "other"))
    with pytest.raises(NoIndexError, match="encoder_changed"):
        NearestFolder(tmp_path).search([Item("a", "b")], 1)
    (tmp_path / IDS).write_text(text)
    (tmp_path / VECTORS).write_bytes(b"\x00" * 40)
    with pytest.raises(ArtifactError):
        NearestFolder(tmp_path).search([Item("a", "b")], 1)


def test_votes_verdicts_and_ratings_are_counted_by_output() -> None:
    """Two of three prefer c0, one ties; the ranking puts c1 over c0 and c2."""
    three = prompt(1, "a", "b", "c")
    ranking = Preference("r", 1, "x", "human", "best", "ranking", ((1,), (0, 2)))
    ratings = (rating(0, 0, 4, by="x"), rating(0, 0, 1, by="y"), rating(0, 0, 5, question="tone"))
    said = judged(
        Dataset(
            (prompt(0, "a", "b"), three),
            (vote(0, 0, by="x"), vote(0, 0, by="y"), vote(0, "tie", by="z"), ranking),
            ratings,
            (verdict(0, 1, True), verdict(0, 1, False, by="y"), verdict(1, 2, True)),
        )
    )
    counts = {
        ids: (one["won"], one["lost"], one["tied"], one["good"], one["not_good"]) for ids, one in said.items()
    }
    assert counts == {
        ("p0", "c0"): (2, 0, 1, 0, 0),
        ("p0", "c1"): (0, 2, 1, 1, 1),
        ("p1", "c0"): (0, 1, 1, 0, 0),
        ("p1", "c1"): (2, 0, 0, 0, 0),
        ("p1", "c2"): (0, 1, 1, 1, 0),
    }
    assert said["p0", "c0"]["ratings"] == [
        {"question": "fluency", "mean": 2.5, "n": 2, "minimum": 1, "maximum": 5},
        {"question": "tone", "mean": 5.0, "n": 1, "minimum": 1, "maximum": 5},
    ]
    assert said["p1", "c0"]["ratings"] == []
