from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tidemark.records.accounts"
    default_auto_field = "django.db.models.BigAutoField"
