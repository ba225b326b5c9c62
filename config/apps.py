"""The configuration's own application: it brings the commands `up` and `token`."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    """Commands that put the parts together."""

    name = "config"
