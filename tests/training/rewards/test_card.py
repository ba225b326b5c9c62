from __future__ import annotations

import json
import re

import pytest

from tests.training.rewards.cards import facts, figure, sound, undefined
from training.rewards.card import card_make
from training.rewards.card_markdown import card_markdown, plain

HOSTILE = "</td><script>alert(1)</script>\n# Owned\n|x|y| [click](javascript:alert(1)) ![i](http://e.example/i.png) **b** `c` www.e.example \u202egnp"


def test_card_counts_annotators_without_naming_them() -> None:
    card = card_make(facts(annotators=(("human", 60), ("human", 20), ("simulated", 20))))
    assert [(row.kind, row.annotators, row.labels) for row in card.data.by_annotator_kind] == [
        ("human", 2, 80),
        ("simulated", 1, 20),
    ]
    assert (card.data.annotators, card.data.largest_share) == (3, 0.6)


def test_card_holds_figures_with_intervals_and_simple_rules_beside_them() -> None:
    text = card_markdown(card_make(facts()))
    assert "| Accuracy on pairs | 80.0 % (76.0 to 84.0, n = 400) |" in text
    assert "| Calibration slope (1 is right) | 1.020 (0.900 to 1.150, n = 400) |" in text
    assert "| Calibration error (ECE) | not defined: there is none |" in text
    assert "| length alone | 60.0 % (55.0 to 65.0, n = 400) | 50.0 % (50.0 to 50.0, n = 400) |" in text
    assert "| source alone | not defined: fewer than two named sources in the training part |" in text
    assert "One annotator predicted by the others (no ceiling): 75.0 %" in text
    assert "| overall | 70.0 % (66.0 to 74.0, n = 210) | 0.400 (0.300 to 0.500, n = 210) |" in text
    assert "| human | 3 | 2,400 |" in text
    assert f"`{'ab' * 32}`" in text
    assert "| numpy | 2.3.0 |" in text
    assert "No figure speaks against it." in text


def test_parts_worth_knowing_are_those_that_differ_with_their_whole_interval() -> None:
    evaluation = sound()
    evaluation["slices"] += [
        {"by": "source", "name": "weak", **figure(0.9, 0.85, 0.95)},
        {"by": "source", "name": "strong", **figure(0.6, 0.5, 0.7)},
        {"by": "source", "name": "alone", "value": None, "reason": "none"},
    ]
    card = card_make(facts(evaluation))
    assert [(part.name, part.verdict) for part in card.slices] == [("strong", "worse"), ("weak", "better")]
    assert card.slices_measured == 5
    assert "| source: strong | worse | 60.0 % (50.0 to 70.0, n = 400) |" in card_markdown(card)


def test_recipe_stands_as_it_can_be_sent_again() -> None:
    recipe = {
        "model": {"kind": "rules", "rules": [{"check": "terms", "terms": ["```\n# no", "\u202e"]}]},
        "seed": 3,
    }
    text = card_markdown(card_make(facts(recipe=recipe)))
    [block] = re.findall(r"^```json\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert json.loads(block) == recipe
    assert "\u202e" not in text


def test_scale_is_told_where_the_rewards_are_held_to_one() -> None:
    scale = {
        "anchored_to": 1,
        "anchors": 512,
        "factor": 1.25,
        "shift": -0.5,
        "mean": -1e-9,
        "spread": 0.8,
        "archive": "x",
    }
    card = card_make(facts(sound() | {"scale": scale}))
    assert card.scale == {key: value for key, value in scale.items() if key != "archive"}
    text = card_markdown(card)
    assert "| Held to the scale of version | 1 |" in text
    assert "| Factor on the model's own reward | 1.250 |" in text
    assert "| Mean reward of those outputs | 0.000 |" in text


def test_version_and_service_are_told_where_they_are_known() -> None:
    card = card_make(facts())
    rows = [{"at": "2026-02-01 10:00", "by": "", "code": "first", "message": "The first model."},
            {"at": "2026-02-02 10:00", "by": "lee|", "code": "manual", "message": "back\n# again"}]  # fmt: skip
    text = card_markdown(card, version=4, served=rows)
    assert text.startswith("# Reward model card: version 4, linear model\n")
    assert "| 2026-02-01 10:00 | the rule | first | The first model. |" in text
    assert "| 2026-02-02 10:00 | lee\\| | manual | back \\# again |" in text
    assert "It has never served." in card_markdown(card, version=4, served=[])
    beside = card_markdown(card)
    assert beside.startswith("# Reward model card: linear model\n")
    shared = text.partition("\n")[2].partition("## Promotion")[0]
    assert beside.partition("\n")[2].partition("## Promotion")[0] == shared


def test_names_from_outside_stay_words() -> None:
    evaluation = sound()
    evaluation["slices"] = [{"by": "source", "name": HOSTILE, **figure(0.5, 0.4, 0.6, 12)}]
    evaluation["pairs"]["top_1"] = undefined(HOSTILE)
    agreement = [{"question": HOSTILE, "percent": undefined(HOSTILE), "alpha": figure(0.0, -0.1, 0.1)}]
    selection = {"questions": [HOSTILE], "annotator_kinds": ["human"], "since": HOSTILE}
    made = facts(
        evaluation, project=HOSTILE, selection=selection, provenance={"labels": {HOSTILE: 3}, "agreement": agreement},
        packages={HOSTILE: HOSTILE},
    )  # fmt: skip
    rows = [{"at": "2026", "by": HOSTILE, "code": HOSTILE, "message": HOSTILE}]
    text = card_markdown(card_make(made), version=1, served=rows)
    assert not re.search(r"(?<!\\)[<\[`](?!`|json|[0-9a-f]{64}|\n)", text.replace("`" + "ab" * 32 + "`", ""))
    assert "\n# Owned" not in text
    assert "\u202e" not in text
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert len(heads) == len(set(heads)) == 12
    for line in text.splitlines():
        if line.startswith("| source"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 4


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain words, 3.5 %", "plain words, 3.5 %"),
        ("a|b", "a\\|b"),
        ("\\|", "\\\\\\|"),
        ("http://e.example", "http\\://e.example"),
        ("www.e.example", "www\\.e.example"),
        ("two\r\n\tlines\u2028more\x00", "two lines more"),
        ("中文 名称", "中文 名称"),
    ],
)
def test_text_is_escaped_sign_by_sign(raw: str, shown: str) -> None:
    assert plain(raw) == shown


def test_long_name_is_cut_before_it_is_escaped() -> None:
    assert plain("*" * 300) == "\\*" * 200 + "…"


def test_older_evaluation_gives_a_card_that_says_what_is_missing() -> None:
    old = facts({}, provenance={}, packages=None, annotators=())
    text = card_markdown(card_make(old))
    assert "| Accuracy on pairs | not defined: not measured |" in text
    assert "The versions of packages were not written down." in text
    assert "How it was tested is not known." in text
