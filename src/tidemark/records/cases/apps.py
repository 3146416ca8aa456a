from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tidemark.records.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rest on leaks: what an allegation rests on is not split off, and a leak is in one open case. Tell copies what
        names another party.
        """
        from tidemark.records.cases.foreign import foreign_names
        from tidemark.records.cases.grounds import CASES_REST
        from tidemark.records.leaks.resting import keep
        from tidemark.records.parties.foreign import find_by

        keep(CASES_REST)
        find_by(foreign_names)
