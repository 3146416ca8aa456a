"""Text as the check reads it: width, case, accents, look-alike letters and invisible characters make no difference.

Every character kept knows where it stood, so that an objection can be marked in the text as it was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tidemark.records.parties.names import fold

# Letters of other alphabets, or of ours with a stroke, that look like these.
_ALIKE = {
    "a": "аαɑᴀ", "b": "ЬвβьᏴʙ", "c": "сϲᴄ", "d": "ԁđɗᴅ", "e": "еεєҽəᴇ", "f": "ƒғ", "g": "ɡցɢ", "h": "һнհʜ",
    "i": "іıɩιɪ", "j": "јʝᴊ", "k": "кκҝᴋ", "l": "ӏłɭʟⅼ", "m": "мᴍ", "n": "пηոŋɴ", "o": "оοσøօᴏ", "p": "рρᴘ", "q": "ԛգ",
    "r": "гʀɾ", "s": "ѕʂꜱ", "t": "тτŧᴛ", "u": "υսʋᴜ", "v": "ѵνᴠ", "w": "ѡԝωшᴡ", "x": "хχ", "y": "уүγʏ", "z": "ʐżᴢ",
    "ae": "æ", "oe": "œ", "th": "þ",
}  # fmt: skip
# Traditional characters that names of companies are made of, each before its simplified form.
_TRADITIONAL = (
    "東东車车電电機机業业華华國国際际實实龍龙鳳凤豐丰興兴廣广聯联達达創创藝艺術术霽霁噴喷塗涂廠厂銅铜鋼钢鐵铁鋁铝鑫鑫錫锡鎮镇"
    "縣县區区陽阳陰阴馬马鳥鸟魚鱼門门開开關关間间聞闻問问閩闽長长張张風风飛飞塑塑膠胶鑄铸鍛锻製制裝装飾饰輪轮軸轴軟软輝辉"
    "進进運运連连遠远適适達达遼辽選选導导學学習习寶宝貝贝財财貨货貿贸質质資资賽赛贊赞賀贺億亿優优偉伟傑杰儀仪價价億亿倉仓"
    "個个兩两劍剑動动勞劳勝胜勢势協协單单衛卫厲厉參参雙双發发變变號号吳吴員员嚴严園园圖图圓圆團团場场塊块墻墙壓压壽寿夢梦"
    "奧奥婦妇孫孙寧宁審审將将專专尋寻對对導导屆届島岛嶺岭帥帅師师帶带幫帮應应慶庆懷怀戰战戲戏揚扬換换損损撥拨擇择據据擁拥"
    "數数斷断無无時时曉晓書书會会極极構构樓楼標标樣样樹树橋桥檢检權权歐欧歷历歸归殘残氣气決决沖冲況况準准溝沟滬沪漢汉漁渔"
    "潤润澤泽濟济濱滨燈灯爐炉爭争爾尔狀状獨独環环現现瑪玛產产畫画異异當当盡尽監监盤盘碼码礦矿礎础禮礼種种積积穩稳競竞筆笔"
    "節节範范築筑簡简類类紅红紋纹納纳純纯紙纸級级紡纺組组細细終终結结絡络統统經经綠绿維维網网綫线線线緊紧編编緣缘縱纵總总"
    "織织續续羅罗義义聖圣聲声職职聽听腦脑興兴舊旧莊庄葉叶蓋盖蔣蒋蘇苏蘭兰處处虛虚蟲虫術术補补複复見见規规視视親亲覽览觀观"
    "計计訊讯設设許许訴诉評评詞词試试詩诗話话誠诚語语說说調调談谈請请論论證证識识譽誉讀读變变讓让豪豪貴贵貫贯費费賓宾賴赖"
    "輕轻輸输辦办農农邊边鄧邓鄭郑鄰邻醫医釋释鍾钟鋒锋錢钱錦锦鍵键鏡镜鐘钟鑽钻陳陈陸陆隊队階阶隨随險险雜杂雲云霧雾靈灵靜静"
    "嵐岚頂顶項项順顺預预領领頭头題题額额顏颜願愿顯显飯饭館馆駿骏騰腾驅驱驗验髮发鬥斗鮮鲜鴻鸿鵬鹏鶴鹤麗丽黃黄點点齊齐齒齿"
)
_CAPITALS = {ord(char): plain for char, plain in zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧСНВ", "abezhikmnoptyxchb", strict=True)}
"""Greek and Cyrillic capitals look like others of our letters than their small ones do."""
_OWN = {ord(char): plain for plain, alike in _ALIKE.items() for char in alike.casefold()}
_OWN |= {ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_LETTER = re.compile(r"\b(?:LATIN|INDICATOR SYMBOL)\b.*\bLETTER (?:SMALL |CAPITAL )*([A-Z])(?: WITH .*)?$")
"""How Unicode calls what is one of our letters in some dress: with a stroke, in a box, as half of a flag."""
_WORD = re.compile("[a-z0-9]+")
_IDEOGRAPHS = "\u3400-\u9fff\U00020000-\U0003ffff〇"
_STRETCH = re.compile(rf"[{_IDEOGRAPHS}][{_IDEOGRAPHS}\W_]*|(?:[^\W_{_IDEOGRAPHS}])[^{_IDEOGRAPHS}]*")
_IDEOGRAPH, _LETTERS = re.compile(rf"[{_IDEOGRAPHS}]"), re.compile(r"[^\W_]+")
_DIGITS = str.maketrans("013457", "oleast")
"""Digits that stand for letters; i and l are one letter then."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text, folded.

    Attributes
    ----------
    text : str
        Folded; blanks and punctuation are kept.
    at : tuple of int
        Where each character of ``text`` stood, as an index into the text as it was written.
    length : int
        Characters of the text as it was written.
    """

    text: str
    at: tuple[int, ...]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where folded characters ``start`` up to ``end`` stood."""
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Squeezed:
    """The letters and digits of a folded text alone, digits that look like letters taken for them.

    Attributes
    ----------
    text : str
    at : tuple of int
        Where each stood in the folded text.
    word : tuple of int
        The number of the word that each belongs to; of Chinese, every character is a word.
    """

    text: str
    at: tuple[int, ...]
    word: tuple[int, ...]

    def begins(self, place: int) -> bool:
        """Whether a word begins here."""
        return place == 0 or self.word[place - 1] != self.word[place]

    def ends(self, place: int) -> bool:
        """Whether a word ends with this character."""
        return place + 1 == len(self.word) or self.word[place + 1] != self.word[place]


