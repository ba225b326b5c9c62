"""Shapes on the wire: the review queue, decisions, what is set aside, remarks."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_labelling import (
    JudgmentSerializer,
    MessageSerializer,
    PromptReferenceSerializer,
    SkipSerializer,
)
from annotation.models import AnnotatorKind
from annotation.selectors.review import REASONS
from annotation.services.remarks import LONGEST

LONGEST_REASON = 2000


class AnswerCountSerializer(serializers.Serializer[Any]):
    """An answer and how many gave it."""

    answer = serializers.DictField()
    count = serializers.IntegerField()


class VotesSerializer(serializers.Serializer[Any]):
    """The answers to a question that were given most; `different` counts all different ones."""

    question = serializers.CharField()
    answers = AnswerCountSerializer(many=True)
    different = serializers.IntegerField()


class ReviewRowSerializer(serializers.Serializer[Any]):
    """An item that waits for review."""

    item = serializers.CharField()
    prompt = PromptReferenceSerializer()
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    disagreement = serializers.FloatField(allow_null=True, help_text="From 0 to 1.")
    judgments = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    notes = SkipSerializer(many=True)
    votes = VotesSerializer(many=True)
    decided = serializers.BooleanField()
    parked_at = serializers.DateTimeField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    completions = serializers.ListField(child=serializers.CharField())
    unread_remarks = serializers.IntegerField()


class ReviewCountsSerializer(serializers.Serializer[Any]):
    """How many items wait for each reason."""

    contested = serializers.IntegerField()
    flagged = serializers.IntegerField()
    suspected = serializers.IntegerField()
    parked = serializers.IntegerField()
    gold_failing = serializers.IntegerField()


class DecisionFigureSerializer(serializers.Serializer[Any]):
    """Agreement with the decisions, or why there is none."""

    value = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(child=serializers.FloatField(), required=False, allow_null=True)
    n = serializers.IntegerField(required=False)
    reason = serializers.CharField(required=False)


class ReviewedAnnotatorSerializer(serializers.Serializer[Any]):
    """An annotator beside the decisions."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    agreement = DecisionFigureSerializer()
    set_aside = serializers.IntegerField()


class ReviewSummarySerializer(serializers.Serializer[Any]):
    """What the review has found; figures are made of the newest `decisions_read` decisions."""

    counts = ReviewCountsSerializer()
    adjudicated = serializers.IntegerField()
    decisions_read = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    unread_remarks = serializers.IntegerField()
    annotators = ReviewedAnnotatorSerializer(many=True)


class ReviewCompletionSerializer(serializers.Serializer[Any]):
    """An output; `source` only where it was asked for."""

    id = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_null=True, allow_blank=True)  # type: ignore[assignment]  # a field of ours


class ReviewPromptSerializer(serializers.Serializer[Any]):
    """The prompt of an item."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    messages = MessageSerializer(many=True)
    language = serializers.CharField(allow_blank=True)


class ItemAnnotatorSerializer(serializers.Serializer[Any]):
    """Somebody who judged the item, with the state of the thread with them."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    has_account = serializers.BooleanField()
    remarks = serializers.IntegerField()
    unread = serializers.IntegerField()


class ReviewItemSerializer(serializers.Serializer[Any]):
    """An item with everything that was said about it; `shown` is the order of the outputs for the caller."""

    item = serializers.CharField()
    prompt = ReviewPromptSerializer()
    completions = ReviewCompletionSerializer(many=True)
    shown = serializers.ListField(child=serializers.CharField())
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    disagreement = serializers.FloatField(allow_null=True)
    parked_at = serializers.DateTimeField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    is_gold = serializers.BooleanField()
    decision = serializers.UUIDField(allow_null=True)
    judgments = JudgmentSerializer(many=True)
    annotators = ItemAnnotatorSerializer(many=True)


class DecisionSerializer(serializers.Serializer[Any]):
    """What a reviewer decides, under an id that the client minted."""

    uuid = serializers.UUIDField()
    answers = serializers.DictField(required=False, default=dict)
    shown = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        allow_null=True,
        default=None,
        max_length=1000,
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=10_000, trim_whitespace=False
    )


class SetAsideInputSerializer(serializers.Serializer[Any]):
    """Why a judgment is set aside."""

    reason = serializers.CharField(max_length=LONGEST_REASON)


class AnnotatorSetAsideSerializer(serializers.Serializer[Any]):
    """Why judgments of an annotator are set aside, from when on; `at` goes on with an action that was begun."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class BatchSerializer(serializers.Serializer[Any]):
    """A part of an action: call again with `at` until nothing is left."""

    at = serializers.DateTimeField()
    done = serializers.IntegerField()
    left = serializers.IntegerField()


class AsideCountSerializer(serializers.Serializer[Any]):
    """How many judgments of an annotator an action would reach, and how many are set aside."""

    judgments = serializers.IntegerField()
    set_aside = serializers.IntegerField()


class RemarkSerializer(serializers.Serializer[Any]):
    """A remark; `from` says which side wrote it."""

    id = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name that a class body could use."""
        return {**super().get_fields(), "from": serializers.ChoiceField(choices=["annotator", "reviewer"])}


class RemarkInputSerializer(serializers.Serializer[Any]):
    """What somebody writes; Markdown."""

    text = serializers.CharField(max_length=LONGEST)


class ThreadAnnotatorSerializer(serializers.Serializer[Any]):
    """With whom a thread is."""

    id = serializers.CharField()
    name = serializers.CharField()


class ThreadSerializer(serializers.Serializer[Any]):
    """A thread on an item with one annotator; `judgment` is that annotator's current one."""

    item = serializers.CharField()
    annotator = ThreadAnnotatorSerializer()
    prompt = PromptReferenceSerializer()
    judgment = serializers.UUIDField(allow_null=True)
    remarks = serializers.IntegerField()
    unread = serializers.IntegerField()
    last = RemarkSerializer()


class ThreadPageSerializer(serializers.Serializer[Any]):
    """Threads, unread ones first; `unread` counts remarks, up to 100."""

    results = ThreadSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    unread = serializers.IntegerField()
