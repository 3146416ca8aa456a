"""How allauth meets our persons: nobody signs up by himself or herself; who comes was invited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from tidemark.records import mail
from tidemark.records.accounts.models import Person


class InvitedOnly(DefaultAccountAdapter):
    """Signs up nobody, and writes into mails the address that the operator has set.

    A request's own ``Host`` is chosen by whoever asks: it may not stand in a link that somebody else gets.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        person, _, secret = key.partition("-")
        return mail.link_to(reverse("account_reset_password_from_key", kwargs={"uidb36": person, "key": secret}))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it in the language of whoever reads it, not of the browser that asked for it."""
        reader = Person.objects.filter(email=email.lower()).first()
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})


class KnownPersonsOnly(DefaultSocialAccountAdapter):
    """An identity provider's word is taken for persons on record, by their verified address; it makes no new ones."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:  # noqa: ARG002
        """Take a provider's word to sign in and for nothing else, whatever a session says was begun."""
        if sociallogin.state.get("process", AuthProcess.LOGIN) != AuthProcess.LOGIN:
            raise PermissionDenied

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Any, str] | None:
        """Find the person by the address. Some providers write the claim as text, and "false" is true to Python."""
        sociallogin.email_addresses = [
            address for address in sociallogin.email_addresses if address.verified in (True, "true")
        ]
        return super().authenticate_by_email(sociallogin)  # type: ignore[no-any-return]
