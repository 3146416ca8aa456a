from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "tidemark.records.agreements"
    default_auto_field = "django.db.models.BigAutoField"
