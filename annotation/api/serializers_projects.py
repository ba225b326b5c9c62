"""Shapes on the wire: projects, questions, revisions, templates."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotation.models import Role
from annotation.models.projects import Allocation, ItemKind, Template
from annotation.questions import KINDS

QUESTION_KINDS = list(KINDS)
REASONS_MOST = 20
REASON_MOST = 100
LARGEST_INTEGER = 2**31 - 1


def option_fields() -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    """The options of all kinds of questions; one that kinds use in different shapes is open JSON."""
    shapes: dict[str, str] = {}
    for kind in KINDS.values():
        for name, shape in kind.OPTIONS.items():
            shapes[name] = shape if shapes.get(name, shape) == shape else "json"
    return {name: _option_field(shape) for name, shape in shapes.items()}


def _option_field(shape: str) -> serializers.Field[Any, Any, Any, Any]:
    if shape == "integer":
        return serializers.IntegerField(required=False)
    if shape == "flag":
        return serializers.BooleanField(required=False)
    if shape == "words":
        return serializers.ListField(child=serializers.CharField(), required=False)
    return serializers.JSONField(required=False)


class QuestionSerializer(serializers.Serializer[Any]):
    """A question in its flat form; which options there are depends on the kind (see `annotation.questions`)."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()  # type: ignore[assignment]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add the options of the kinds there are."""
        return {**super().get_fields(), **option_fields()}


@extend_schema_field(QuestionSerializer(many=True))
class QuestionsField(serializers.JSONField):
    """Questions are checked by `annotation.questions`, which names the place of each problem."""


class ReasonsField(serializers.ListField):
    """What an annotator may say with one key about why they judged so: short, different texts."""

    def __init__(self, **more: Any) -> None:
        """Bound their number and length."""
        super().__init__(child=serializers.CharField(max_length=REASON_MOST), max_length=REASONS_MOST, **more)

    def to_internal_value(self, data: Any) -> list[str]:
        """Refuse a reason that stands in the list twice."""
        reasons: list[str] = super().to_internal_value(data)
        if len(set(reasons)) < len(reasons):
            raise serializers.ValidationError("Give each reason once.")
        return reasons


class ProjectInputSerializer(serializers.Serializer[Any]):
    """A new project."""

    name = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    guidelines = serializers.CharField(
        required=False, allow_blank=True, max_length=200_000, trim_whitespace=False
    )
    template = serializers.ChoiceField(choices=Template.choices, required=False)
    questions = QuestionsField(required=False)
    overlap = serializers.IntegerField(required=False, min_value=1, max_value=100)
    blind = serializers.BooleanField(required=False)
    shuffle = serializers.BooleanField(required=False)
    allocation = serializers.ChoiceField(choices=Allocation.choices, required=False)
    lease_seconds = serializers.IntegerField(
        required=False, validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 3600)]
    )
    good_at = serializers.FloatField(required=False, allow_null=True)
    reasons = ReasonsField(required=False)
    own_figures = serializers.BooleanField(required=False)
    mask_names = serializers.BooleanField(required=False)
    random_share = serializers.FloatField(required=False, min_value=0, max_value=1)
    overlap_most = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100)
    confidence = serializers.FloatField(required=False, allow_null=True, min_value=0.5, max_value=0.999)
    quota_total = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=LARGEST_INTEGER
    )
    quota_daily = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=LARGEST_INTEGER
    )


class ProjectPatchSerializer(ProjectInputSerializer):
    """What may change about a project."""

    name = serializers.CharField(max_length=200, required=False)
    template = None  # type: ignore[assignment]


class ProjectSerializer(serializers.Serializer[Any]):
    """A project with its current questions and the caller's role."""

    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    template = serializers.ChoiceField(choices=Template.choices)
    guidelines = serializers.CharField(allow_blank=True)
    questions = QuestionSerializer(many=True)
    revision = serializers.IntegerField()
    overlap = serializers.IntegerField()
    blind = serializers.BooleanField()
    shuffle = serializers.BooleanField()
    allocation = serializers.ChoiceField(choices=Allocation.choices)
    lease_seconds = serializers.IntegerField()
    good_at = serializers.FloatField(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())
    own_figures = serializers.BooleanField(help_text="Annotators may see how far they agree with the others.")
    mask_names = serializers.BooleanField(
        help_text="Annotators see blocks in place of models' names; blind projects."
    )
    random_share = serializers.FloatField(
        help_text="Share of the prompts kept apart from the policy and handed out in random order."
    )
    overlap_most = serializers.IntegerField(
        allow_null=True, help_text="Adaptive overlap: most judgments of a contested item; null: never more."
    )
    confidence = serializers.FloatField(
        allow_null=True, help_text="Adaptive overlap: how probable an answer is when an item is settled."
    )
    quota_total = serializers.IntegerField(allow_null=True, help_text="Judgments one person may make.")
    quota_daily = serializers.IntegerField(allow_null=True, help_text="The same, in one day (UTC).")
    paused_at = serializers.DateTimeField(allow_null=True)
    role = serializers.ChoiceField(choices=Role.choices)
    owner = serializers.CharField()
    is_demo = serializers.BooleanField()
    item_kind = serializers.ChoiceField(choices=ItemKind.choices)
    prompts = serializers.IntegerField(help_text="Counted up to 100,000.")
    judgments = serializers.IntegerField(help_text="Counted up to 100,000.")
    created_at = serializers.DateTimeField()
    deleted_at = serializers.DateTimeField(allow_null=True)


class RevisionSerializer(serializers.Serializer[Any]):
    """One wording of a project's questions and guidelines."""

    number = serializers.IntegerField()
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    guidelines = serializers.CharField(allow_blank=True)
    questions = QuestionSerializer(many=True)


class TemplateSerializer(serializers.Serializer[Any]):
    """A ready-made set of questions."""

    name = serializers.ChoiceField(choices=Template.choices)
    title = serializers.CharField()
    description = serializers.CharField()
    guidelines = serializers.CharField(allow_blank=True)
    questions = QuestionSerializer(many=True)
