from django.urls import path

from tidemark.web.agreements import acting, views

urlpatterns = [
    path("agreements/", views.index, name="agreements"),
    path("agreements/new/", acting.new, name="agreement_new"),
    path("agreements/<slug:pk>/", views.page, name="agreement"),
    path("agreements/<slug:pk>/edit/", acting.edit, name="agreement_edit"),
    path("agreements/<slug:pk>/force/", acting.force, name="agreement_force"),
    path("agreements/<slug:pk>/accept/", acting.accepting, name="agreement_accept"),
    path("agreements/<slug:pk>/terminate/", acting.terminating, name="agreement_terminate"),
    path("agreements/<slug:pk>/document/", views.document, name="agreement_document"),
]
