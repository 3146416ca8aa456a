"""Where the pages of the overview are."""

from django.urls import path

from tidemark.web.overview import pages

urlpatterns = [
    path("overview/", pages.page, name="overview"),
    path("overview/projects/<int:pk>/", pages.project, name="overview_project"),
]
