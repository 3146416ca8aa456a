"""Our words for statements, in two languages. A sentence is used only where the records bear it out.

They are no part of the catalogue of translations: a statement is written in both languages at once, whoever reads the
screen in which one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tidemark.records.reidentify.ordinary import words

MONTHS = words(
    "January February March April May June July August September October November December",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records say, as far as it may be said in public.

    Attributes
    ----------
    owner : str
    code_name : str
        '' unless the project is public.
    statuses : frozenset of str
        Of the drafts that leaked: bidding, development, final. Empty if it is not known.
    downstream : bool
        Whether the copies were held by somebody below the party that answers.
    amount : str
        Such as "CNY 1,000,000"; '' if it is not to be said.
    follows : datetime or None
        When the statement was issued that this one corrects or withdraws.
    """

    owner: str
    code_name: str = ""
    statuses: frozenset[str] = frozenset()
    downstream: bool = True
    amount: str = ""
    follows: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as it is proposed, and the sentences in it that are promises."""

    title: str
    text: str
    promises: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """All sentences in one language."""

    titles: Mapping[str, str]
    corrects: str
    circulating: str
    circulating_named: str
    nothing_yet: str
    claims_nothing: str
    report_again: str
    bidding: str
    development: str
    established: str
    responsible: str
    responsible_downstream: str
    ordered: str
    damages: str
    unnamed: str
    follow_up: str
    pass_on: str
    withdraws: str
    apology: str
    joined: str


ENGLISH = Wording(
    titles={
        "holding": "On images of an unreleased vehicle",
        "final": "On the images of an unreleased vehicle: what we found",
        "withdrawal": "Withdrawal of an earlier statement",
    },
    corrects="This statement corrects and replaces our statement of {day}.",
    circulating="Images that are said to show an unreleased vehicle of {owner} are being shared online.",
    circulating_named=(
        "Images that are said to show {code_name}, an unreleased vehicle of {owner}, are being shared online."
    ),
    nothing_yet="We are looking into where they come from. Nothing has been established so far.",
    claims_nothing="We claim nothing about any person or company, and ask others not to speculate.",
    report_again="We will report again as soon as there is something reliable to say.",
    bidding="They show early drafts that were made for bidding, and not the final design.",
    development="They show drafts from development, and not the final design.",
    established="Our investigation has established whose copies of the drafts leaked.",
    responsible="We hold the contracting supplier responsible under its agreement with us.",
    responsible_downstream=(
        "Under its agreement with us, the contracting supplier answers for the companies that work for it. We hold it "
        "responsible for what happened there."
    ),
    ordered=(
        "The supplier was ordered to strengthen its information security and the control of its sub-vendors, and to "
        "hand in a detailed rectification plan."
    ),
    damages="It owes contractual damages of {amount}.",
    unnamed="We do not name the companies concerned.",
    follow_up="We will check that the plan is carried out.",
    pass_on="Please do not pass the images on.",
    withdraws=(
        "We withdraw our statement of {day}. What it said no longer stands, and nothing follows from it for anybody."
    ),
    apology="We apologise to all who were affected by it.",
    joined=" ",
)

CHINESE = Wording(
    titles={
        "holding": "关于未发布车型图片的说明",
        "final": "关于未发布车型图片的调查情况说明",
        "withdrawal": "关于撤回此前声明的说明",
    },
    corrects="本声明更正并取代我们于{day}发布的声明。",
    circulating="近日，网络上出现据称为{owner}未发布车型的图片。",
    circulating_named="近日，网络上出现据称为{owner}未发布车型{code_name}的图片。",
    nothing_yet="我们正在了解图片的来源，目前尚无定论。",
    claims_nothing="我们不对任何个人或企业作出判断，也请各界不作猜测。",
    report_again="一旦有可靠的情况，我们将再次说明。",
    bidding="图片内容为早期竞标草案，并非最终设计。",
    development="图片内容为开发阶段的草案，并非最终设计。",
    established="经调查，已查明外泄的是哪一方持有的图纸副本。",
    responsible="依据双方协议，由签约供应商承担责任。",
    responsible_downstream="依据双方协议，签约供应商须对其下游企业的行为负责，我们据此要求其承担责任。",
    ordered="我们已责令该供应商加强信息安全及对下级供应商的管控，并提交详细的整改方案。",
    damages="该供应商须依约支付违约金{amount}。",
    unnamed="我们不公布相关企业的名称。",
    follow_up="我们将检查整改方案的落实情况。",
    pass_on="请勿继续转发上述图片。",
    withdraws="我们撤回于{day}发布的声明。该声明的内容不再有效，任何一方均不因其承担任何后果。",
    apology="对由此受到影响的各方，我们谨致歉意。",
    joined="",
)

WORDINGS = {"en": ENGLISH, "zh": CHINESE}


def written(kind: str, facts: Facts, language: str) -> Written:
    """Return the proposal for a statement of a kind, in a language."""
    say = WORDINGS[language]
    values = {"owner": facts.owner, "code_name": facts.code_name, "amount": amount_in(facts.amount, language)}
    values["day"] = day_in(facts.follows, language) if facts.follows else ""
    promises: tuple[str, ...]
    if kind == "withdrawal":
        parts, promises = [[say.withdraws], [say.apology], [say.pass_on]], ()
    else:
        opening = [say.circulating_named if facts.code_name else say.circulating]
        opening += [getattr(say, facts_word) for facts_word in _status(facts.statuses)]
        head = [[say.corrects]] if facts.follows else []
        if kind == "holding":
            parts = [*head, opening, [say.nothing_yet, say.claims_nothing], [say.report_again, say.pass_on]]
            promises = (say.report_again,)
        else:
            answers = say.responsible_downstream if facts.downstream else say.responsible
            owes = [say.damages] if facts.amount else []
            parts = [*head, opening, [say.established, answers], [say.ordered, *owes]]
            parts += [[say.unnamed, say.follow_up, say.pass_on]]
            promises = (say.follow_up,)
    text = "\n\n".join(say.joined.join(sentences) for sentences in parts)
    return Written(say.titles[kind], text.format(**values), promises)


def amount_in(amount: str, language: str) -> str:
    """Write "CNY 1,000,000" as a language does."""
    currency, _, number = amount.partition(" ")
    if language != "zh" or not number:
        return amount
    return f"{number}元人民币" if currency == "CNY" else f"{number} {currency}"


def _status(statuses: frozenset[str]) -> tuple[str, ...]:
    """Return which sentence on the drafts is true; none where a final design leaked, or nobody knows."""
    if statuses == {"bidding"}:
        return ("bidding",)
    return ("development",) if statuses and "final" not in statuses else ()


def day_in(at: datetime, language: str) -> str:
    """Write a day as a language does, in UTC."""
    at = at.astimezone(UTC)
    if language == "zh":
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"
