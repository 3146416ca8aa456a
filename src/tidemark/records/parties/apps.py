from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tidemark.records.parties"
    default_auto_field = "django.db.models.BigAutoField"
