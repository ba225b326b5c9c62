"""The training application."""

from django.apps import AppConfig


class TrainingApp(AppConfig):
    """Snapshots, training runs, reward models."""

    name = "training"
