"""Shapes on the wire: projects, questions, revisions, templates."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotation.models import Role
from annotation.models.projects import Allocation, ItemKind, Template
from annotation.questions import KINDS

QUESTION_KINDS = list(KINDS)


class QuestionSerializer(serializers.Serializer[Any]):
    """A question in its flat form; which options there are depends on the kind (see `annotation.questions`)."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()  # type: ignore[assignment]
    strengths = serializers.IntegerField(required=False)
    ties = serializers.BooleanField(required=False)
    both_bad = serializers.BooleanField(required=False)
    min = serializers.IntegerField(required=False)
    max = serializers.IntegerField(required=False)
    labels = serializers.JSONField(required=False)
    options = serializers.ListField(child=serializers.CharField(), required=False)
    multiple = serializers.BooleanField(required=False)
    per_completion = serializers.BooleanField(required=False)


@extend_schema_field(QuestionSerializer(many=True))
class QuestionsField(serializers.JSONField):
    """Questions are checked by `annotation.questions`, which names the place of each problem."""


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
