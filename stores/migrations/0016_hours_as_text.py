"""Hours of a shop as text: imports copy shops in a form that knows no JSON."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stores", "0015_appeal_papers_and_penalty_views")]

    operations = [
        migrations.RemoveField(model_name="shop", name="hours"),
        migrations.AddField(
            model_name="shop",
            name="hours",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
