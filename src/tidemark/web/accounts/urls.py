"""Where people sign in, arrive, look after themselves and each other."""

from django.urls import URLPattern, URLResolver, include, path

from tidemark.web.accounts import arriving, people, profile, to_provider
from tidemark.web.accounts.closed import closed

_ALLAUTH: list[URLPattern | URLResolver] = [
    # First, so that they come before allauth's own of the same name.
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("3rdparty/", closed, name="socialaccount_connections"),
    path("3rdparty/signup/", closed, name="socialaccount_signup"),
    path("oidc/<str:provider_id>/login/", to_provider.to_provider, name="openid_connect_login"),
    path("", include("allauth.urls")),
]

urlpatterns = [
    path("first/<str:secret>/", arriving.first_officer, name="first_officer"),
    path("invitations/<str:secret>/", arriving.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/nonce/", profile.nonce, name="nonce"),
    path("profile/sessions/end/", profile.end_other_sessions, name="end_other_sessions"),
    path("profile/tokens/new/", profile.new_token, name="new_token"),
    path("profile/tokens/<str:pk>/revoke/", profile.end_token, name="end_token"),
    path("profile/second-factor/", profile.second_factor_due, name="second_factor_due"),
    path("parties/", people.parties, name="parties"),
    path("parties/new/", people.new_party, name="new_party"),
    path("parties/<int:pk>/", people.party, name="party"),
    path("parties/<int:pk>/invite/", people.invite, name="invite"),
    path("invited/<str:pk>/resend/", people.resend, name="resend_invitation"),
    path("invited/<str:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("persons/<str:pk>/", people.person, name="person"),
    path("persons/<str:pk>/active/", people.set_active, name="set_active"),
    path("accounts/", include(_ALLAUTH)),
]
