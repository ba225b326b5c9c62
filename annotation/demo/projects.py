"""The demo's projects: what they ask, what they tell their annotators, and which prompts they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIMULATED_NOTE = (
    "The prompts and outputs were written for this demo, and the four models that sign them do not exist. "
    "The labels that are here already are simulated: a program made them up, no person did. "
    "Yours will be the first real ones. "
    "题目和回答是为这个演示写的，四个署名的模型并不存在。这里已有的标签是程序模拟的，你的标签才是第一批真实的。"
)

DEMO_PROJECT: dict[str, Any] = {
    "name": "Demo: which answer is better?",
    "description": "Pairs of outputs for writing tasks, conversations and translations, in English and Chinese. "
    + SIMULATED_NOTE,
    "guidelines": """\
Read the prompt, then both answers to the end. Choose the one you would rather have received.

1. **Does it do what was asked?** Length limits, format and language count.
2. **Is it right?** One confident falsehood weighs more than a clumsy sentence.
3. **Is it good to read?** Clear and to the point beats polite padding.

Length is no merit by itself: a short answer can be complete, and a long one can be empty.
The strength says how sure you are: *slightly*, *clearly* or *much* better.
*Tie* means you would be equally happy with either; *both bad* means you would use neither.

---

**评判说明** 先读题目，再把两个回答都读完，选出你更愿意收到的那一个。
先看是否照要求做（字数、格式、语言），再看内容是否正确，最后看是否好读。
长不等于好：短的可能已经说全，长的也可能空话连篇。
两个一样好选“平局”，两个都用不了选“都不好”。
""",
    "template": "custom",
    "questions": [
        {
            "name": "overall",
            "kind": "comparison",
            "title": "Which answer is better? 哪个回答更好？",
            "required": True,
            "strengths": 3,
            "ties": True,
            "both_bad": True,
        }
    ],
    "overlap": 2,
    "blind": True,
    "shuffle": True,
}

RATING_PROJECT: dict[str, Any] = {
    "name": "Demo: rating translations",
    "description": "Translations between English and Chinese, each rated from 1 to 5 on three criteria. "
    + SIMULATED_NOTE,
    "guidelines": """\
Compare each translation with the source, sentence by sentence.

- **Accuracy**: are words and numbers right?
- **Fluency**: would a native speaker write it like this?
- **Faithfulness**: is nothing missing, nothing added, and the tone kept?

*Acceptable* means that you would send it without changing a word.

---

**评判说明** 请逐句对照原文。准确：词义、数字无误；流畅：像母语者写的；忠实：不漏、不添、语气一致。
“可接受”是指一字不改就能直接使用。
""",
    "template": "custom",
    "questions": [
        {
            "name": "accuracy",
            "kind": "rating",
            "title": "Accuracy 准确",
            "description": "Are words and numbers right?",
            "required": True,
            "min": 1,
            "max": 5,
        },
        {
            "name": "fluency",
            "kind": "rating",
            "title": "Fluency 流畅",
            "description": "Would a native speaker write it like this?",
            "required": True,
            "min": 1,
            "max": 5,
        },
        {
            "name": "faithfulness",
            "kind": "rating",
            "title": "Faithfulness 忠实",
            "description": "Nothing missing, nothing added, the tone kept.",
            "required": True,
            "min": 1,
            "max": 5,
        },
        {
            "name": "acceptable",
            "kind": "choice",
            "title": "Would you use it as it is? 可以直接用吗？",
            "required": True,
            "options": ["yes", "no"],
            "multiple": False,
            "per_completion": True,
        },
    ],
    "overlap": 2,
    "blind": True,
    "shuffle": True,
}

RANKING_PROJECT: dict[str, Any] = {
    "name": "Demo: ranking replies",
    "description": "Twelve conversations in English and Chinese, the last replies to be put in order. "
    + SIMULATED_NOTE,
    "guidelines": """\
Read the whole conversation, then put the replies in order, the best first.
Judge as the person who asked would: does the reply follow from what was said, help, and strike the right tone?
Replies that are equally good may share a place.

---

