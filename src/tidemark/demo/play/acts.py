"""The acts in their order, and how they are played."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tidemark.demo.play import accusing, bidding, leaking, others, rectifying, sanctioning, speaking
from tidemark.demo.play.stage import Stage


@dataclass(frozen=True, slots=True)
class Act:
    """One part of the play.

    Attributes
    ----------
    title : str
    play : callable
        Plays it on a stage, and yields what is to be told of it. Its docstring says what happens.
    """

    title: str
    play: Callable[[Stage], Iterator[str]]

    @property
    def about(self) -> str:
        """What happens, in a sentence."""
        return (self.play.__doc__ or "").partition("\n")[0]


BEFORE = (
    Act("The desk", bidding.set_the_desk),
    Act("The round", bidding.bid),
    Act("Onward", bidding.share_onward),
    Act("The award", bidding.award),
    Act("The final render", bidding.release_final),
    Act("The leaks", leaking.leak),
    Act("The traces", leaking.trace),
)
"""Up to the findings."""

AFTER = (
    Act("The case", accusing.open_the_case),
    Act("The allegation", accusing.put_it),
    Act("The reply", accusing.dispute_it),
    Act("The decision", accusing.decide_it),
    Act("The sanction", sanctioning.impose),
    Act("The appeal", sanctioning.appeal),
    Act("The payment", sanctioning.pay),
    Act("The plan", rectifying.plan),
    Act("The gate", rectifying.open_the_gate),
    Act("The statement", speaking.state),
    Act("The end", speaking.close),
    Act("Inconclusive", others.withhold),
    Act("The apology", others.withdraw),
    Act("Colluders", others.tell_apart),
    Act("The final design", others.warn_of_the_final),
    Act("Our own house", others.look_at_home),
    Act("The sighting", others.tell_sighting),
)
"""What follows from them."""

ACTS = (*BEFORE, *AFTER)
