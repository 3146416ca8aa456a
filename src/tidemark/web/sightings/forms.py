"""What is said of a photograph: what it shows, and where it comes from."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.accounts.models import Person
from tidemark.records.leaks.receive import MAX_TEXT_CHARS, MAX_URL_CHARS
from tidemark.records.projects.models import Project
from tidemark.records.sightings.models import Sighting
from tidemark.records.sightings.record import Origin, Shown
from tidemark.web.fields import MomentField


class ShownForm(forms.Form):
    """What a photograph shows, as far as somebody can tell."""

    vehicle = forms.CharField(
        label=_("Vehicle"), max_length=MAX_NAME_CHARS, help_text=_("What is seen, such as “estate, plate MS11”.")
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False, empty_label=_("not known yet")
    )
    camouflage = forms.ChoiceField(label=_("Camouflage"), choices=Sighting.Camouflage.choices, initial="unknown")
    place = forms.CharField(label=_("Place"), max_length=MAX_NAME_CHARS, required=False)
    seen = MomentField(label=_("Photographed (UTC)"), required=False)
    drive = forms.ChoiceField(label=_("Test drive"), choices=Sighting.Drive.choices, initial="unknown")
    permit = forms.CharField(
        label=_("Test-drive permit"), max_length=MAX_NAME_CHARS, required=False, help_text=_("Its reference.")
    )

    def __init__(self, *args: object, person: Person, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["project"].queryset = Project.objects.visible_to(person)  # type: ignore[attr-defined]

    def shown(self) -> Shown:
        """Return what was said, once the form is valid."""
        said = self.cleaned_data
        names = ("vehicle", "project", "camouflage", "place", "seen", "drive", "permit")
        return Shown(**{name: said[name] for name in names})


class RecordForm(ShownForm):
    """What a photograph shows, and where it comes from."""

    file = forms.FileField(label=_("Photograph"), max_length=1000)
    url = forms.CharField(label=_("Address"), max_length=MAX_URL_CHARS, required=False)
    platform = forms.CharField(label=_("Platform"), max_length=MAX_NAME_CHARS, required=False)
    handle = forms.CharField(label=_("Account that posted it"), max_length=MAX_NAME_CHARS, required=False)
    channel = forms.CharField(label=_("Group or channel"), max_length=MAX_NAME_CHARS, required=False)
    posted = MomentField(label=_("Posted (UTC)"), required=False)
    found = forms.CharField(label=_("Where and when it was found"), max_length=MAX_FOUND_CHARS, required=False)
    finder = forms.CharField(
        label=_("Found by"), max_length=MAX_NAME_CHARS, required=False, help_text=_("You, if it is left empty.")
    )
    text = forms.CharField(
        label=_("What was written with it"),
        max_length=MAX_TEXT_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def origin(self) -> Origin:
        """Return where it comes from, once the form is valid."""
        names = ("url", "platform", "handle", "channel", "posted", "text", "found", "finder")
        return Origin(**{name: self.cleaned_data[name] for name in names})


class TurnForm(ShownForm):
    """What a leak shows that is none, and why."""

    why = forms.CharField(label=_("Why it is no leaked file"), max_length=MAX_FOUND_CHARS)


def as_typed(sighting: Sighting) -> dict[str, object]:
    """Return what a form shows of a sighting at first."""
    names = ("vehicle", "project", "camouflage", "place", "seen", "drive", "permit")
    return {name: getattr(sighting, name) for name in names}
