"""Rows of what people say. Writes go through `annotation.services`, reads through `annotation.selectors`."""

from annotation.models.accounts import AccessToken, Invitation, Member, Role, User
from annotation.models.imports import Import, ImportStatus
from annotation.models.judgments import (
    Annotator,
    AnnotatorGroup,
    AnnotatorKind,
    Judgment,
    JudgmentStatus,
    Lease,
    LeaseStatus,
    Purpose,
)
from annotation.models.projects import GoldFeedback, Project, Question, Revision, TrustPolicy
from annotation.models.prompts import Completion, Item, Pool, Prompt
from annotation.models.similar import (
    Examination,
    ExaminationStatus,
    NearDuplicate,
    NearDuplicateKind,
    Resolution,
    Revelation,
    Sketch,
)
from annotation.models.trust import Gold, GoldResult, Remark

__all__ = [
    "AccessToken",
    "Annotator",
    "AnnotatorGroup",
    "AnnotatorKind",
    "Completion",
    "Examination",
    "ExaminationStatus",
    "Gold",
    "GoldFeedback",
    "GoldResult",
    "Import",
    "ImportStatus",
    "Invitation",
    "Item",
    "Judgment",
    "JudgmentStatus",
    "Lease",
    "LeaseStatus",
    "Member",
    "NearDuplicate",
    "NearDuplicateKind",
    "Pool",
    "Project",
    "Prompt",
    "Purpose",
    "Question",
    "Remark",
    "Resolution",
    "Revelation",
    "Revision",
    "Role",
    "Sketch",
    "TrustPolicy",
    "User",
]
