"""Where the pages of sanctions are."""

from django.urls import path

from tidemark.web.sanctions import acting, answering, pages

urlpatterns = [
    path("allegations/<str:pk>/sanction/", acting.preparing, name="sanction_prepare"),
    path("sanctions/", pages.index, name="sanctions"),
    path("sanctions/<str:pk>/", pages.page, name="sanction"),
    path("sanctions/<str:pk>/edit/", acting.editing, name="sanction_edit"),
    path("sanctions/<str:pk>/give-up/", acting.giving_up, name="sanction_give_up"),
    path("sanctions/<str:pk>/approve/", acting.approving, name="sanction_approve"),
    path("sanctions/<str:pk>/impose/", acting.imposing, name="sanction_impose"),
    path("sanctions/<str:pk>/propose/", acting.proposing, name="sanction_propose"),
    path("sanctions/<str:pk>/agree/", acting.agreeing, name="sanction_agree"),
    path("sanctions/<str:pk>/take/", acting.taking, name="sanction_take"),
    path("sanctions/<str:pk>/payments/", acting.paying, name="sanction_pay"),
    path("sanctions/<str:pk>/payments/<int:payment>/take-back/", acting.taking_payment_back, name="payment_take_back"),
    path("sanctions/<str:pk>/measures/", acting.adding, name="measure_add"),
    path("sanctions/<str:pk>/measures/<str:measure>/remove/", acting.removing, name="measure_remove"),
    path("sanctions/<str:pk>/measures/<str:measure>/judge/", acting.judging, name="measure_judge"),
    path("sanctions/<str:pk>/measures/<str:measure>/report/", answering.reporting, name="measure_report"),
    path("sanctions/<str:pk>/appeal/", answering.appealing, name="sanction_appeal"),
    path("sanctions/<str:pk>/letter/<str:language>/", pages.letter, name="sanction_letter"),
    path("sanctions/<str:pk>/files/<int:file>/", pages.appeal_file, name="sanction_file"),
    path("sanctions/<str:pk>/proofs/<int:file>/", pages.proof, name="sanction_proof"),
]
