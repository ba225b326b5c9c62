"""When a project retrains by itself."""

from django.db import models as orm


class RetrainingPolicy(orm.Model):
    """One project's rule for retraining and promotion.

    `turn` counts the times that the rule made runs; whoever moves it on may make them, so that two
    coordinators at once do not.
    """

    project = orm.OneToOneField("annotation.Project", orm.CASCADE, related_name="retraining")
    enabled = orm.BooleanField(default=False)
    every_labels = orm.PositiveIntegerField(null=True, blank=True)
    quiet_seconds = orm.PositiveIntegerField(default=30)
    every_minutes = orm.PositiveIntegerField(null=True, blank=True)
    models = orm.JSONField(default=list)
    data = orm.JSONField(default=dict)
    promotion = orm.CharField(
        max_length=10, choices=[("if-better", "if better"), ("manual", "by hand")], default="if-better"
    )
    turn = orm.PositiveIntegerField(default=0, editable=False)
    updated_at = orm.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"retraining of {self.project}"
