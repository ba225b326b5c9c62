"""Addresses below /api/v1/ of what machines learn from it."""

from django.urls import path

from training.api import views, views_rewards

urlpatterns = [
    path("projects/<str:project_id>/training-runs/", views.RunListView.as_view()),
    path("training-runs/<str:run_id>/", views.RunView.as_view()),
    path("training-runs/<str:run_id>/cancel/", views.RunCancelView.as_view()),
    path("projects/<str:project_id>/reward-models/", views.ModelListView.as_view()),
    path("reward-models/<str:model_id>/", views.ModelView.as_view()),
    path("reward-models/<str:model_id>/promote/", views.ModelPromoteView.as_view()),
    path("reward-models/<str:model_id>/artifact/", views.ModelArtifactView.as_view()),
    path("projects/<str:project_id>/promotions/", views.PromotionListView.as_view()),
    path("projects/<str:project_id>/retraining/", views.RetrainingView.as_view()),
    path("projects/<str:project_id>/rewards/", views_rewards.RewardView.as_view()),
    path("projects/<str:project_id>/scoring-tokens/", views_rewards.ScoringTokenListView.as_view()),
    path("scoring-tokens/<str:token_id>/", views_rewards.ScoringTokenView.as_view()),
    path("serve/<str:secret>/get_reward", views_rewards.GetRewardView.as_view()),
]
