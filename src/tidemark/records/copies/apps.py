from django.apps import AppConfig


class CopiesConfig(AppConfig):
    name = "tidemark.records.copies"
    default_auto_field = "django.db.models.BigAutoField"
