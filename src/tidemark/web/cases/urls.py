"""Where the pages of cases and allegations are."""

from django.urls import path

from tidemark.web.cases import acting, allegations, answering, exporting, pages

urlpatterns = [
    path("cases/", pages.index, name="cases"),
    path("cases/new/", acting.new, name="case_new"),
    path("cases/<str:pk>/", pages.page, name="case"),
    path("cases/<str:pk>/assign/", acting.assigning, name="case_assign"),
    path("cases/<str:pk>/status/", acting.moving, name="case_status"),
    path("cases/<str:pk>/leaks/", acting.leaks, name="case_leaks"),
    path("cases/<str:pk>/merge/", acting.merging, name="case_merge"),
    path("cases/<str:pk>/notes/", acting.noting, name="case_note"),
    path("cases/<str:pk>/duties/", acting.asking, name="case_duty"),
    path("cases/<str:pk>/duties/<str:duty>/change/", acting.changing_duty, name="case_duty_change"),
    path("cases/<str:pk>/duties/<str:duty>/done/", acting.finishing, name="case_duty_done"),
    path("cases/<str:pk>/files/", acting.attaching, name="case_attach"),
    path("cases/<str:pk>/files/<str:file>/", pages.file, name="case_file"),
    path("cases/<str:pk>/export/", exporting.exporting, name="case_export"),
    path("cases/<str:pk>/intent/", acting.judging, name="case_intent"),
    path("cases/<str:pk>/allege/", allegations.preparing, name="case_allege"),
    path("allegations/", answering.index, name="allegations"),
    path("allegations/<str:pk>/", answering.page, name="allegation"),
    path("allegations/<str:pk>/edit/", allegations.editing, name="allegation_edit"),
    path("allegations/<str:pk>/approve/", allegations.approving, name="allegation_approve"),
    path("allegations/<str:pk>/put/", allegations.putting, name="allegation_put"),
    path("allegations/<str:pk>/final/", allegations.concluding, name="allegation_final"),
    path("allegations/<str:pk>/withdraw/", allegations.withdrawing, name="allegation_withdraw"),
    path("allegations/<str:pk>/grant/", allegations.granting, name="allegation_grant"),
    path("allegations/<str:pk>/reply/", answering.replying, name="allegation_reply"),
    path("allegations/<str:pk>/ask/", answering.asking, name="allegation_ask"),
    path("allegations/<str:pk>/evidence/<int:match>/", answering.evidence, name="allegation_evidence"),
    path("allegations/<str:pk>/files/<int:file>/", answering.file, name="allegation_file"),
]
