"""Secrets that are shown once and stored as digests."""

import hashlib
import secrets


def token_mint() -> str:
    """A new secret of 256 bits."""
    return f"plaudit_{secrets.token_urlsafe(32)}"


def token_digest(token: str) -> str:
    """What is stored of a secret. It is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
