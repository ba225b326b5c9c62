"""From when on an annotator's gold answers count."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation", "0006_preferences")]

    operations = [
        migrations.AddField(
            model_name="annotator",
            name="scored_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
