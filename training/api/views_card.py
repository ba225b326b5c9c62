"""The card of a reward model: JSON for the page, Markdown for a file."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.renderers import OrjsonRenderer
from annotation.errors import UnprocessableError
from annotation.models import Role
from training.api.serializers_card import CardSerializer
from training.artifacts import CARD
from training.selectors.cards import card_text, card_wire
from training.selectors.models import model_get

MARKDOWN = "md"


class MarkdownRenderer(BaseRenderer):
    """Lets a client ask for Markdown by its type; the view words it."""

    media_type = "text/markdown"
    format = MARKDOWN

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """Errors are JSON all the same."""
        return b"" if data is None else orjson.dumps(data, default=str)


class ModelCardView(APIView):
    """A model's card."""

    renderer_classes = [OrjsonRenderer, MarkdownRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "file", str, enum=[MARKDOWN], description="`md` gives a file to keep, `MODEL_CARD.md`."
            ),
        ],
        responses={(200, "application/json"): CardSerializer, (200, "text/markdown"): OpenApiTypes.STR},
    )
    def get(self, request: Request, model_id: str) -> Response | HttpResponse:
        """JSON, or Markdown where the client accepts `text/markdown`; annotators are counted, not named."""
        model = model_get(user=request.user, model_id=model_id, role=Role.REVIEWER)
        file = request.query_params.get("file", "")
        if file not in ("", MARKDOWN):
            message = f"file must be {MARKDOWN}."
            raise UnprocessableError(message, fields={"file": [message]})
        if not file and request.accepted_renderer.format != MARKDOWN:
            return Response(card_wire(model))
        response = HttpResponse(card_text(model), content_type="text/markdown; charset=utf-8")
        if file:
            response["Content-Disposition"] = f'attachment; filename="{CARD}"'
        return response
