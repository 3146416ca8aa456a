"""Who is at work, and when each duty is due. The tasks themselves are rows of ``django_tasks_db``."""

from django.db import models


class WorkerSeen(models.Model):
    """A living worker. It writes the database's own time here every few seconds; machines' clocks may differ."""

    id = models.CharField(max_length=64, primary_key=True, help_text="Random, as in the tasks' worker_ids.")
    host = models.CharField(max_length=200)
    started = models.DateTimeField()
    seen = models.DateTimeField()

    class Meta:
        verbose_name_plural = "workers seen"

    def __str__(self) -> str:
        return self.id


class Due(models.Model):
    """When something that recurs is due next. Whoever moves the time on enqueues the task, in one transaction."""

    duty = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.duty} {self.at}"
