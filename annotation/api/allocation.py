"""Who is given what, and how much: pausing, annotators with their quotas and groups, pools."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_allocation as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.api.parsing import parsed
from annotation.api.serializers_projects import ProjectSerializer
from annotation.models import Project, Role
from annotation.selectors.access import project_get
from annotation.selectors.allocation import annotators_listed, annotators_wire, pools_listed, pools_wire
from annotation.selectors.projects import project_wire
from annotation.services import annotators, pools


def managed_project(request: Request, project_id: object) -> Project:
    """The project, for its admins."""
    return project_get(user=caller(request), project_id=project_id, role=Role.ADMIN)


class ProjectPauseView(APIView):
    """A pause for everybody."""

    @extend_schema(request=None, responses=ProjectSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """Hand out nothing; what is sent is still taken."""
        project = annotators.project_pause(project=managed_project(request, project_id))
        return Response(project_wire(project, user=caller(request)))


class ProjectResumeView(APIView):
    """The end of a pause."""

    @extend_schema(request=None, responses=ProjectSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """Hand out again."""
        project = annotators.project_resume(project=managed_project(request, project_id))
        return Response(project_wire(project, user=caller(request)))


class AnnotatorListView(APIView):
    """Who judges in a project."""

    @extend_schema(
        operation_id="projects_annotators_list",
        parameters=PAGE_PARAMETERS,
        responses=listed(shapes.AnnotatorSettingsSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """By name, with what each has done and may do."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(
            keyset_page(request, annotators_listed(project), annotators_wire, keys=["name", "id"])
        )


class AnnotatorView(APIView):
    """One annotator."""

    @extend_schema(
        request=shapes.AnnotatorSettingsPatchSerializer, responses=shapes.AnnotatorSettingsSerializer
    )
    def patch(self, request: Request, project_id: str, annotator_id: str) -> Response:
        """Change quotas and groups, pause, or let them go on."""
        project = managed_project(request, project_id)
        annotator = annotators.annotator_get(project=project, annotator_id=annotator_id)
        data = parsed(shapes.AnnotatorSettingsPatchSerializer, request)
        annotators.annotator_update(annotator=annotator, data=data)
        [wire] = annotators_wire(list(annotators_listed(project).filter(id=annotator.id)))
        return Response(wire)


class PoolListView(APIView):
    """The pools of a project."""

    @extend_schema(
        operation_id="projects_pools_list",
        parameters=PAGE_PARAMETERS,
        responses=listed(shapes.PoolSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """By name, with who is given their prompts and how many are left."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(
            keyset_page(
                request, pools_listed(project), lambda page: pools_wire(project, page), keys=["name", "id"]
            )
        )

    @extend_schema(request=shapes.PoolInputSerializer, responses={201: shapes.PoolSerializer})
    def post(self, request: Request, project_id: str) -> Response:
        """Make one."""
        project = managed_project(request, project_id)
        pool = pools.pool_save(project=project, pool=None, data=parsed(shapes.PoolInputSerializer, request))
        return Response(pools_wire(project, [pool])[0], status=201)


class PoolView(APIView):
    """One pool."""

    @extend_schema(request=shapes.PoolPatchSerializer, responses=shapes.PoolSerializer)
    def patch(self, request: Request, project_id: str, pool_id: str) -> Response:
        """Change its name and who is given its prompts."""
        project = managed_project(request, project_id)
        pool = pools.pool_get(project=project, pool_id=pool_id)
        pool = pools.pool_save(project=project, pool=pool, data=parsed(shapes.PoolPatchSerializer, request))
        return Response(pools_wire(project, [pool])[0])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: str, pool_id: str) -> Response:
        """Remove it; its prompts are everybody's then."""
        pools.pool_delete(pool=pools.pool_get(project=managed_project(request, project_id), pool_id=pool_id))
        return Response(status=204)


class PoolPromptsView(APIView):
    """What is in a pool."""

    @extend_schema(
        request=shapes.PoolPromptsInputSerializer,
        responses={
            200: shapes.PoolPromptsSerializer,
            202: OpenApiResponse(shapes.PoolPromptsSerializer, "They are many: a worker moves them."),
        },
    )
    def post(self, request: Request, project_id: str, pool_id: str) -> Response:
        """Put prompts in, or take them out."""
        pool = pools.pool_get(project=managed_project(request, project_id), pool_id=pool_id)
        criterion = parsed(shapes.PoolPromptsInputSerializer, request)
        remove = bool(criterion.pop("remove"))
        moved = pools.pool_assign(pool=pool, criterion=criterion, remove=remove)
        return Response({"prompts": moved, "queued": moved is None}, status=202 if moved is None else 200)
