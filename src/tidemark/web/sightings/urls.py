"""The pages of sightings."""

from django.urls import path

from tidemark.web.sightings import acting, views

urlpatterns = [
    path("sightings/", views.index, name="sightings"),
    path("sightings/record/", acting.record, name="sighting_record"),
    path("sightings/<str:pk>/", views.page, name="sighting"),
    path("sightings/<str:pk>/change/", acting.change, name="sighting_change"),
    path("sightings/<str:pk>/compare/", acting.compare, name="sighting_compare"),
    path("sightings/<str:pk>/leak/", acting.turn, name="sighting_leak"),
    path("sightings/<str:pk>/case/", acting.link, name="sighting_case"),
    path("sightings/<str:pk>/file/", views.photograph, name="sighting_file"),
    path("sightings/<str:pk>/picture/<str:size>/", views.picture, name="sighting_picture"),
    path("leaks/<str:pk>/sighting/", acting.turn_leak, name="leak_sighting"),
]
