"""Shapes on the wire: queue, judgments, prompts, parked and flagged items."""

from typing import Any

from rest_framework import serializers

from annotation.models import AnnotatorKind, JudgmentStatus, Purpose
from annotation.services.lease_keeping import KEPT_MOST, RETURN_AFTER_MOST
from annotation.services.leases import Closed


class MessageSerializer(serializers.Serializer[Any]):
    """One turn of a conversation."""

    role = serializers.CharField()
    content = serializers.CharField()


class QueuePromptSerializer(serializers.Serializer[Any]):
    """A prompt to judge."""

    id = serializers.CharField()
    messages = MessageSerializer(many=True)
    language = serializers.CharField(allow_blank=True)


class QueueCompletionSerializer(serializers.Serializer[Any]):
    """A completion to judge; `source` stands only in projects that are not blind."""

    id = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    source = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]  # a field of ours


class PositionSerializer(serializers.Serializer[Any]):
    """Where an item stands: which task of the caller's it is, and which of its prompt's pairs."""

    prompt = serializers.IntegerField(help_text="Counted from 1 over all that the caller has done.")
    pair = serializers.IntegerField()
    pairs = serializers.IntegerField()


class QueueItemSerializer(serializers.Serializer[Any]):
    """A lease with what is to be judged; `completions` stand in the order to show."""

    lease = serializers.CharField()
    item = serializers.CharField()
    expires_at = serializers.DateTimeField()
    prompt = QueuePromptSerializer()
    completions = QueueCompletionSerializer(many=True)
    shown = serializers.ListField(child=serializers.CharField())
    position = PositionSerializer(allow_null=True)


class LeasesSerializer(serializers.Serializer[Any]):
    """Leases of the caller."""

    leases = serializers.ListField(child=serializers.CharField(max_length=20), max_length=KEPT_MOST)


class LeaseEndSerializer(serializers.Serializer[Any]):
    """Until when a lease runs."""

    lease = serializers.CharField()
    expires_at = serializers.DateTimeField()


class LeasesRenewedSerializer(serializers.Serializer[Any]):
    """The leases that run on; one that was asked for and is absent has ended."""

    leases = LeaseEndSerializer(many=True)


class LeasesReturnSerializer(LeasesSerializer):
    """Leases to let go, and how soon."""

    after_seconds = serializers.IntegerField(default=0, min_value=0, max_value=RETURN_AFTER_MOST)


class LeasesReturnedSerializer(serializers.Serializer[Any]):
    """How many open leases will run out."""

    returned = serializers.IntegerField()


class QueueSerializer(serializers.Serializer[Any]):
    """What to judge next; `reason` says why there is nothing."""

    items = QueueItemSerializer(many=True)
    remaining = serializers.IntegerField(
        help_text="Items that still need this annotator, those of other leases too."
    )
    done = serializers.IntegerField()
    done_today = serializers.IntegerField(help_text="Since midnight UTC.")
    reason = serializers.ChoiceField(
        choices=["all_done", "all_leased", "empty_project", "no_role", *Closed], required=False
    )


class AnswersField(serializers.JSONField):
    """Answers by question name; `annotation.questions` checks them."""


class SubmissionSerializer(serializers.Serializer[Any]):
    """What a person says about an item: on a `lease`, or in place of the judgment that it `supersedes`."""

    lease = serializers.CharField(required=False, allow_null=True, default=None, max_length=40)
    supersedes = serializers.UUIDField(required=False, allow_null=True, default=None)
    status = serializers.ChoiceField(choices=JudgmentStatus.choices, default=JudgmentStatus.SUBMITTED)
    answers = serializers.DictField(required=False, default=dict)
    shown = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        allow_null=True,
        default=None,
        max_length=1000,
    )
    started_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    active_ms = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=0)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=10_000, trim_whitespace=False
    )


class SetAsideMarkSerializer(serializers.Serializer[Any]):
    """When, by whom and why a reviewer set a judgment aside."""

    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class JudgmentSerializer(serializers.Serializer[Any]):
    """One annotator's answers on one item."""

    uuid = serializers.UUIDField()
    project = serializers.CharField()
    prompt = serializers.CharField()
    item = serializers.CharField()
    annotator = serializers.CharField()
    annotator_kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    author = serializers.CharField(allow_null=True, help_text="Who decided, of a decision of a reviewer.")
    status = serializers.ChoiceField(choices=JudgmentStatus.choices)
    answers = serializers.DictField()
    shown = serializers.ListField(child=serializers.CharField())
    started_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    active_ms = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    surplus = serializers.BooleanField()
    set_aside = SetAsideMarkSerializer(allow_null=True)
    superseded = serializers.BooleanField()
    supersedes = serializers.UUIDField(allow_null=True)
    revision = serializers.IntegerField()
    policy = serializers.CharField(allow_blank=True)
    arm = serializers.CharField(allow_blank=True)
    probability = serializers.FloatField(allow_null=True)
    purpose = serializers.ChoiceField(
        choices=Purpose.choices, help_text="Reviewers are told; to annotators everything is work."
    )


class PromptDetailSerializer(serializers.Serializer[Any]):
    """The prompt of a judgment."""

    messages = MessageSerializer(many=True)
    language = serializers.CharField(allow_blank=True)


class TextSerializer(serializers.Serializer[Any]):
    """A completion's text."""

    id = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class JudgmentDetailSerializer(JudgmentSerializer):
    """A judgment with what it is about; completions in the order shown."""

    prompt_detail = PromptDetailSerializer()
    completions = TextSerializer(many=True)


class PromptRowSerializer(serializers.Serializer[Any]):
    """A prompt in a list."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    excerpt = serializers.CharField(allow_blank=True)
    completions = serializers.IntegerField()
    judgments = serializers.IntegerField()
    language = serializers.CharField(allow_blank=True)


class PromptCompletionSerializer(serializers.Serializer[Any]):
    """A completion with its origin, for reviewers."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of ours


class PromptSerializer(serializers.Serializer[Any]):
    """A prompt with all that was said about it."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    messages = MessageSerializer(many=True)
    metadata = serializers.DictField()
    group = serializers.CharField()
    language = serializers.CharField(allow_blank=True)
    completions = PromptCompletionSerializer(many=True)
    judgments = JudgmentSerializer(many=True)


class PromptReferenceSerializer(serializers.Serializer[Any]):
    """Which prompt an item is of."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    excerpt = serializers.CharField(allow_blank=True)


class SkipSerializer(serializers.Serializer[Any]):
    """Who skipped or flagged an item, and why."""

    annotator = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=JudgmentStatus.choices)


class SetAsideSerializer(serializers.Serializer[Any]):
    """An item that was parked or flagged."""

    item = serializers.CharField()
    prompt = PromptReferenceSerializer()
    skips = SkipSerializer(many=True)
    parked_at = serializers.DateTimeField(allow_null=True)
