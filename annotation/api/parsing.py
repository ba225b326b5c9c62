"""Request bodies, checked."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request


def parsed(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The body as `shape` reads it; 400 with the fields' names otherwise."""
    serializer = shape(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
