"""Addresses below /api/v1/ of labelling and figures."""

from django.urls import path

from annotation.api import figures, labelling

urlpatterns = [
    path("projects/<str:project_id>/queue/", labelling.QueueView.as_view()),
    path("projects/<str:project_id>/judgments/", labelling.JudgmentListView.as_view()),
    path("judgments/<uuid:uuid>/", labelling.JudgmentView.as_view()),
    path("leases/<str:lease_id>/", labelling.LeaseView.as_view()),
    path("projects/<str:project_id>/progress/", figures.ProgressView.as_view()),
    path("projects/<str:project_id>/agreement/", figures.AgreementView.as_view()),
    path("projects/<str:project_id>/prompts/", figures.PromptListView.as_view()),
    path("prompts/<str:prompt_id>/", figures.PromptView.as_view()),
    path("projects/<str:project_id>/parked/", figures.ParkedView.as_view()),
    path("projects/<str:project_id>/parked/<str:item_id>/release/", figures.ParkedReleaseView.as_view()),
    path("projects/<str:project_id>/flagged/", figures.FlaggedView.as_view()),
]
