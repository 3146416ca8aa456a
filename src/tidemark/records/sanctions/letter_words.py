"""What a sanction's letter says, in English and in Chinese. The two say the same; neither depends on who reads it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of a letter. Texts with ``{…}`` are filled in."""

    language: str
    region: str
    joint: str
    title: str
    subject: str
    subject_without: str
    number: str
    dated: str
    to: str
    salutation: str
    opening: str
    agreement: str
    agreement_says: str
    no_agreement: str
    no_clause: str
    not_owners: str
    found: str
    found_lead: str
    answered: str
    answers: Mapping[str, str]
    unanswered: str
    final: str
    imposed: str
    damages: str
    amount: str
    amount_by_clause: str
    converted: str
    rate: str
    agreed: str
    cap: str
    formula: str
    calculation: str
    deviation: str
    deviations: Mapping[str, str]
    deviation_reason: str
    measures_only: str
    payment: str
    due: str
    pay_to: str
    measures: str
    measures_lead: str
    head_measure: str
    head_until: str
    kinds: Mapping[str, str]
    until_ended: str
    everywhere: str
    in_project: str
    persons_note: str
    more: str
    appeal: str
    appeal_text: str
    not_claimed: str
    closing: str
    for_owner: str
    roles: Mapping[str, str]
    issued: str
    record: str
    footer: str


ENGLISH = Words(
    language="en",
    region="gb",
    joint=" ",
    title="Notice of sanction",
    subject="Notice of sanction under the agreement {agreement}",
    subject_without="Notice of sanction",
    number="Our reference",
    dated="Date",
    to="To",
    salutation="Dear Sir or Madam,",
    opening=(
        "Confidential material of {owner} was found where it must not be. What was put to {party} about it on {put} is "
        "final since {final}. We hereby give notice of what follows from it."
    ),
    agreement="The agreement",
    agreement_says=(
        "Between {owner} and {party} the agreement {agreement} stands, valid from {valid_from}. Its clause on damages "
        "reads, as it is written:"
    ),
    no_agreement="No agreement on record between {owner} and {party} provides for damages. None are claimed.",
    no_clause="Between {owner} and {party} the agreement {agreement} stands, valid from {valid_from}.",
    not_owners=(
        "{party} answers under the agreement {agreement}, to which {owner} is no party. No amount is derived from it, "
        "and no agreement between {owner} and {party} is cited."
    ),
    found="What was found",
    found_lead=(
        "It was put to you in the following words. The copy, its custodian and the party that answers are three "
        "separate statements, each to be judged by itself."
    ),
    answered="Your company answered on {day}: {answer}.",
    answers={
        "accepts": "it accepts the allegation",
        "disputes": "it disputes the allegation",
        "names": "it names its sub-vendor",
    },
    unanswered="Your company did not answer in the time that it was given.",
    final="The allegation became final on {final}.",
    imposed="What is imposed",
    damages="Damages",
    amount="Amount",
    amount_by_clause="as the agreement provides",
    converted="For reporting",
    rate="at {rate} {currency} per {into}, rate of {day}, source: {source}",
    agreed="By the agreement",
    cap="Cap of the agreement",
    formula="Formula of the agreement",
    calculation="Calculation",
    deviation="Deviation",
    deviations={
        "not the owner's": "The agreement is not one with us, and an amount is claimed.",
        "unagreed": "The agreement names no damages, and an amount is claimed.",
        "none claimed": "The agreement provides for damages, and none are claimed.",
        "less": "Less is claimed than the agreement provides for.",
        "more": "More is claimed than the agreement provides for.",
    },
    deviation_reason="Reason for it",
    measures_only="No damages are claimed. What is imposed are the measures below.",
    payment="Payment",
    due="The amount is due in {currency} and is to be received by us until {day}. Partial payments are credited.",
    pay_to="Please pay as follows:",
    measures="Measures",
    measures_lead="Please report on each in the portal, with its proofs, until the day that is named.",
    head_measure="Measure",
    head_until="Until",
    kinds={
        "suspension": "Suspension of access",
        "obligation": "Obligation",
        "person": "Action with persons, at your company",
    },
    until_ended="until we end it",
    everywhere="all projects, and whoever you engage in them",
    in_project="project {project}, and whoever you engage in it",
    persons_note="What is asked of persons is yours to decide and to report. We make no claim as to who acted.",
    more="Further",
    appeal="Your right to appeal",
    appeal_text=(
        "You may appeal until {day} UTC, once, in the portal, on the page of this sanction, with your reasons and any "
        "files. Two persons decide, legal among them, and you are told the decision with its reasons. Until then no "
        "payment is overdue; the measures go on."
    ),
    not_claimed="Nothing in this letter claims who passed the material on, or with what intent.",
    closing="Yours faithfully,",
    for_owner="For {owner}",
    roles={"legal": "Legal", "officer": "Design protection officer"},
    issued="Issued by {name}",
    record="This letter is kept unchanged. Its SHA-256 is in the ledger of {owner}, in the entry of this sanction.",
    footer="{number} · page {page} of {pages}",
)

