"""Shapes on the wire: imports and recipes."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_projects import QuestionSerializer
from annotation.models import ExaminationStatus, ImportStatus


class RowMessageSerializer(serializers.Serializer[Any]):
    """What is to be said of one row of a file."""

    row = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class ExaminationSerializer(serializers.Serializer[Any]):
    """What the search through an import has found so far."""

    status = serializers.ChoiceField(choices=ExaminationStatus.choices)
    near_duplicates = serializers.IntegerField(help_text="Prompts like an earlier one.")
    equal_outputs = serializers.IntegerField(help_text="Prompts of which two outputs are nearly equal.")
    revealing = serializers.IntegerField(help_text="Outputs that say which model wrote them.")


class ImportSerializer(serializers.Serializer[Any]):
    """What became of a file."""

    id = serializers.CharField()
    status = serializers.ChoiceField(choices=ImportStatus.choices)
    filename = serializers.CharField(allow_blank=True)
    format = serializers.CharField()
    progress = serializers.FloatField()
    rows_read = serializers.IntegerField()
    prompts_created = serializers.IntegerField()
    completions_created = serializers.IntegerField()
    judgments_created = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    skipped = serializers.IntegerField()
    errors = RowMessageSerializer(many=True)  # type: ignore[assignment]
    errors_total = serializers.IntegerField()
    notes = RowMessageSerializer(many=True)
    conversions = serializers.IntegerField()
    dry_run = serializers.BooleanField()
    preview = serializers.ListField(child=serializers.DictField(), allow_null=True)
    columns = serializers.ListField(child=serializers.CharField(), allow_null=True)
    samples = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        allow_null=True,
        help_text="Of a dry run: values of each column in the first rows, at most 20 and cut short.",
    )
    detected_format = serializers.CharField(allow_null=True)
    detected_map = serializers.DictField(allow_null=True)
    detected_recipe = serializers.CharField(allow_null=True)
    undoable = serializers.BooleanField()
    undone_at = serializers.DateTimeField(allow_null=True)
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    examination = ExaminationSerializer(allow_null=True)


class RecipeOptionSerializer(serializers.Serializer[Any]):
    """Something that may be said when a file is read by a recipe."""

    name = serializers.CharField()
    title = serializers.CharField()


class RecipeSerializer(serializers.Serializer[Any]):
    """A map that is shipped, for a well-known public set."""

    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    needs_filename = serializers.BooleanField()
    options = RecipeOptionSerializer(many=True)
    questions = QuestionSerializer(many=True)
