from django.db import migrations

from rathaus.audit import triggers


def refuse_changes(apps, schema_editor):
    triggers.refuse_changes(schema_editor.connection)


def allow_changes(apps, schema_editor):
    triggers.allow_changes(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_initial")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
