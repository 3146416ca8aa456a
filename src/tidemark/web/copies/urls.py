"""Where the pages of copies and releases are."""

from django.urls import path

from tidemark.web.copies import copies, releases

urlpatterns = [
    path("copies/<str:pk>/", copies.copy_page, name="copy"),
    path("copies/<str:pk>/preview/", copies.picture, name="copy-preview"),
    path("copies/<str:pk>/download/", copies.fetch, name="copy-download"),
    path("copies/<str:pk>/receipt/", copies.receipt, name="copy-receipt"),
    path("copies/<str:pk>/revoke/", copies.revoke_copy, name="copy-revoke"),
    path("releases/<str:pk>/", releases.release_page, name="release"),
]
