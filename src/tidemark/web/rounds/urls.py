from django.urls import path

from tidemark.web.rounds import bidding, running, views

urlpatterns = [
    path("rounds/", views.index, name="rounds"),
    path("rounds/new/", running.new, name="round_new"),
    path("rounds/<slug:pk>/", views.page, name="round"),
    path("rounds/<slug:pk>/edit/", running.edit, name="round_edit"),
    path("rounds/<slug:pk>/open/", running.opening, name="round_open"),
    path("rounds/<slug:pk>/invite/", running.inviting, name="round_invite"),
    path("rounds/<slug:pk>/close/", running.closing, name="round_close"),
    path("rounds/<slug:pk>/award/", running.awarding, name="round_award"),
    path("rounds/<slug:pk>/bid/", bidding.bid, name="round_bid"),
    path("rounds/<slug:pk>/decline/", bidding.declining, name="round_decline"),
    path("rounds/<slug:pk>/certify/", bidding.certifying, name="round_certify"),
    path("rounds/<slug:pk>/bids/<slug:bid>/", bidding.file, name="round_bid_file"),
]
