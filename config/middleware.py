"""What every request and response goes through."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from config.errors import body

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


DRAIN_MOST: Final = 32 * 1024**2  # bytes of a refused body that are read all the same
DRAIN_BLOCK: Final = 64 * 1024


def body_drain(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Read what a view left of the request's body, as when it refused the caller before looking at it.

    The server closes a connection on which a body was left unread, and a client that sends its next request
    there finds no answer.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        left = DRAIN_MOST
        while left > 0 and (block := request.read(DRAIN_BLOCK)):
            left -= len(block)
        return response

    return middleware


def nul_refuse(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a NUL character in the query, which no text holds and PostgreSQL does not look for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            message = "The address contains a NUL character (%00), which no text may."
            return JsonResponse(body("invalid", message), status=400)
        return get_response(request)

    return middleware


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Allow scripts, connections and pictures from this server alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware
