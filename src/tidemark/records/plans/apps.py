from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tidemark.records.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the gate: what a case suspended is not resumed by hand."""
        from tidemark.records.plans.held import why_held
        from tidemark.records.projects.gates import keep

        keep(why_held)
