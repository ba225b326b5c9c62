"""OpenAssistant's conversation trees: one tree per line, replies ranked among their siblings, 0 the best.

Every message with two or more replies of the assistant becomes a prompt with those replies; their ranks
become one ranking. A tree is one group. Deleted and synthetic messages are left out with all that hangs
on them; option `synthetic=1` keeps the synthetic ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from annotation.formats.base import Bad, Line, Row, RowError, Skipped
from annotation.formats.native import line_from
from annotation.formats.tabular import TABLES
from annotation.formats.values import described, object_of

ANNOTATOR = "dataset"
ROLES = {"prompter": "user", "assistant": "assistant"}
QUESTIONS = [
    {"name": "overall", "kind": "ranking", "title": "Put the replies in order, the best first.", "ties": True}
]
MAX_TREE_DEPTH = 200


def read_openassistant(stream: IO[bytes], options: Mapping[str, str], table: str = "jsonl") -> Iterator[Row]:
    """Read trees. One row gives a line for each group of replies; a tree without any is skipped."""
    annotator = options.get("annotator") or ANNOTATOR
    synthetic = options.get("synthetic") == "1"
    for number, tree in TABLES[table](stream, options):
        if isinstance(tree, RowError | Skipped):
            yield tree if isinstance(tree, Skipped) else Bad(number, str(tree))
            continue
        lines: list[Row] = []
        try:
            root = object_of(tree.get("prompt"), "prompt")
            walk = _groups(root, [], str(tree.get("message_tree_id") or root.get("message_id")), synthetic)
            for group in walk:
                line, notes = line_from(_native(group, annotator), positions=True)
                lines.append(Line(number, line, notes))
        except RowError as error:
            lines.append(Bad(number, str(error)))
        yield from lines or [Skipped(number, "the tree has no two replies to one message")]


def _groups(
    message: dict[str, Any], path: list[dict[str, str]], tree: str, synthetic: bool
) -> Iterator[dict[str, Any]]:
    """Yield the message, the conversation up to it and its replies, for all messages with two or more."""
    if len(path) > MAX_TREE_DEPTH:
        raise RowError(f"the tree is deeper than {MAX_TREE_DEPTH} messages")
    if message.get("deleted") is True or (message.get("synthetic") is True and not synthetic):
        return
    role = message.get("role")
    if role not in ROLES:
        raise RowError(f"role must be prompter or assistant, got {described(role)}")
    path = [*path, {"role": ROLES[role], "content": message.get("text", "")}]
    replies = message.get("replies") or []
    if not isinstance(replies, list):
        raise RowError(f"replies must be a list, got {described(replies)}")
    replies = [object_of(reply, "replies") for reply in replies]
    answers = [
        reply
        for reply in replies
        if reply.get("role") == "assistant"
        and reply.get("deleted") is not True
        and (synthetic or reply.get("synthetic") is not True)
    ]
    if len(answers) > 1:
        yield {"message": message, "path": path, "answers": answers, "tree": tree}
    for reply in replies:
        yield from _groups(reply, path, tree, synthetic)


def _native(group: dict[str, Any], annotator: str) -> dict[str, Any]:
    ranks: dict[int, list[str]] = {}
    for place, reply in enumerate(group["answers"]):
        rank = reply.get("rank")
        if rank is None:
            continue
        if type(rank) is not int:
            raise RowError(f"rank must be a whole number, got {described(rank)}")
        ranks.setdefault(rank, []).append(str(place))
    ranked = sum(len(tier) for tier in ranks.values())
    answers = {"overall": {"tiers": [ranks[rank] for rank in sorted(ranks)]}}
    language = group["message"].get("lang")
    return {
        "id": group["message"].get("message_id"),
        "messages": group["path"],
        "group": group["tree"],
        "completions": [
            {"id": reply.get("message_id"), "text": reply.get("text"), "source": reply.get("model_name")}
            for reply in group["answers"]
        ],
        "metadata": {"language": language} if language else {},
        "judgments": [{"annotator": annotator, "answers": answers}] if ranked > 1 else [],
    }
