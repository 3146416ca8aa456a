"""Where the pages of plans and gates are."""

from django.urls import path

from tidemark.web.plans import access, flow_down, judging, pages, writing

urlpatterns = [
    path("plans/", pages.index, name="plans"),
    path("plans/<str:pk>/", pages.page, name="plan"),
    path("plans/<str:pk>/due/", judging.due, name="plan_due"),
    path("plans/<str:pk>/submit/", writing.submitting, name="plan_submit"),
    path("plans/<str:pk>/versions/<int:number>/", pages.version, name="plan_version"),
    path("plans/<str:pk>/actions/", writing.adding, name="plan_add"),
    path("plans/<str:pk>/actions/<str:action>/", pages.action, name="plan_action"),
    path("plans/<str:pk>/actions/<str:action>/save/", writing.saving, name="plan_save"),
    path("plans/<str:pk>/actions/<str:action>/take-out/", writing.taking_out, name="plan_take_out"),
    path("plans/<str:pk>/actions/<str:action>/done/", writing.reporting, name="plan_done"),
    path("plans/<str:pk>/accept/", judging.accepting, name="plan_accept"),
    path("plans/<str:pk>/actions/<str:action>/judge/", judging.judging, name="plan_judge"),
    path("plans/<str:pk>/actions/<str:action>/verify/", judging.verifying, name="plan_verify"),
    path("plans/<str:pk>/files/<int:file>/", pages.file, name="plan_file"),
    path("plans/<str:pk>/files/<int:file>/remove/", writing.detaching, name="plan_file_remove"),
    path("plans/<str:pk>/sub-vendors/", flow_down.page, name="plan_flow_down"),
    path("plans/<str:pk>/sub-vendors/state/", flow_down.stating, name="plan_check"),
    path("plans/<str:pk>/sub-vendors/<int:check>/confirm/", flow_down.confirming, name="plan_check_confirm"),
    path("allegations/<str:pk>/plan/", judging.asking, name="plan_ask"),
    path("allegations/<str:pk>/gate/", access.page, name="gate"),
    path("allegations/<str:pk>/gate/suspend/", access.suspending, name="gate_suspend"),
    path("allegations/<str:pk>/gate/open/", access.opening, name="gate_open"),
    path("allegations/<str:pk>/gate/override/", access.proposing, name="gate_override"),
    path("allegations/<str:pk>/gate/approve/", access.approving, name="gate_approve"),
    path("allegations/<str:pk>/gate/payment-term/", access.agreeing, name="gate_term"),
]
