"""What makes the system act asks for permissions of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    """Declares the permissions of a rule's author, and of who operates deliveries and replays; no table changes."""

    dependencies = [("trigger", "0015_received_messages")]

    operations = [
        migrations.AlterModelOptions(
            name="triggerrule",
            options={
                "permissions": [
                    ("use_webhook_action", "Can make rules that send webhooks"),
                    ("use_task_action", "Can make rules that enqueue tasks"),
                    ("use_emit_action", "Can make rules that emit occurrences"),
                    ("use_project_action", "Can make rules that run the project's own actions"),
                    ("use_any_target", "Can make rules whose target a template names"),
                ]
            },
        ),
        migrations.AlterModelOptions(
            name="delivery",
            options={
                "permissions": [
                    ("cancel_delivery", "Can cancel deliveries"),
                    ("redrive_delivery", "Can redrive deliveries"),
                ],
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.AlterModelOptions(
            name="occurrence",
            options={"permissions": [("replay_occurrence", "Can replay occurrences")]},
        ),
    ]
