"""Addresses below /api/v1/ of labelling and figures."""

from django.urls import path

from annotation.api import allocation, annotator_models, figures, labelling, overlap_cost, remarks, review

urlpatterns = [
    path("projects/<str:project_id>/queue/", labelling.QueueView.as_view()),
    path("projects/<str:project_id>/judgments/", labelling.JudgmentListView.as_view()),
    path("judgments/<uuid:uuid>/", labelling.JudgmentView.as_view()),
    path("leases/<str:lease_id>/", labelling.LeaseView.as_view()),
    path("projects/<str:project_id>/leases/renew/", labelling.LeasesRenewView.as_view()),
    path("projects/<str:project_id>/leases/return/", labelling.LeasesReturnView.as_view()),
    path("projects/<str:project_id>/pause/", allocation.ProjectPauseView.as_view()),
    path("projects/<str:project_id>/resume/", allocation.ProjectResumeView.as_view()),
    path("projects/<str:project_id>/annotators/", allocation.AnnotatorListView.as_view()),
    path("projects/<str:project_id>/annotators/<str:annotator_id>/", allocation.AnnotatorView.as_view()),
    path("projects/<str:project_id>/pools/", allocation.PoolListView.as_view()),
    path("projects/<str:project_id>/pools/<str:pool_id>/", allocation.PoolView.as_view()),
    path("projects/<str:project_id>/pools/<str:pool_id>/prompts/", allocation.PoolPromptsView.as_view()),
    path("projects/<str:project_id>/progress/", figures.ProgressView.as_view()),
    path("projects/<str:project_id>/agreement/", figures.AgreementView.as_view()),
    path("projects/<str:project_id>/overlap-cost/", overlap_cost.OverlapCostView.as_view()),
    path("projects/<str:project_id>/annotator-models/", annotator_models.AnnotatorModelsView.as_view()),
    path("projects/<str:project_id>/bias/", annotator_models.BiasView.as_view()),
    path("projects/<str:project_id>/repeats/", annotator_models.RepeatsView.as_view()),
    path("projects/<str:project_id>/prompts/", figures.PromptListView.as_view()),
    path("prompts/<str:prompt_id>/", figures.PromptView.as_view()),
    path("projects/<str:project_id>/parked/", figures.ParkedView.as_view()),
    path("projects/<str:project_id>/parked/<str:item_id>/release/", figures.ParkedReleaseView.as_view()),
    path("projects/<str:project_id>/flagged/", figures.FlaggedView.as_view()),
    path("projects/<str:project_id>/review/", review.ReviewView.as_view()),
    path("projects/<str:project_id>/review/summary/", review.ReviewSummaryView.as_view()),
    path("projects/<str:project_id>/review/<str:item_id>/", review.ReviewItemView.as_view()),
    path("projects/<str:project_id>/review/<str:item_id>/done/", review.ReviewDoneView.as_view()),
    path("projects/<str:project_id>/items/<str:item_id>/adjudication/", review.AdjudicationView.as_view()),
    path("projects/<str:project_id>/items/<str:item_id>/remarks/", remarks.RemarkListView.as_view()),
    path("projects/<str:project_id>/items/<str:item_id>/remarks/read/", remarks.RemarkReadView.as_view()),
    path("projects/<str:project_id>/remarks/", remarks.ThreadListView.as_view()),
    path("judgments/<uuid:uuid>/set-aside/", review.SetAsideView.as_view()),
    path(
        "projects/<str:project_id>/annotators/<str:annotator_id>/set-aside/",
        review.AnnotatorSetAsideView.as_view(),
    ),
]
