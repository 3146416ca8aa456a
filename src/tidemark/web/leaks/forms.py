"""What is said of files that are handed in, and the reasons for moving them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tidemark.limits import MAX_FOUND_CHARS, MAX_NAME_CHARS
from tidemark.records.leaks.correct import Known
from tidemark.records.leaks.journal import origin_sha256
from tidemark.records.leaks.models import Post
from tidemark.records.leaks.receive import MAX_TEXT_CHARS, MAX_URL_CHARS
from tidemark.web.fields import MomentField


class OriginForm(forms.Form):
    """Where found files come from; nothing of it is required, because the bytes are what must not be lost."""

    found = forms.CharField(
        label=_("Where and when it was found"),
        max_length=MAX_FOUND_CHARS,
        required=False,
        help_text=_("In a sentence. It goes into the ledger and the evidence as you write it: name no party."),
    )
    url = forms.CharField(label=_("Address"), max_length=MAX_URL_CHARS, required=False)
    platform = forms.CharField(label=_("Platform"), max_length=MAX_NAME_CHARS, required=False)
    handle = forms.CharField(label=_("Account that posted it"), max_length=MAX_NAME_CHARS, required=False)
    channel = forms.CharField(
        label=_("Group or channel"),
        max_length=MAX_NAME_CHARS,
        required=False,
        help_text=_("Where several accounts post."),
    )
    posted = MomentField(label=_("Posted (UTC)"), required=False)
    finder = forms.CharField(
        label=_("Found by"), max_length=MAX_NAME_CHARS, required=False, help_text=_("You, if it is left empty.")
    )
    text = forms.CharField(
        label=_("What was written with it"),
        max_length=MAX_TEXT_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LinkForm(forms.Form):
    """The text of a link, as people pass it on, where nobody has the file yet."""

    link = forms.CharField(
        label=_("The text, with its link"),
        max_length=MAX_TEXT_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept to the letter. Nothing is fetched, so nobody sees that you looked."),
    )
    found = forms.CharField(
        label=_("Where and when it was found"), max_length=MAX_FOUND_CHARS, required=False, widget=forms.TextInput()
    )


class CorrectionForm(forms.Form):
    """What is known of a post now, and why it differs from what was said.

    ``shown`` is the hash of what was on record when the person looked; see :func:`.correct.correct`.
    """

    url = forms.CharField(label=_("Address"), max_length=MAX_URL_CHARS, required=False)
    platform = forms.CharField(label=_("Platform"), max_length=MAX_NAME_CHARS, required=False)
    handle = forms.CharField(label=_("Account that posted it"), max_length=MAX_NAME_CHARS, required=False)
    channel = forms.CharField(label=_("Group or channel"), max_length=MAX_NAME_CHARS, required=False)
    posted = MomentField(label=_("Posted (UTC)"), required=False)
    why = forms.CharField(label=_("Reason"), max_length=MAX_FOUND_CHARS)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, post: Post) -> None:
        on_record = {
            "url": post.url,
            "platform": post.platform,
            "handle": post.poster.handle if post.poster else "",
            "channel": post.channel.name if post.channel else "",
            "posted": post.posted,
            "shown": origin_sha256(post),
        }
        super().__init__(data, initial=on_record, auto_id=f"%s-{post.pk}")  # type: ignore[arg-type]
        self.post = post

    def known(self) -> Known:
        """Return what was written. The form has times to the minute: one that was not touched keeps its seconds."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("why", "shown")}
        posted = self.post.posted
        if posted is not None and said["posted"] == posted.replace(second=0, microsecond=0):
            said["posted"] = posted
        return Known(**said)


class ReasonForm(forms.Form):
    """Why posts are put together or apart."""

    why = forms.CharField(max_length=MAX_FOUND_CHARS)
