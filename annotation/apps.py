"""The annotation application."""

from django.apps import AppConfig


class AnnotationApp(AppConfig):
    """People, projects, prompts, judgments."""

    name = "annotation"
