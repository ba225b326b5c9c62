"""Projects, their members and invitations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_accounts as people
from annotation.api import serializers_projects as shapes
from annotation.api.accounts import LogInThrottle
from annotation.api.authentication import caller
from annotation.api.pagination import Listing, listed
from annotation.api.parsing import parsed
from annotation.errors import UnprocessableError
from annotation.models import Invitation, Member, Project, Revision, Role
from annotation.project_templates import TEMPLATES
from annotation.selectors.access import opaque, project_get, projects_visible
from annotation.selectors.projects import project_wire, revision_wire
from annotation.services import accounts, members, projects


class TemplateListView(APIView):
    """Ready-made projects."""

    @extend_schema(responses=listed(shapes.TemplateSerializer))
    def get(self, request: Request) -> Response:
        """All of them."""
        rows = [shapes.TemplateSerializer(template).data for template in TEMPLATES.values()]
        return Response({"results": rows, "next": None})


class ProjectListView(APIView):
    """The caller's projects."""

    @extend_schema(
        operation_id="projects_list",
        parameters=[
            OpenApiParameter("deleted", bool, description="Those deleted in the last seven days instead.")
        ],
        responses=listed(shapes.ProjectSerializer),
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        rows = projects_visible(request.user, deleted=request.query_params.get("deleted") in {"1", "true"})
        return Listing(request, key="created_at", descending=True).response(
            rows, lambda project: project_wire(project, user=request.user)
        )

    @extend_schema(request=shapes.ProjectInputSerializer, responses={201: shapes.ProjectSerializer})
    def post(self, request: Request) -> Response:
        """Make a project; with a template, questions may be left out."""
        project = projects.project_create(
            owner=caller(request), data=parsed(shapes.ProjectInputSerializer, request)
        )
        return Response(project_wire(project, user=request.user), status=201)


class ProjectView(APIView):
    """One project."""

    @extend_schema(responses=shapes.ProjectSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Its settings and current questions."""
        project = project_get(user=request.user, project_id=project_id)
        return Response(project_wire(project, user=request.user))

    @extend_schema(request=shapes.ProjectPatchSerializer, responses=shapes.ProjectSerializer)
    def patch(self, request: Request, project_id: str) -> Response:
        """Change settings; new questions or guidelines make a new revision."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        data = parsed(shapes.ProjectPatchSerializer, request)
        project = projects.project_update(project=project, author=caller(request), data=data)
        return Response(project_wire(project, user=request.user))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: str) -> Response:
        """Delete it; recoverable for seven days."""
        projects.project_delete(
            project=project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        )
        return Response(status=204)


class ProjectRestoreView(APIView):
    """The way back from a deletion."""

    @extend_schema(request=None, responses=shapes.ProjectSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """Bring the project back."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN, deleted=True)
        return Response(project_wire(projects.project_restore(project=project), user=request.user))


class RevisionListView(APIView):
    """What a project has asked over time."""

    @extend_schema(responses=listed(shapes.RevisionSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first."""
        project = project_get(user=request.user, project_id=project_id)
        rows = Revision.objects.filter(project=project).select_related("author").prefetch_related("questions")
        return Listing(request, key="number", descending=True).response(
            rows.order_by("-number"), revision_wire
        )


def member_wire(member: Member) -> dict[str, Any]:
    """A member's name, role and time of joining."""
    return {"username": member.user.username, "role": member.role, "joined_at": member.joined_at}


class MemberListView(APIView):
    """Who belongs to a project."""

    @extend_schema(responses=listed(people.MemberSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """The owner first, then the members in the order they joined."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        rows = Member.objects.filter(project=project).exclude(user_id=project.owner_id).select_related("user")
        response = Listing(request, key="id").response(rows.order_by("id"), member_wire)
        if "cursor" not in request.query_params:
            owner = {"username": project.owner.username, "role": Role.ADMIN, "joined_at": project.created_at}
            response.data["results"].insert(0, owner)
        return response

    @extend_schema(request=people.MemberInputSerializer, responses={201: people.MemberSerializer})
    def post(self, request: Request, project_id: str) -> Response:
        """Give an account a role."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        given = parsed(people.MemberInputSerializer, request)
        member = members.member_set(project=project, username=given["username"], role=Role(given["role"]))
        return Response(member_wire(member), status=201)

    @extend_schema(
        parameters=[OpenApiParameter("username", str, description="May stand in the body instead.")],
        responses={204: None},
    )
    def delete(self, request: Request, project_id: str) -> Response:
        """Take an account out; its judgments stay."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        body = request.data if isinstance(request.data, dict) else {}
        username = request.query_params.get("username") or body.get("username")
        if not isinstance(username, str):
            raise UnprocessableError("Say whom.", fields={"username": ["This field is required."]})
        members.member_remove(project=project, username=username)
        return Response(status=204)


def invitation_wire(invitation: Invitation) -> dict[str, Any]:
    """An open invitation, without its secret."""
    return {
        "id": str(invitation.pk),
        "role": invitation.role,
        "expires_at": invitation.expires_at,
        "created_by": invitation.created_by.username if invitation.created_by else None,
        "created_at": invitation.created_at,
        "uses": invitation.uses,
    }


class InvitationListView(APIView):
    """Links that let people into a project."""

    @extend_schema(operation_id="project_invitations_list", responses=listed(people.InvitationSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Those that still work or have run out, newest first; revoked ones are gone."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        rows = (
            Invitation.objects.filter(project=project, revoked_at=None)
            .select_related("created_by")
            .order_by("-id")
        )
        return Listing(request, key="id", descending=True).response(rows, invitation_wire)

    @extend_schema(
        request=people.InvitationInputSerializer, responses={201: people.InvitationCreatedSerializer}
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Make a link; its secret is in this answer and nowhere else."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        given = parsed(people.InvitationInputSerializer, request)
        invitation, secret = members.invitation_create(
            project=project, by=caller(request), role=Role(given["role"]), expires_at=given["expires_at"]
        )
        link = request.build_absolute_uri(f"/invitations/{secret}")
        return Response({**invitation_wire(invitation), "url": link, "token": secret}, status=201)


class InvitationView(APIView):
    """One invitation of a project."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: str, invitation_id: str) -> Response:
        """Revoke it."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        members.invitation_revoke(project=project, invitation_id=opaque(invitation_id))
        return Response(status=204)


class InvitationPublicView(APIView):
    """What a link shows to whoever opens it."""

    permission_classes = [AllowAny]

    @extend_schema(responses=people.InvitationPublicSerializer)
    def get(self, request: Request, secret: str) -> Response:
        """The project's name and the role offered."""
        invitation = members.invitation_get(secret)
        project: Project = invitation.project
        return Response(
            {
                "project": {"id": str(project.id), "name": project.name},
                "role": invitation.role,
                "expires_at": invitation.expires_at,
            }
        )


class InvitationAcceptView(APIView):
    """Joining by a link."""

    permission_classes = [AllowAny]
    throttle_classes = [LogInThrottle]

    @extend_schema(request=people.InvitationAcceptSerializer, responses=people.AcceptedSerializer)
    def post(self, request: Request, secret: str) -> Response:
        """Join as who one is, or with a new account made on the way."""
        invitation = members.invitation_get(secret)
        user = request.user
        if not user.is_authenticated:
            given = parsed(people.InvitationAcceptSerializer, request)
            if not {"username", "password"} <= given.keys():
                raise UnprocessableError(
                    "Sign in, or choose a name and a password.",
                    fields={"username": ["This field is required."]},
                )
            user = accounts.user_create(username=given["username"], password=given["password"])
            login(request._request, user, backend="django.contrib.auth.backends.ModelBackend")
        member = members.invitation_accept(invitation=invitation, user=user)
        return Response({"project": str(member.project_id)})
