"""Projects, and the drafts that belong to them. A draft's bytes lie in the home folder's ``originals``."""

from django.db import models

from tidemark.limits import MAX_NAME_CHARS


class Project(models.Model):
    """A confidential product programme."""

    code_name = models.CharField(max_length=MAX_NAME_CHARS, unique=True)
    created = models.DateTimeField()

    class Meta:
        ordering = ("code_name",)

    def __str__(self) -> str:
        return self.code_name


class Draft(models.Model):
    """One confidential file at one revision. Other bytes under the same file name are the next revision."""

    class Status(models.TextChoices):
        BIDDING = "bidding"
        DEVELOPMENT = "development"
        FINAL = "final"

    id = models.CharField(max_length=MAX_NAME_CHARS, primary_key=True, help_text="Copies' keys derive from it.")
    project = models.ForeignKey(Project, on_delete=models.RESTRICT, null=True, related_name="drafts")
    sha256 = models.CharField(max_length=64, unique=True, help_text="Of the original's bytes; also where they lie.")
    description_sha256 = models.CharField(max_length=64, help_text="Of what matching needs to know of it; likewise.")
    file_name = models.CharField(max_length=MAX_NAME_CHARS)
    size_bytes = models.PositiveBigIntegerField()
    carrier = models.CharField(max_length=20, help_text="The kind of file: image, document, cad.")
    revision = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.BIDDING)
    created = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("project", "file_name", "revision"), name="one_draft_a_revision", nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return self.id
