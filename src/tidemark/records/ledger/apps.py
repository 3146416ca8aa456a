from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tidemark.records.ledger"
    default_auto_field = "django.db.models.BigAutoField"
