"""Rows of what people say. Writes go through `annotation.services`, reads through `annotation.selectors`."""

from annotation.models.accounts import AccessToken, Invitation, Member, Role, User
from annotation.models.imports import Import, ImportStatus
from annotation.models.judgments import Annotator, AnnotatorKind, Judgment, JudgmentStatus, Lease, LeaseStatus
from annotation.models.projects import Project, Question, Revision
from annotation.models.prompts import Completion, Item, Prompt

__all__ = [
    "AccessToken",
    "Annotator",
    "AnnotatorKind",
    "Completion",
    "Import",
    "ImportStatus",
    "Invitation",
    "Item",
    "Judgment",
    "JudgmentStatus",
    "Lease",
    "LeaseStatus",
    "Member",
    "Project",
    "Prompt",
    "Question",
    "Revision",
    "Role",
    "User",
]
