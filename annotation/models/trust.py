"""What annotators are checked by, and what reviewers and annotators say to each other."""

from django.db import models

from annotation.models.accounts import User


class Gold(models.Model):
    """The known answer to an item, with the tolerance in each question's own terms.

    `answers` are canonical and name completions by their opaque ids; questions left out are not checked.
    `explanation` is shown to annotators where the project gives answers back. A retired one is asked no more.
    """

    item = models.OneToOneField("annotation.Item", models.CASCADE, related_name="gold")
    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="golds")
    answers = models.JSONField()
    tolerance = models.JSONField(default=dict, blank=True)
    explanation = models.TextField(blank=True, default="")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    judgment = models.ForeignKey(
        "annotation.Judgment", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"gold of {self.item_id}"


class GoldResult(models.Model):
    """Whether a judgment met the gold answer; rebuilt by `annotation.services.gold.gold_rescore`."""

    judgment = models.OneToOneField("annotation.Judgment", models.CASCADE, related_name="gold_result")
    gold = models.ForeignKey(Gold, models.CASCADE, related_name="results")
    annotator = models.ForeignKey("annotation.Annotator", models.CASCADE, related_name="gold_results")
    correct = models.BooleanField()
    questions = models.JSONField(help_text="By question: whether its answer was within the tolerance.")

    class Meta:
        indexes = [models.Index(fields=["annotator", "judgment"], name="gold_result_of_annotator")]

    def __str__(self) -> str:
        return f"{self.judgment_id}: {'right' if self.correct else 'wrong'}"


class Remark(models.Model):
    """A message on an item between its reviewers and one annotator."""

    item = models.ForeignKey("annotation.Item", models.CASCADE, related_name="remarks")
    annotator = models.ForeignKey("annotation.Annotator", models.CASCADE, related_name="remarks")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["item", "annotator", "id"], name="remark_of_thread"),
            models.Index(fields=["annotator", "id"], condition=models.Q(read_at=None), name="remark_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"
