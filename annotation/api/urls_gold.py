"""Addresses below /api/v1/ of gold items and of how annotators stand."""

from django.urls import path

from annotation.api import gold

urlpatterns = [
    path("projects/<str:project_id>/gold/", gold.GoldListView.as_view()),
    path("projects/<str:project_id>/gold/agreed/", gold.GoldAgreedView.as_view()),
    path("projects/<str:project_id>/gold/annotators/", gold.GoldAnnotatorListView.as_view()),
    path("projects/<str:project_id>/gold/annotators/<str:annotator_id>/", gold.GoldAnnotatorView.as_view()),
    path("projects/<str:project_id>/gold/<str:gold_id>/", gold.GoldView.as_view()),
    path("projects/<str:project_id>/trust-policy/", gold.TrustPolicyView.as_view()),
    path("projects/<str:project_id>/standing/", gold.StandingView.as_view()),
]
