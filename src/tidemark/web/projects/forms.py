"""What is typed into the pages of projects: parsed and bounded here, decided on in the records."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.projects.models import Draft, Label, Project
from tidemark.web.fields import DayField


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own is not generic when it runs
    class Meta:
        model = Project
        fields = ("code_name", "label", "embargo", "description")
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        field_classes: ClassVar = {"embargo": DayField}
        help_texts: ClassVar = {
            "code_name": _("What everybody calls it, such as MS11. It is written into the ledger."),
            "embargo": _("Until then nothing of it is public. Leave it empty if the day is not known."),
        }


class ClassifyForm(forms.Form):
    """A draft's status and label."""

    status = forms.ChoiceField(label=_("Status"), choices=Draft.Status.choices)
    label = forms.ChoiceField(label=_("Label"), choices=Label.choices)


class ShareForm(forms.Form):
    """What a release says beside its drafts and persons."""

    has_overlay = forms.BooleanField(label=_("Visible overlay beside the invisible mark"), required=False)
    again = forms.BooleanField(label=_("A second copy for those who hold an open one"), required=False)
    expires = DayField(label=_("Expires on"), required=False)
    note = forms.CharField(
        label=_("Note to the receivers"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RevokeForm(forms.Form):
    """Why copies are revoked, and whether the open child copies below them are as well, if there are any."""

    why = forms.CharField(label=_("Reason"), max_length=MAX_NAME_CHARS, help_text=_("The holder reads it."))
    with_children = forms.BooleanField(required=False, initial=True)

    def __init__(self, data: object = None, *, open_children: int) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        if not open_children:
            del self.fields["with_children"]
            return
        said = ngettext(
            "Revoke %(count)d open child copy below as well",
            "Revoke %(count)d open child copies below as well",
            open_children,
        )
        self.fields["with_children"].label = said % {"count": open_children}
