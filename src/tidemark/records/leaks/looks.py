"""Which posts are one leak: those whose pictures look the same.

Three things are kept apart here:

* *The same bytes* are one file: one leak, at once, and the trace of it is the trace of each of its posts.
* *The same look* (a repost, a crop, a photograph of the screen) puts a post into the earlier leak that shows its
  picture best, of those that may take it up. It is a proposal: the post says that nobody has checked it, and an
  officer confirms it or splits it off.
* *The same source* is never concluded from looks. Copies of one draft for two holders look the same, and are told apart
  by their marks alone. So every file is traced by itself, no trace speaks for another file, and a leak whose posts
  accuse different copies says so.

A post joins only leaks that were there before it, so two that are compared at the same moment cannot join each other.
A leak that belongs to a case already is not moved by looks: what a case rests on is changed by people only. Nor does
one whose cases are closed take anything up: what was found after that would be seen by nobody there.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from tidemark import limits
from tidemark.engine.carriers import image
from tidemark.errors import Refused
from tidemark.ledger.canonical import JSON
from tidemark.ledger.entry import Kind
from tidemark.records import blobs
from tidemark.records.accounts.models import Person
from tidemark.records.accounts.roles import Act
from tidemark.records.blobs import Shelf
from tidemark.records.connect import current_home, exclusively
from tidemark.records.home import Home
from tidemark.records.leaks.models import Leak, LeakQuerySet, Post, Regrouping
from tidemark.records.leaks.resting import Regrouped, tell, why_apart, why_whole
from tidemark.records.ledger.key import signing_key
from tidemark.records.ledger.log import append, sign
from tidemark.records.reasons import reason_of

QUEUE = "slow"
FEWEST_FEATURES = 12
"""Local features that agree before two pictures are laid on one another."""

_TRIED = 3  # most similar posts that are


def enqueue_comparison(post: Post) -> None:
    """Have a post compared with the leaks before it."""
    compare_post.enqueue(post.pk)


@task(queue_name=QUEUE)
def compare_post(post_id: str) -> None:
    """Put a post into the leak that shows its picture, if there is one."""
    post = Post.objects.filter(pk=post_id).first()
    if post is not None:
        compare(current_home(), post, now=timezone.now())


def compare(home: Home, post: Post, *, now: datetime) -> Leak:
    """Look for an earlier leak that shows the post's picture, and put the post there; return the leak that it is in.

    Nothing happens to a post that was compared before, or that somebody has put where it is.
    """
    if post.compared is None and not post.unreadable:
        found = _most_alike(home, post)
        with exclusively(home), transaction.atomic():
            post = Post.objects.select_for_update().select_related("leak").get(pk=post.pk)
            if post.compared is None:
                if found is not None:
                    like = Post.objects.select_related("leak").get(pk=found[0].pk)  # as it is now
                    if _may_move(post, like.leak):
                        _cluster(post, like, likeness=found[1], now=now)
                        sign(home, signing_key(home))
                post.compared = now
                post.save(update_fields=["leak", "joined", "likeness", "compared"])
    return post.leak


def _most_alike(home: Home, post: Post) -> tuple[Post, float] | None:
    """Of the earlier posts in leaks that may take up more, return the one that shows the same picture best.

    With it, the correlation of the two; None if none does.
    """
    seen = image.look(blobs.get(home, Shelf.LEAKS, post.file_sha256))
    # The ledger's order: every file has its own leaf there, so of any two one came first.
    others = Post.objects.filter(leaf_index__lt=post.leaf_index, unreadable="").exclude(joined=Post.Joined.BYTES)
    others = others.filter(leak__in=_taking_up().values("pk")).exclude(leak_id=post.leak_id)
    others = others.exclude(file_sha256=post.file_sha256).select_related("leak")
    votes = {
        other: image.likeness(seen, blobs.get(home, Shelf.TRACES, other.look_sha256), among_many=True)
        for other in others.order_by("-leaf_index")[: limits.MOST_COMPARED]
    }
    ranked = sorted(votes, key=lambda other: -votes[other])[:_TRIED]
    for other in ranked:
        if votes[other] < FEWEST_FEATURES:
            break
        alike = image.same_picture(image.look(blobs.get(home, Shelf.LEAKS, other.file_sha256)), seen)
        if alike:
            return other, round(alike.correlation, 3)
    return None


def _taking_up() -> LeakQuerySet:
    """Return the leaks that looks may put posts into: those that stand and have no case, or one that is not closed."""
    closed = Count("cases", filter=Q(cases__status="closed"))
    leaks = Leak.objects.standing().annotate(of_cases=Count("cases"), of_closed=closed)
    return leaks.filter(Q(of_cases=0) | Q(of_cases__gt=F("of_closed")))


def _may_move(post: Post, leak: Leak) -> bool:
    """Whether looks may put a post into a leak, as both are now: people may have joined the two, or closed a case."""
    if leak.pk == post.leak_id or post.leak.cases.exists():
        return False
    return _taking_up().filter(pk=leak.pk).exists()


def _cluster(post: Post, like: Post, *, likeness: float, now: datetime) -> None:
    """Put a post, with the others of its file, where another is that looks the same; the ledger says so."""
    body: dict[str, JSON] = {
        "post": post.pk,
        "leak": post.file_sha256,
        "posts": post.leak.posts.filter(file_sha256=post.file_sha256).count(),
        "from": post.leak_id,
        "to": like.leak_id,
        "like": like.file_sha256,
        "likeness": likeness,
    }
    append(Kind.LEAK_CLUSTERED, body, subject=post.file_sha256, now=now)
    _move(post, like.leak, why=Post.Joined.LOOKS)
    post.likeness = likeness


def join(home: Home, leak: Leak, into: Leak, *, by: Person, why: str, now: datetime) -> Leak:
    """Put all posts of a leak into another, by hand; its cases get the other leak in its place.

    Raises
    ------
    Refused
        If the person may not, no reason is given, one of the two was joined to another already or is a sighting,
        or the two are in two open cases.
    """
    _refuse_unless(by)
    words = reason_of(why, most=limits.MAX_FOUND_CHARS)
    with exclusively(home), transaction.atomic():
        leak, into = (Leak.objects.select_for_update().get(pk=each.pk) for each in (leak, into))
        if leak.pk == into.pk or leak.joined_into_id or into.joined_into_id:
            raise Refused(_("These are one leak already, or one of them was joined to another. Reload the page."))
        if leak.is_sighting or into.is_sighting:
            raise Refused(_("One of the two goes on as a sighting. Turn it into a leak again first."))
        _refuse(why_apart(leak, into))
        for post in leak.posts.select_for_update():
            _regroup(post, into, joined=Post.Joined.HAND, by=by, why=words, now=now)
        tell(Regrouped(home, leak, into, "", by, now))
        sign(home, signing_key(home))
    return into


def split(home: Home, post: Post, *, by: Person, why: str, now: datetime) -> Leak:
    """Make a post a leak of its own, with all posts of the same file; return the new leak.

    Raises
    ------
    Refused
        If the person may not, no reason is given, the leak has no other file, or an allegation rests on this one.
    """
    _refuse_unless(by)
    words = reason_of(why, most=limits.MAX_FOUND_CHARS)
    with exclusively(home), transaction.atomic():
        post = Post.objects.select_for_update().get(pk=post.pk)  # somebody may have moved it meanwhile
        leak = Leak.objects.select_for_update().get(pk=post.leak_id)
        same_file = leak.posts.select_for_update().filter(file_sha256=post.file_sha256)
        if leak.posts.count() == len(same_file):
            raise Refused(_("The leak has no other file: there is nothing to split it from."))
        _refuse(why_whole(leak, post.file_sha256))
        alone = Leak.objects.create(title=post.file_name, created=now)
        for number, each in enumerate(same_file):
            joined = Post.Joined.BYTES if number else Post.Joined.FIRST
            _regroup(each, alone, joined=joined, by=by, why=words, now=now)
        if not leak.posts.filter(joined=Post.Joined.FIRST).exists():
            Post.objects.filter(pk=leak.posts.earliest("received").pk).update(joined=Post.Joined.FIRST, likeness=None)
        tell(Regrouped(home, leak, alone, post.file_sha256, by, now))
        sign(home, signing_key(home))
    return alone


def confirm(home: Home, post: Post, *, by: Person, why: str, now: datetime) -> None:
    """Confirm that a post which looks put into its leak belongs there.

    Raises
    ------
    Refused
        If the person may not, no reason is given, or there is nothing to confirm.
    """
    _refuse_unless(by)
    words = reason_of(why, most=limits.MAX_FOUND_CHARS)
    with exclusively(home), transaction.atomic():
        post = Post.objects.select_for_update().select_related("leak").get(pk=post.pk)
        if post.joined != Post.Joined.LOOKS:
            raise Refused(_("There is nothing to confirm about this post any more. Reload the page."))
        _regroup(post, post.leak, joined=Post.Joined.HAND, by=by, why=words, now=now)
        sign(home, signing_key(home))


def _refuse_unless(by: Person) -> None:
    if not by.may(Act.HANDLE_LEAKS):
        raise Refused(_("Leaks are joined and split by officers and investigators. Ask one of them."))


def _refuse(why: str) -> None:
    if why:
        raise Refused(why)


def _regroup(post: Post, into: Leak, *, joined: str, by: Person, why: str, now: datetime) -> None:
    """Write down by whom and why a post is where it is, and put it there."""
    body = {"post": post.pk, "leak": post.file_sha256, "from": post.leak_id, "to": into.pk, "by": by.pk}
    leaf = append(Kind.LEAK_REGROUPED, body, subject=post.file_sha256, now=now)
    Regrouping.objects.create(
        post=post, from_leak=post.leak, to_leak=into, why=why, by=by, time=now, leaf_index=leaf.index
    )
    post.compared = post.compared or now
    _move(post, into, why=joined)
    post.save(update_fields=["leak", "joined", "compared"])


def _move(post: Post, into: Leak, *, why: str) -> None:
    """Put a post into a leak, with the other posts of its file; a leak that is left empty points to where they are."""
    left = post.leak
    post.leak, post.joined = into, why
    Post.objects.filter(leak=left, file_sha256=post.file_sha256).exclude(pk=post.pk).update(leak=into)
    if left.pk != into.pk and not left.posts.exclude(pk=post.pk).exists():
        Leak.objects.filter(pk=left.pk).update(joined_into=into)
        Leak.objects.filter(joined_into=left).update(joined_into=into)
