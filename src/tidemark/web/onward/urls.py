from django.urls import path

from tidemark.web.onward import views

urlpatterns = [
    path("onward/", views.index, name="onward"),
    path("onward/ask/", views.ask, name="onward_ask"),
    path("onward/<str:pk>/", views.show, name="onward_request"),
    path("onward/<str:pk>/decide/", views.decide, name="onward_decide"),
    path("onward/<str:pk>/take-back/", views.take_back, name="onward_take_back"),
    path("onward/<str:pk>/invite/", views.invite, name="onward_invite"),
    path("onward/<str:pk>/withdraw/", views.withdraw, name="onward_withdraw"),
]
