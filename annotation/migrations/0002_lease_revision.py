"""A lease knows which questions were given with it."""

import django.db.models.deletion
from django.db import migrations, models


def leases_forget(apps, schema_editor):
    """Open leases are reservations for minutes; they are given up rather than guessed at."""
    apps.get_model("annotation", "Lease").objects.all().delete()
    apps.get_model("annotation", "Item").objects.exclude(reserved=0).update(reserved=0)


class Migration(migrations.Migration):
    dependencies = [("annotation", "0001_initial")]

    operations = [
        migrations.RunPython(leases_forget, migrations.RunPython.noop),
        migrations.AddField(
            model_name="lease",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="annotation.revision"
            ),
        ),
        migrations.RemoveIndex(model_name="lease", name="lease_of_annotator"),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(
                condition=models.Q(("status", "open")), fields=["annotator"], name="lease_open_of_annotator"
            ),
        ),
        migrations.AddIndex(
            model_name="judgment",
            index=models.Index(
                condition=models.Q(("status", "submitted"), ("superseded", False)),
                fields=["annotator", "submitted_at"],
                name="judgment_done_by_day",
            ),
        ),
    ]
