"""What a statement says of somebody's part in the affair, what it says of the draft, and what it promises.

A holding statement claims nothing about anybody. Words decide here, not meaning: what denies a claim, or is a question,
is let pass only with a reason, for "it is beyond doubt" denies nothing.
"""

import re
from collections.abc import Iterator

_CLAIMS = (
    r"accus\w*|alleg(?:e|ed|es|ation|ations)|at fault|blam(?:e|ed|es|ing)|breach(?:ed|es|ing)?|culprits?|culpable"
    r"|damages|(?:was|were|been) (?:ordered|told|instructed) to|establish(?:ed|es)"
    r"|(?:was|were|been|has|have) (?:identified|traced|found out|pinned)|guilty"
    r"|identif(?:ied|ies) (?:the|a|who|whose)|leaked by|leakers?|liab(?:le|ility)|negligen(?:t|ce|tly)|offenders?"
    r"|penalt(?:y|ies)|perpetrators?|responsib(?:le|ility) (?:for|lies|rests)|responsible party|sanction(?:ed|s)?"
    r"|(?:is|are|was|were|held|hold|holds|holding) (?:\w+ ){0,4}(?:responsible|accountable|liable|to account)"
    r"|source of the leak|suspect(?:ed|s)?|sued|whose cop(?:y|ies)|wrongdo(?:er|ing)s?|violat(?:ed|es|ion|ions)"
)
_CLAIMS_ZH = (
    "已查明|已经查明|查明|查实|已确认泄露|认定|责任方|承担责任|负有责任|负责任|追究|追责|问责|违约|违反|赔偿|罚款"
    "|责令|处罚|处分|泄密者|泄露者|泄密方|泄露方|嫌疑|指控|指称|过错|归责|肇事|元凶|罪魁"
)
_PARTIES = (
    r"suppliers?|sub-?\s?suppliers?|vendors?|sub-?\s?vendors?|(?:sub-?\s?)?contractors?|bidders?|business partners?"
    r"|partner compan(?:y|ies)|third part(?:y|ies)|moulders?"
)
_PARTIES_ZH = "供应商|分供方|分供应商|外包方|承包商|合作方|合作伙伴|合作单位|投标方|投标人|第三方|下级供应商"
_DENIES = re.compile(
    r"\b(?:not|no|nobody|nothing|none|never|neither|cannot|can't|whether|without|until|unless|if|who|yet)\b|n't\b|未|不|没有|尚|是否|无|并非|勿|待"
)
_CLAUSE_END = re.compile(r"[.!?;:,\n。！？；：，]")
_NOT_FINAL = re.compile(
    r"\bnot (?:the|a|our|its|yet the|of the)? ?(?:final|definitive|production|series)\b|\bnon-?final\b"
    r"|(?:并非|不是|非|不代表|不等于)(?:最终|量产|定稿)|未定稿",
)
_PROMISES = re.compile(
    r"\b(?:we|the company) (?:will|shall|commit to|undertake to|promise to|are going to)\b|\bwe'll\b"
    r"|我们(?:将|会|承诺|保证)|我方(?:将|会|承诺|保证)|本公司(?:将|会|承诺|保证)|公司将",
)
_SAYS = re.compile(rf"\b(?:{_CLAIMS})\b|{_CLAIMS_ZH}")
_SPEAKS_OF = re.compile(rf"\b(?:{_PARTIES})\b|{_PARTIES_ZH}")


def claims_in(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where a folded text claims something of somebody, and whether its clause denies it."""
    for match in _SAYS.finditer(text):
        yield match.start(), match.end(), _denied(text, match.start())


def parties_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a folded text speaks of suppliers, sub-vendors and the like."""
    for match in _SPEAKS_OF.finditer(text):
        yield match.span()


def denials_of_the_final_design(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a folded text says that it is not the final design."""
    for match in _NOT_FINAL.finditer(text):
        yield match.span()


def promises_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a folded text that promise something."""
    for match in _PROMISES.finditer(text):
        ends = re.compile(r"[.!?\n。！？]").search(text, match.end())
        yield match.start(), ends.start() if ends else len(text)


def _denied(text: str, place: int) -> bool:
    starts = [end.end() for end in _CLAUSE_END.finditer(text, 0, place)]
    clause = text[starts[-1] if starts else 0 : place]
    return _DENIES.search(clause) is not None