**评判说明** 先读完整段对话，再把各个回复从好到差排列。请站在提问者的角度：是否接得上、帮得上、语气合适。一样好的可以并列。
""",
    "template": "custom",
    "questions": [
        {
            "name": "order",
            "kind": "ranking",
            "title": "Put the replies in order 给回答排序",
            "required": True,
            "ties": True,
        }
    ],
    "overlap": 2,
    "blind": True,
    "shuffle": True,
}

MARKING_PROJECT: dict[str, Any] = {
    "name": "Demo: marking and rewriting",
    "description": "Short notices and answers with mistakes in them: mark the passages that are wrong, and write "
    "one of the two as it should be. Two of the prompts are nearly equal, and one output names its model, which is "
    "masked. " + SIMULATED_NOTE,
    "guidelines": """\
Mark every passage that is **wrong**, that **leaves the task**, or that could be **said better**, in both outputs.
Then write the better version of one of them; what you change is shown beside the original.

---

**评判说明** 请标出两个回答中错误、跑题或可以写得更好的地方，再把其中一个改写成更好的版本。
""",
    "template": "custom",
    "questions": [
        {
            "name": "marks",
            "kind": "highlight",
            "title": "Mark what is wrong 标出问题",
            "required": True,
            "labels": ["wrong 错误", "off task 跑题", "clumsy 生硬"],
        },
        {
            "name": "better",
            "kind": "rewrite",
            "title": "Write it better 改写",
            "description": "Start from either output. You may leave this out.",
            "required": False,
        },
    ],
    "overlap": 2,
    "blind": True,
    "shuffle": True,
    "mask_names": True,
}

CHOOSING_PROJECT: dict[str, Any] = {
    "name": "Demo: choosing what to ask",
    "description": "The same kind of comparison, but what the model is unsure about comes first, and a part of the "
    "prompts is kept apart, so that the page Models can say whether choosing pays. After a choice you may say why. "
    "The choices that are here already follow a simulated doubt. " + SIMULATED_NOTE,
    "guidelines": """\
Choose the answer you would rather have received, then, if you like, give the reason by one more key.

---

**评判说明** 选出你更愿意收到的那一个回答；愿意的话，再按一个键说明理由。
""",
    "template": "custom",
    "questions": [
        {
            "name": "overall",
            "kind": "comparison",
            "title": "Which answer is better? 哪个回答更好？",
            "required": True,
            "ties": True,
        }
    ],
    "overlap": 1,
    "blind": True,
    "shuffle": True,
    "allocation": "uncertain-first",
    "random_share": 0.35,
    "reasons": ["wrong 错误", "ignores the task 没照要求", "style 文风", "too long 太长"],
}

DEMO_PROJECTS: list[dict[str, Any]] = [
    DEMO_PROJECT,
    RATING_PROJECT,
    RANKING_PROJECT,
    MARKING_PROJECT,
    CHOOSING_PROJECT,
]


@dataclass(frozen=True)
class DemoSelection:
    """Which prompts a demo project takes, and what the simulated annotators do with them.

    `free` is the share of its items that they leave to people, `only` names those who take part (all, where it is
    empty), `repeats` is how many items each answers once more. `checked` adds known answers and what reviewers
    find, `chosen` lets a simulated doubt choose the items, `marked` has marked passages in place of choices.
    """

    tasks: tuple[str, ...]
    prompts: int | None = None
    free: float = 0.3
    only: tuple[str, ...] = ()
    repeats: int = 0
    checked: bool = False
    chosen: bool = False
    marked: bool = False


SELECTIONS: Mapping[str, DemoSelection] = {
    DEMO_PROJECT["name"]: DemoSelection(("generation", "dialogue", "translation"), repeats=12, checked=True),
    RATING_PROJECT["name"]: DemoSelection(("translation",)),
    RANKING_PROJECT["name"]: DemoSelection(("dialogue",), prompts=12, free=0.2),
    MARKING_PROJECT["name"]: DemoSelection(("marking",), marked=True),
    CHOOSING_PROJECT["name"]: DemoSelection(
        ("generation", "dialogue"), free=0.0, only=("sim-careful", "sim-steady"), chosen=True
    ),
}
