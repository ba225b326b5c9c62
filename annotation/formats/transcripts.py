r"""Transcripts of the form `\n\nHuman: ...\n\nAssistant: ...` as conversations."""

from __future__ import annotations

import re
from itertools import takewhile

from annotation.formats.base import RowError

HUMAN = "\n\nHuman:"
ASSISTANT = "\n\nAssistant:"
TURN = re.compile(r"\n\n(Human|Assistant):")
ROLES = {"Human": "user", "Assistant": "assistant"}


def turns(text: str) -> list[tuple[str, str]]:
    r"""Split a transcript into (role, text) turns, the texts as they stand after the colon.

    >>> turns("\n\nHuman: Hi\n\nAssistant: Hello")
    [('user', ' Hi'), ('assistant', ' Hello')]
    """
    pieces = TURN.split(text)
    if pieces[0].strip():
        raise RowError("a transcript must begin with “Human:” or “Assistant:”, after an empty line")
    return [(ROLES[role], words) for role, words in zip(pieces[1::2], pieces[2::2], strict=True)]


def shared_start(one: str, other: str) -> str:
    """Return the characters with which both texts begin."""
    length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[:length]


def pair_from(chosen: str, rejected: str, notes: list[str]) -> tuple[list[dict[str, str]], list[str]]:
    """Split two transcripts into the conversation they share and the text each goes on with.

    Where a side goes on over several turns, its text keeps them as a transcript, with a note. Raises
    RowError where they share nothing or where the shared part does not lead to an assistant's turn.
    """
    sides = [turns(chosen), turns(rejected)]
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(*sides, strict=False))
    shared = [turn for turn, _ in pairs]
    shared = shared[: min(len(side) for side in sides) - 1]
    while shared and not all(side[len(shared)][0] == "assistant" for side in sides):
        shared = shared[:-1]
    if not shared:
        raise RowError("chosen and rejected share no turn that could be the prompt")
    texts = []
    for name, side in zip(("chosen", "rejected"), sides, strict=True):
        rest = side[len(shared) :]
        text = rest[0][1].strip()
        if len(rest) > 1:
            notes.append(f"{name} goes on over {len(rest)} turns; kept as one text")
            text += "".join(
                f"{HUMAN if role == 'user' else ASSISTANT} {words.strip()}" for role, words in rest[1:]
            )
        texts.append(text)
    return [{"role": role, "content": words.strip()} for role, words in shared], texts
