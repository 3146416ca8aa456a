from django.apps import AppConfig


class SanctionsConfig(AppConfig):
    name = "tidemark.records.sanctions"
    default_auto_field = "django.db.models.BigAutoField"
