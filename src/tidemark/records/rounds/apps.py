from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "tidemark.records.rounds"
    default_auto_field = "django.db.models.BigAutoField"
