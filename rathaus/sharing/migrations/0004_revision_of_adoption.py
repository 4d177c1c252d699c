from django.db import migrations, models


def find_revisions(apps, schema_editor):
    """A state came into its design by the newest revision of that moment: both were written in one transaction."""
    adoption, revision = apps.get_model("sharing", "Adoption"), apps.get_model("design", "Revision")
    for row in adoption.objects.only("design_id", "at").iterator():
        made = revision.objects.filter(design_id=row.design_id, at__lte=row.at)
        number = made.order_by("-number").values_list("number", flat=True).first()
        if number is not None:
            adoption.objects.filter(pk=row.pk).update(revision=number)


class Migration(migrations.Migration):

    dependencies = [
        ("sharing", "0003_received"),
        ("design", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.RunPython(find_revisions, migrations.RunPython.noop),
    ]
