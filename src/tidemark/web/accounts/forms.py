"""What people fill in about themselves and each other. Rules are the records'; a form only says what was typed."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tidemark.errors import Refused
from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.accounts.enrol import clean_person_name
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import OWNER_ROLES, SUPPLIER_ROLES, Role
from tidemark.records.accounts.scopes import MEANINGS, Scope
from tidemark.records.parties.models import Party


class NewPasswordForm(forms.Form):
    """A password that somebody chooses for the first time; typed twice, since nobody sees it."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Three or four words that do not belong together are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("password") != self.cleaned_data.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return self.cleaned_data


class FirstOfficerForm(NewPasswordForm):
    """Who the owner is, and who its first officer is."""

    company = forms.CharField(
        label=_("Your company"),
        max_length=MAX_NAME_CHARS,
        help_text=_("The one whose confidential drafts these are."),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=MAX_NAME_CHARS, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ("company", "name", "email", "password", "again")


_WHAT_ROLES_DO = _(
    "A contact accepts agreements for the company, answers for it and asks for child copies. A member only receives."
)


class InvitationForm(forms.Form):
    """Whom to invite."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME_CHARS)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The link is sent there, and to nobody else."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)

    def __init__(
        self, *args: object, party: Party, inviter: Person, expected: Role | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        roles = role_choices(party) if inviter.is_owners else [(Role.MEMBER.value, Role.MEMBER.label)]
        harmless = Role.MEMBER  # it adds nothing to a supplier's contact; no role of the owner's does
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("Roles"),
            choices=roles,
            widget=forms.CheckboxSelectMultiple,
            initial=[(expected or harmless).value],
            help_text="" if party.is_owner else _WHAT_ROLES_DO,
        )


class RolesForm(forms.Form):
    """A person's name, and which roles he or she has."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME_CHARS, required=False)

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["name"].initial = person.name
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("Roles"),
            choices=role_choices(person.party),
            widget=forms.CheckboxSelectMultiple,
            initial=sorted(person.roles),
        )


class PartyForm(forms.Form):
    name = forms.CharField(label=_("Name of the party"), max_length=MAX_NAME_CHARS)


class NonceForm(forms.Form):
    """What a person contributes to the keys of later copies."""

    nonce = forms.CharField(
        label=_("Nonce"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "32 to 64 hexadecimal digits that a program of yours drew by chance. The marks of copies that are made for "
            "you from now on depend on them, so that nobody can have chosen these marks alone. Your receipts show them."
        ),
    )


class ProfileForm(forms.ModelForm[Person]):
    """What a person may change about himself or herself; the address proves who it is and stays."""

    class Meta:
        model = Person
        fields = ("name", "language")
        labels = {"language": _("Language")}  # noqa: RUF012

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not self.instance.is_owners:
            name = self.fields["name"]
            name.disabled = True  # what is typed all the same is not taken
            name.help_text = _("It stands on your copies and under agreements: ask the owner to change it.")

    def clean_name(self) -> str:
        try:
            return clean_person_name(self.cleaned_data["name"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class TokenForm(forms.Form):
    """A token for a program of one's own."""

    name = forms.CharField(label=_("What is it for?"), max_length=MAX_NAME_CHARS)
    scopes = forms.MultipleChoiceField(
        label=_("What may it be used for?"),
        choices=[(scope.value, MEANINGS[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
        help_text=_("It can never do more than your roles allow you."),
    )
    days = forms.TypedChoiceField(
        label=_("Expires after"),
        choices=((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("one year"))),
        coerce=int,
        initial=90,
    )

    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


def role_choices(party: Party) -> list[tuple[str, str]]:
    """Return the roles that people of a party may have."""
    side = OWNER_ROLES if party.is_owner else SUPPLIER_ROLES
    return [(role.value, str(role.label)) for role in Role if role in side]
