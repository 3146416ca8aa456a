"""The ledger's pages."""

from django.urls import path

from tidemark.web.ledger import views

urlpatterns = [
    path("ledger/", views.index, name="ledger"),
    path("ledger/export/", views.export, name="ledger_export"),
    path("ledger/<int:index>/", views.entry, name="ledger_entry"),
]
