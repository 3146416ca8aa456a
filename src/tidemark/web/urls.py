"""Where each page is. One module of views and one of addresses per subject."""

from django.urls import include, path

urlpatterns = [
    path("", include("tidemark.web.accounts.urls")),
    path("", include("tidemark.web.projects.urls")),
    path("", include("tidemark.web.copies.urls")),
    path("", include("tidemark.web.agreements.urls")),
    path("", include("tidemark.web.rounds.urls")),
    path("", include("tidemark.web.onward.urls")),
    path("", include("tidemark.web.leaks.urls")),
    path("", include("tidemark.web.sightings.urls")),
    path("", include("tidemark.web.cases.urls")),
    path("", include("tidemark.web.sanctions.urls")),
    path("", include("tidemark.web.plans.urls")),
    path("", include("tidemark.web.statements.urls")),
    path("", include("tidemark.web.overview.urls")),
    path("", include("tidemark.web.ledger.urls")),
    path("api/v1/", include("tidemark.api.urls")),
]

handler400 = "tidemark.web.faults.malformed"
handler403 = "tidemark.web.faults.forbidden"
handler404 = "tidemark.web.faults.not_found"
handler429 = "tidemark.web.faults.too_often"  # allauth's throttles ask for it
handler500 = "tidemark.web.faults.broken"
