"""The web process's way to the scorer. Torch is never imported here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import httpx
import orjson
from django.conf import settings

from annotation.errors import DomainError, NotFoundError

if TYPE_CHECKING:
    from training.rewards.data import Completion, Prompt

TIMEOUT: Final = httpx.Timeout(170, connect=5)  # seconds; trainers wait 180 for an answer
CONNECTIONS: Final = httpx.Limits(max_connections=64, max_keepalive_connections=32)


class ScorerUnavailableError(DomainError):
    """The scorer does not run, or not where it was expected."""

    status = 503
    code = "scorer_unavailable"


@cache
def _client() -> httpx.Client:
    """One client for the process; httpx clients may be shared by threads."""
    if settings.SCORER_URL:
        return httpx.Client(base_url=settings.SCORER_URL, timeout=TIMEOUT, limits=CONNECTIONS)
    transport = httpx.HTTPTransport(uds=str(settings.SCORER_SOCKET), limits=CONNECTIONS)
    return httpx.Client(base_url="http://scorer", transport=transport, timeout=TIMEOUT)


def disconnect() -> None:
    """Close the connections to the scorer; the next request opens new ones."""
    if _client.cache_info().currsize:
        _client().close()
        _client.cache_clear()


def rewards_compute(
    *, model_id: int, items: list[dict[str, Any]], explain: bool = False
) -> list[dict[str, Any]]:
    """Rewards by a model, in the order of `items` (`{"messages": [...], "completion": text}`).

    Each is `{"reward", "std", "criteria", "explanation"}`. Raises ScorerUnavailableError where there is no
    scorer, and what the scorer says went wrong as a DomainError.
    """
    answer = _ask("/score", {"model": model_id, "items": items, "explain": explain})
    rewards: list[dict[str, Any]] = answer["rewards"]
    return rewards


def nearest_compute(*, model_id: int, items: list[dict[str, Any]], count: int) -> dict[str, Any]:
    """The `count` outputs a model learned from that are most like each item, by their ids in files.

    `{"unavailable": None or why, "indexed", "left_out", "items": [[{"ids", "rows", "similarity", ...}]]}`.
    Raises as `rewards_compute` does.
    """
    return _ask("/nearest", {"model": model_id, "items": items, "count": count})


def _ask(path: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        response = _client().post(path, content=orjson.dumps(request))
        answer: dict[str, Any] = orjson.loads(response.content)
    except (httpx.TransportError, orjson.JSONDecodeError) as error:
        message = (
            "The scorer cannot be reached. `manage.py scorer` runs it, and `manage.py up` starts it too."
        )
        raise ScorerUnavailableError(f"{message} ({type(error).__name__})") from None
    if response.status_code == 200:
        return answer
    problem = answer["error"]
    if response.status_code == 404:
        raise NotFoundError(problem["message"])
    raise DomainError(problem["message"], code=problem["code"], status=response.status_code)


def item_wire(prompt: Prompt, completion: Completion) -> dict[str, Any]:
    """A completion beside its prompt as the scorer takes it."""
    return {
        "messages": [{"role": turn.role, "content": turn.content} for turn in prompt.messages],
        "completion": completion.text,
        "features": list(completion.features),
    }
