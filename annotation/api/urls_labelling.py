"""Addresses below /api/v1/ of labelling and figures."""

from django.urls import path

from annotation.api import labelling

urlpatterns = [
    path("projects/<str:project_id>/queue/", labelling.QueueView.as_view()),
    path("projects/<str:project_id>/judgments/", labelling.JudgmentListView.as_view()),
    path("judgments/<uuid:uuid>/", labelling.JudgmentView.as_view()),
    path("leases/<str:lease_id>/", labelling.LeaseView.as_view()),
]