def folded(text: str) -> Folded:
    """Fold a text."""
    kept: list[str] = []
    at: list[int] = []
    for place, char in enumerate(text):
        for each in _plain(char):
            kept.append(each)
            at.append(place)
    return Folded("".join(kept), tuple(at), len(text))


def squeezed(text: Folded) -> Squeezed:
    """Keep the letters and digits of a folded text."""
    kept: list[str] = []
    at: list[int] = []
    word: list[int] = []
    number, joined = 0, False
    for place, char in enumerate(text.text):
        if not char.isalnum():
            joined = False
            continue
        if not joined or is_ideograph(char):
            number += 1
        kept.append(char)
        at.append(place)
        word.append(number)
        joined = not is_ideograph(char)
    return Squeezed(lettered("".join(kept)), tuple(at), tuple(word))


def squeeze(text: str) -> str:
    """Return what :func:`squeezed` makes of a text, without places: the form of a pattern."""
    plain = text.lower() if text.isascii() else "".join(map(_plain, text))
    return lettered("".join(filter(str.isalnum, plain)))


def lettered(text: str) -> str:
    """Return a folded text with digits that look like letters taken for them. One character stays one."""
    return text.translate(_DIGITS).replace("i", "l").replace("|", "l")


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded; a run of Chinese is one word."""
    if text.isascii():
        return _WORD.findall(text.lower())
    return [word for word, _, _ in runs(folded(text))]


def runs(text: Folded) -> Iterator[tuple[str, int, int]]:
    """Yield each run of letters and digits of a folded text, and of Chinese, with its place there."""
    start = -1
    for place, char in enumerate(text.text + " "):
        breaks = not char.isalnum() or (start >= 0 and is_ideograph(char) != is_ideograph(text.text[start]))
        if start >= 0 and breaks:
            yield text.text[start:place], start, place
            start = -1
        if start < 0 and char.isalnum():
            start = place


def stretches_of(text: str) -> Iterator[list[str]]:
    """Yield the words of a text, folded, as they stand in a row: of Chinese, every character is a word.

    Where Chinese begins or ends, another stretch begins. It is quicker than :func:`runs`, and tells no places.
    """
    if text.isascii():
        if words := _WORD.findall(text.lower()):
            yield words
        return
    for stretch in _STRETCH.findall(text.translate(_PLAIN)):
        if words := (_IDEOGRAPH if is_ideograph(stretch[0]) else _LETTERS).findall(stretch):
            yield words


def is_ideograph(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff" or char == "〇"


def _plain(char: str) -> str:
    return char.lower() if " " <= char <= "~" else _unusual(char)


@lru_cache(maxsize=20_000)
def _unusual(char: str) -> str:
    found = []
    for part in unicodedata.normalize("NFKD", char):
        if ord(part) in _CAPITALS:
            found.append(_CAPITALS[ord(part)])
            continue
        if unicodedata.category(part) in ("Mn", "Me"):
            continue
        # A blank stays one: `fold` would strip it. What stands among the ideographs and is none, such as the hexagrams,
        # is one too: it parts words, but no Chinese begins there.
        is_blank = part.isspace() or unicodedata.category(part) == "Cc" or (is_ideograph(part) and not part.isalnum())
        seen = " " if is_blank else fold(part)
        found.append("".join(_OWN.get(ord(each), _undressed(each)) for each in seen))
    return "".join(found)


_MOST_KEPT = 20_000


class _Plain(dict[int, str]):
    """What every character folds to, looked up once each."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = plain
        return plain


_PLAIN = _Plain()


def _undressed(char: str) -> str:
    letter = _LETTER.search(unicodedata.name(char, "")) if char > "~" else None
    return letter[1].lower() if letter else char
