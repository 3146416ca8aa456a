from django.apps import AppConfig


class LeaksConfig(AppConfig):
    name = "tidemark.records.leaks"
    default_auto_field = "django.db.models.BigAutoField"
