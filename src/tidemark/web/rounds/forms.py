"""The form in which a bidding round is prepared."""

from typing import Any

from django import forms
from django.db.models import Case, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_CLAUSE_CHARS, MAX_NAME_CHARS
from tidemark.records.parties.models import Party
from tidemark.records.projects.models import Draft, Engagement, Project
from tidemark.web.fields import MomentField


class RoundForm(forms.Form):
    """Title, drafts, invited parties and closing time of a round in one project."""

    title = forms.CharField(label=_("Title"), max_length=MAX_NAME_CHARS)
    brief = forms.CharField(
        label=_("What is asked"),
        required=False,
        max_length=MAX_CLAUSE_CHARS,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Every bidder reads it: what to offer, in what form, whom to ask."),
    )
    closes = MomentField(
        label=_("Closes (UTC)"), help_text=_("After that minute no bid is taken, whatever the reason.")
    )
    drafts = forms.ModelMultipleChoiceField(
        Draft.objects.none(), label=_("Drafts"), widget=forms.CheckboxSelectMultiple
    )
    parties = forms.ModelMultipleChoiceField(
        Party.objects.none(),
        label=_("Invited parties"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those engaged in the project come first. A party gets copies only with an accepted agreement."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        engaged = Engagement.objects.filter(project=project).values("party")
        is_engaged = Case(When(pk__in=engaged, then=Value(0)), default=Value(1))
        drafts = Draft.objects.filter(project=project).order_by("file_name", "-revision")
        self._choose("drafts", drafts, _draft_text)
        self._choose("parties", Party.objects.filter(is_owner=False).order_by(is_engaged, "name"), str)

    def _choose(self, name: str, among: Any, label: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = among
        field.label_from_instance = label


def _draft_text(draft: Draft) -> str:
    facts = {"file": draft.file_name, "revision": draft.revision, "status": draft.get_status_display()}
    return gettext("%(file)s, revision %(revision)d, %(status)s") % facts
