"""Marked passages and rewritten outputs of the demo, written by hand for it and signed by simulated annotators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("5f0c3a52-6f5e-5c52-9d0d-2f1a6f0a9b13")
MARKS: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "marking-en-01": (
        ("c1", "closed on Tuesday", "wrong 错误", "The task says Thursday."),
        ("c2", "We hope this message finds you in the best of spirits.", "off task 跑题", ""),
    ),
    "marking-zh-01": (("c2", "每天都开放", "wrong 错误", "周一闭馆。"),),
}
"""By prompt: output, passage, label and comment of each mark."""
REWRITES: Mapping[str, tuple[str, str]] = {
    "marking-en-01": (
        "c1",
        (
            "The library is closed on Thursday, 4 June, because the heating is being repaired. "
            "Books due that day may come back on Friday."
        ),
    ),
}
"""By prompt: the output it starts from, and its better version."""


def lines_marked(prompts: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the prompts as native lines, with the judgments above on the day before `now`."""
    begun = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=9)
    for prompt in prompts:
        line: dict[str, Any] = {**prompt, "judgments": []}
        if prompt["id"] in MARKS:
            texts = {completion["id"]: completion["text"] for completion in prompt["completions"]}
            line["judgments"].append(_judgment(prompt["id"], texts, begun))
            begun += timedelta(minutes=3)
        yield line


def _judgment(prompt: str, texts: Mapping[str, str], begun: datetime) -> dict[str, Any]:
    spans = []
    for completion, passage, label, comment in MARKS[prompt]:
        start = texts[completion].index(passage)
        spans.append(
            {
                "completion": completion,
                "start": start,
                "end": start + len(passage),
                "label": label,
                "comment": comment,
            }
        )
    answers: dict[str, Any] = {"marks": {"spans": spans}}
    if prompt in REWRITES:
        completion, text = REWRITES[prompt]
        answers["better"] = {"completion": completion, "text": text}
    return {
        "id": str(uuid5(NAMESPACE, prompt)),
        "annotator": "sim-careful",
        "annotator_kind": "simulated",
        "status": "submitted",
        "answers": answers,
        "shown": list(texts),
        "started_at": begun.isoformat(),
        "submitted_at": (begun + timedelta(seconds=95)).isoformat(),
        "active_ms": 92_000,
    }
