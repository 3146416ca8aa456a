"""The pages of leaks."""

from django.urls import path

from tidemark.web.leaks import acting, files, sources, views

urlpatterns = [
    path("leaks/", views.index, name="leaks"),
    path("leaks/receive/", acting.hand_in, name="leak_receive"),
    path("leaks/links/", acting.hand_in_link, name="leak_link"),
    path("leaks/posters/", sources.index, name="posters"),
    path("leaks/posters/<str:pk>/note/", sources.note_poster, name="poster_note"),
    path("leaks/channels/<str:pk>/note/", sources.note_channel, name="channel_note"),
    path("leaks/<str:pk>/", views.page, name="leak"),
    path("leaks/<str:pk>/join/", acting.join_leak, name="leak_join"),
    path("leaks/posts/<str:pk>/picture/<str:size>/", files.picture, name="post_picture"),
    path("leaks/posts/<str:pk>/file/", files.found_file, name="post_file"),
    path("leaks/posts/<str:pk>/correct/", acting.correct_post, name="post_correct"),
    path("leaks/posts/<str:pk>/split/", acting.split_post, name="post_split"),
    path("leaks/posts/<str:pk>/confirm/", acting.confirm_post, name="post_confirm"),
    path("leaks/posts/<str:pk>/trace/", acting.trace_post, name="post_trace"),
    path("leaks/matches/<int:pk>/<str:name>/", files.match_picture, name="match_picture"),
    path("leaks/matches/<int:pk>/evidence", files.evidence_bundle, name="match_evidence"),
]