CHINESE = Words(
    language="zh",
    region="cn",
    joint="",
    title="处置通知书",
    subject="关于依据《{agreement}》作出处置的通知",
    subject_without="处置通知",
    number="编号",
    dated="日期",
    to="致",
    salutation="敬启者：",
    opening=(
        "{owner}的保密资料出现在不应出现之处。就此于{put}向{party}提出的指称，已于{final}成为定论。现将由此产生的处置通知如下。"
    ),
    agreement="协议依据",
    agreement_says="{owner}与{party}之间订有协议《{agreement}》，自{valid_from}起生效。其违约金条款原文如下：",
    no_agreement="{owner}与{party}之间没有在案协议约定违约金，故不主张违约金。",
    no_clause="{owner}与{party}之间订有协议《{agreement}》，自{valid_from}起生效。",
    not_owners=(
        "{party}依据《{agreement}》承担责任，{owner}并非该协议的当事方。本函不依据该协议得出任何金额，也未援引{owner}与{party}之间的协议。"
    ),
    found="认定的事实",
    found_lead="以下为向贵司提出指称时的原文。副本、保管方与责任方是三项相互独立的陈述，应分别判断。",
    answered="贵司于{day}作出答复：{answer}。",
    answers={"accepts": "接受指称", "disputes": "对指称提出异议", "names": "指明其下级供应商"},
    unanswered="贵司未在规定期限内答复。",
    final="该指称于{final}成为定论。",
    imposed="处置内容",
    damages="违约金",
    amount="金额",
    amount_by_clause="按协议约定",
    converted="折算（供报告用）",
    rate="按 1 {into} = {rate} {currency} 折算，汇率日期：{day}，来源：{source}",
    agreed="协议约定金额",
    cap="协议约定上限",
    formula="协议约定的计算方式",
    calculation="计算过程",
    deviation="与条款的偏离",
    deviations={
        "not the owner's": "该协议并非与我方订立，而主张了金额。",
        "unagreed": "协议未约定违约金，而主张了金额。",
        "none claimed": "协议约定了违约金，而未予主张。",
        "less": "主张的金额低于协议约定。",
        "more": "主张的金额高于协议约定。",
    },
    deviation_reason="偏离理由",
    measures_only="不主张违约金。处置内容为下列措施。",
    payment="付款",
    due="上述金额应以{currency}支付，并于{day}前到账。部分付款计入已付金额。",
    pay_to="请按以下方式付款：",
    measures="措施",
    measures_lead="请贵司在所列日期前，在门户中逐项报告完成情况，并附证明。",
    head_measure="措施",
    head_until="期限",
    kinds={"suspension": "暂停访问", "obligation": "义务", "person": "贵司内部的人员措施"},
    until_ended="至我方终止时",
    everywhere="所有项目及贵司在其中委托的各方",
    in_project="项目 {project} 及贵司在其中委托的各方",
    persons_note="对人员采取何种措施，由贵司自行决定并报告。我方不就何人所为作任何主张。",
    more="其他",
    appeal="申诉权利",
    appeal_text=(
        "贵司可于 {day}（UTC）前，在门户中本处置的页面上申诉一次，说明理由并可附文件。申诉由包括法务在内的两人决定，"
        "决定及其理由将告知贵司。在此之前，付款不视为逾期；措施继续执行。"
    ),
    not_claimed="本函不就何人传出资料、出于何种主观状态作任何主张。",
    closing="此致",
    for_owner="{owner}",
    roles={"legal": "法务", "officer": "保密专员"},
    issued="签发人：{name}",
    record="本函原样保存。其 SHA-256 载于{owner}台账中本处置的条目。",
    footer="{number} · 第 {page} 页，共 {pages} 页",
)

LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
"""The languages of a letter, by their ISO 639-1 code."""
