"""Domain errors: small exceptions with a code, a message and a status."""

from __future__ import annotations


class DomainError(Exception):
    """Something a caller did that cannot be done; the message says what to do instead."""

    status = 400
    code = "invalid"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        fields: dict[str, list[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status
        self.fields = fields or {}


class NotFoundError(DomainError):
    """No such object, or not one of the caller's: both look the same from outside."""

    status = 404
    code = "not_found"


class ForbiddenError(DomainError):
    """The caller is known but has not the role for this."""

    status = 403
    code = "forbidden"


class ConflictError(DomainError):
    """The request contradicts what is stored."""

    status = 409
    code = "conflict"


class UnprocessableError(DomainError):
    """Well-formed, but not acceptable here; `fields` names the places."""

    status = 422
    code = "invalid"
