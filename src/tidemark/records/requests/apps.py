from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "tidemark.records.requests"
    default_auto_field = "django.db.models.BigAutoField"
