"""The tables, as a migration written under the names of django_xworkflows makes them."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import django_xworkflows.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, max_length=40)),
                ("other", models.CharField(choices=[("aaa", "AAA"), ("bbb", "BBB")], default="aaa", max_length=4)),
                (
                    "state",
                    django_xworkflows.models.StateField(
                        max_length=16,
                        workflow=django_xworkflows.models._SerializedWorkflow(
                            initial_state="asked", name="RefundWorkflow", states=["asked", "granted", "refused"]
                        ),
                    ),
                ),
                (
                    "label",
                    django_xworkflows.models.StateField(
                        max_length=16,
                        workflow=django_xworkflows.models._SerializedWorkflow(
                            initial_state="none", name="RefundLabelWorkflow", states=["none", "printed"]
                        ),
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=(django_xworkflows.models.BaseWorkflowEnabled, models.Model),
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("uses", models.IntegerField(default=0)),
                (
                    "state",
                    django_xworkflows.models.StateField(
                        max_length=16,
                        workflow=django_xworkflows.models._SerializedWorkflow(
                            initial_state="valid", name="VoucherWorkflow", states=["valid", "used"]
                        ),
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=(django_xworkflows.models.BaseWorkflowEnabled, models.Model),
        ),
        migrations.CreateModel(
            name="RefundLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transition", models.CharField(db_index=True, max_length=255, verbose_name="transition")),
                ("from_state", models.CharField(db_index=True, max_length=255, verbose_name="from state")),
                ("to_state", models.CharField(db_index=True, max_length=255, verbose_name="to state")),
                (
                    "timestamp",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="performed at"),
                ),
                ("reason", models.CharField(max_length=40)),
                ("refund", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="refunds.refund")),
            ],
            options={
                "verbose_name": "XWorkflow last transition log",
                "verbose_name_plural": "XWorkflow last transition logs",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DoubleVoucher",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("refunds.voucher",),
        ),
        migrations.CreateModel(
            name="LabelLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transition", models.CharField(db_index=True, max_length=255, verbose_name="transition")),
                ("from_state", models.CharField(db_index=True, max_length=255, verbose_name="from state")),
                ("to_state", models.CharField(db_index=True, max_length=255, verbose_name="to state")),
                (
                    "timestamp",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="performed at"),
                ),
                (
                    "content_id",
                    models.PositiveIntegerField(blank=True, db_index=True, null=True, verbose_name="Content id"),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="last_transition_logs",
                        to="contenttypes.contenttype",
                        verbose_name="Content type",
                    ),
                ),
            ],
            options={
                "verbose_name": "XWorkflow last transition log",
                "verbose_name_plural": "XWorkflow last transition logs",
                "abstract": False,
                "unique_together": {("content_type", "content_id")},
            },
        ),
    ]
