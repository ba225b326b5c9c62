"""Who is calling."""

from rest_framework.request import Request

from annotation.models import User


def signed_in(request: Request) -> User:
    """The caller, who has signed in: views are closed to others unless they say so."""
    if not isinstance(request.user, User):
        raise TypeError("a view that is open to everybody asked who is signed in")
    return request.user
