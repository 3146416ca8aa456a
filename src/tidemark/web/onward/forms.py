"""What a supplier fills in to ask for onward sharing."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_NAME_CHARS
from tidemark.records.copies.models import Copy
from tidemark.records.copies.onward import MOST_CHARS


class AskForm(forms.Form):
    """Which drawings, to whom, and why. The records check all of it again."""

    copies = forms.MultipleChoiceField(label=_("Drawings"), widget=forms.CheckboxSelectMultiple)
    sub_vendor = forms.CharField(
        label=_("Sub-vendor"),
        max_length=MAX_NAME_CHARS,
        help_text=_("The company's name, as it stands in your agreement with it."),
        widget=forms.TextInput(attrs={"list": "sub-vendors", "autocomplete": "off"}),
    )
    contact_name = forms.CharField(label=_("Contact's name"), max_length=MAX_NAME_CHARS)
    contact_email = forms.EmailField(
        label=_("Contact's e-mail"), help_text=_("Of that person alone: the copies are made for this person.")
    )
    why = forms.CharField(label=_("What for"), max_length=MOST_CHARS, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: object = None, *, choose_from: Iterable[Copy], chosen: Iterable[str] = ()) -> None:
        super().__init__(data, initial={"copies": list(chosen)})  # type: ignore[arg-type]
        self.by_id = {copy.pk: copy for copy in choose_from}
        choices = self.fields["copies"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [
            (pk, _("%(name)s, revision %(number)d") % {"name": copy.draft.file_name, "number": copy.draft.revision})
            for pk, copy in self.by_id.items()
        ]

    def chosen(self) -> list[Copy]:
        """Return the copies that were chosen."""
        return [self.by_id[pk] for pk in self.cleaned_data["copies"]]
