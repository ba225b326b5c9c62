"""Addresses below /api/v1/ of what machines learn from it."""

from django.urls import path

from training.api import (
    views,
    views_card,
    views_must_pass,
    views_nearest,
    views_rewards,
    views_rules,
    views_second_look,
)

urlpatterns = [
    path("projects/<str:project_id>/training-runs/", views.RunListView.as_view()),
    path("training-runs/<str:run_id>/", views.RunView.as_view()),
    path("training-runs/<str:run_id>/cancel/", views.RunCancelView.as_view()),
    path("projects/<str:project_id>/reward-models/", views.ModelListView.as_view()),
    path("reward-models/<str:model_id>/", views.ModelView.as_view()),
    path("reward-models/<str:model_id>/promote/", views.ModelPromoteView.as_view()),
    path("reward-models/<str:model_id>/artifact/", views.ModelArtifactView.as_view()),
    path("reward-models/<str:model_id>/card/", views_card.ModelCardView.as_view()),
    path("reward-models/<str:model_id>/second-look/", views_second_look.SecondLookView.as_view()),
    path("reward-models/<str:model_id>/must-pass/", views_must_pass.ModelMustPassView.as_view()),
    path("projects/<str:project_id>/must-pass/", views_must_pass.MustPassListView.as_view()),
    path("projects/<str:project_id>/must-pass/<uuid:uuid>/", views_must_pass.MustPassView.as_view()),
    path("projects/<str:project_id>/promotions/", views.PromotionListView.as_view()),
    path("projects/<str:project_id>/retraining/", views.RetrainingView.as_view()),
    path("projects/<str:project_id>/rules/try/", views_rules.RulesTryView.as_view()),
    path("projects/<str:project_id>/rewards/", views_rewards.RewardView.as_view()),
    path("projects/<str:project_id>/rewards/nearest/", views_nearest.NearestView.as_view()),
    path("projects/<str:project_id>/scoring-tokens/", views_rewards.ScoringTokenListView.as_view()),
    path("scoring-tokens/<str:token_id>/", views_rewards.ScoringTokenView.as_view()),
    path("serve/<str:secret>/get_reward", views_rewards.GetRewardView.as_view()),
]
