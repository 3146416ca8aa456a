from django.apps import AppConfig


class SightingsConfig(AppConfig):
    name = "tidemark.records.sightings"
    default_auto_field = "django.db.models.BigAutoField"
