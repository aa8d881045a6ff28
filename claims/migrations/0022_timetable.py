import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0021_mail_chats_and_escalation")]

    operations = [
        migrations.CreateModel(
            name="ScheduledJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=120, unique=True)),
                ("token", models.UUIDField(editable=False, null=True)),
                ("running_until", models.DateTimeField(editable=False, null=True)),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("seconds", models.FloatField(editable=False, null=True)),
                ("rows", models.PositiveIntegerField(editable=False, null=True)),
                ("failures", models.PositiveIntegerField(default=0, editable=False)),
                ("last_error", models.TextField(blank=True, editable=False)),
            ],
            options={"ordering": ["task"]},
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("rows", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="claims.scheduledjob"
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at"],
                "indexes": [
                    models.Index(fields=["job", "-started_at"], name="run_of_job"),
                    models.Index(fields=["started_at"], name="run_by_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rows__gt", 0), models.Q(("error", ""), _negated=True), _connector="OR"),
                        name="run_is_worth_remembering",
                    )
                ],
            },
        ),
    ]
