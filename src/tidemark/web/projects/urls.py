"""Where the pages of projects and drafts are."""

from django.urls import path

from tidemark.web.projects import drafts, home, matrix, projects, revoke, share, tabs, upload

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/", projects.index, name="projects"),
    path("projects/new/", projects.new, name="project-new"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.edit, name="project-edit"),
    path("projects/<int:pk>/upload/", upload.upload, name="project-upload"),
    path("projects/<int:pk>/tree/", tabs.tree, name="project-tree"),
    path("projects/<int:pk>/tree/engage/", tabs.add_party, name="project-engage"),
    path("projects/<int:pk>/tree/<str:engagement>/<str:step>/", tabs.change_engagement, name="project-engagement"),
    path("projects/<int:pk>/rounds/", tabs.rounds, name="project-rounds"),
    path("projects/<int:pk>/agreements/", tabs.agreements, name="project-agreements"),
    path("projects/<int:pk>/activity/", tabs.activity, name="project-activity"),
    path("projects/<int:pk>/matrix/", matrix.page, name="project-matrix"),
    path("projects/<int:pk>/matrix/holder/<str:person>/", matrix.holder, name="project-matrix-holder"),
    path("projects/<int:pk>/share/", share.share_form, name="project-share"),
    path("projects/<int:pk>/revoke/", revoke.revoke_form, name="project-revoke"),
    path("drafts/<str:pk>/", drafts.draft, name="draft"),
    path("drafts/<str:pk>/preview/<int:side_px>/", drafts.picture, name="draft-preview"),
    path("drafts/<str:pk>/original/", drafts.original, name="draft-original"),
    path("drafts/<str:pk>/classify/", drafts.classify, name="draft-classify"),
    path("drafts/<str:pk>/drill/", drafts.drill, name="draft-drill"),
]
