from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tidemark.records.cases"
    default_auto_field = "django.db.models.BigAutoField"
