"""Where the pages of statements are."""

from django.urls import path

from tidemark.web.statements import acting, pages, writing

urlpatterns = [
    path("cases/<str:pk>/statements/", writing.preparing, name="statement_prepare"),
    path("statements/", pages.index, name="statements"),
    path("statements/<str:pk>/", pages.page, name="statement"),
    path("statements/<str:pk>/edit/", writing.editing, name="statement_edit"),
    path("statements/<str:pk>/check/", writing.checking, name="statement_check"),
    path("statements/<str:pk>/reasons/", writing.explaining, name="statement_reason"),
    path("statements/<str:pk>/promises/", writing.promising, name="statement_promise"),
    path("statements/<str:pk>/promises/<str:promise>/", writing.keeping, name="statement_promise_change"),
    path("statements/<str:pk>/pictures/", acting.attaching, name="statement_attach"),
    path("statements/<str:pk>/pictures/<str:picture>/", pages.picture, name="statement_picture"),
    path("statements/<str:pk>/pictures/<str:picture>/remove/", acting.removing, name="statement_picture_remove"),
    path("statements/<str:pk>/approve/", acting.approving, name="statement_approve"),
    path("statements/<str:pk>/issue/", acting.issuing, name="statement_issue"),
    path("statements/<str:pk>/text/<str:language>/", pages.text, name="statement_text"),
    path("statements/<str:pk>/pdf/<str:language>/", pages.pdf_file, name="statement_pdf"),
]
