"""Addresses below /api/v1/ of what people say."""

from django.urls import path

from annotation.api import accounts, data, mine, projects, similar
from annotation.api.urls_gold import urlpatterns as gold
from annotation.api.urls_labelling import urlpatterns as labelling

urlpatterns = [
    path("session/", accounts.SessionView.as_view()),
    path("account/", accounts.AccountView.as_view()),
    path("account/password/", accounts.PasswordView.as_view()),
    path("account/tokens/", accounts.TokenListView.as_view()),
    path("account/tokens/<str:token_id>/", accounts.TokenView.as_view()),
    path("password-reset/", accounts.PasswordResetView.as_view()),
    path("password-reset/confirm/", accounts.PasswordResetConfirmView.as_view()),
    path("users/", accounts.UserListView.as_view()),
    path("users/<str:user_id>/", accounts.UserView.as_view()),
    path("users/<str:user_id>/password-reset/", accounts.UserPasswordResetView.as_view()),
    path("templates/", projects.TemplateListView.as_view()),
    path("projects/", projects.ProjectListView.as_view()),
    path("projects/<str:project_id>/", projects.ProjectView.as_view()),
    path("projects/<str:project_id>/restore/", projects.ProjectRestoreView.as_view()),
    path("projects/<str:project_id>/revisions/", projects.RevisionListView.as_view()),
    path("projects/<str:project_id>/members/", projects.MemberListView.as_view()),
    path("projects/<str:project_id>/invitations/", projects.InvitationListView.as_view()),
    path("projects/<str:project_id>/invitations/<str:invitation_id>/", projects.InvitationView.as_view()),
    path("invitations/<str:secret>/", projects.InvitationPublicView.as_view()),
    path("invitations/<str:secret>/accept/", projects.InvitationAcceptView.as_view()),
    path("projects/<str:project_id>/imports/", data.ImportListView.as_view()),
    path("projects/<str:project_id>/export/", data.ExportView.as_view()),
    path("imports/<str:import_id>/", data.ImportView.as_view()),
    path("projects/<str:project_id>/mine/", mine.MineView.as_view()),
    path("projects/<str:project_id>/mine/agreement/", mine.OwnAgreementView.as_view()),
    path("projects/<str:project_id>/mine/judgments/", mine.OwnJudgmentListView.as_view()),
    path("projects/<str:project_id>/near-duplicates/", similar.NearDuplicateListView.as_view()),
    path("projects/<str:project_id>/revealing/", similar.RevealingListView.as_view()),
    path("import-recipes/", data.RecipeListView.as_view()),
    *labelling,
    *gold,
]
