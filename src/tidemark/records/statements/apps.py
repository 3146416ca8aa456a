from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "tidemark.records.statements"
    default_auto_field = "django.db.models.BigAutoField"
