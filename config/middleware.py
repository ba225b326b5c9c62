"""What every request and response goes through."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

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


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Allow scripts, connections and pictures from this server alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware
