from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "tidemark.records.work"
    default_auto_field = "django.db.models.BigAutoField"
