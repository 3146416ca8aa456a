from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tidemark.records.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the gate: what a case suspended is not resumed by hand, nor got round by another place."""
        from tidemark.records.plans.held import is_suspended_in, why_held
        from tidemark.records.projects.gates import keep, keep_bar

        keep(why_held)
        keep_bar(is_suspended_in)
