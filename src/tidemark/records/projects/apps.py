from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "tidemark.records.projects"
    default_auto_field = "django.db.models.BigAutoField"
