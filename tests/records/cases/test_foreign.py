"""Which names in a text point to another party: written in any way, and never a party's own."""

import pytest

from tests.desk import NOW, Desk
from tidemark.records.accounts.models import Person
from tidemark.records.cases.foreign import foreign_names
from tidemark.records.parties.models import Party


@pytest.mark.parametrize(
    "words",
    [
        "Ardoise has it.",
        "ＡＲＤＯＩＳＥ has it.",
        "It lay at Ardoise's site.",
        "It lay with VELLMAR.",
        "It lay with vellmar-kunststofftechnik.",
        "Ask Odalys Fenwright.",
        "Ask Fenwright, Odalys.",
        "Ask odalys.fenwright@ardoise.test.",
        "A Lantern tool.",
        "丹陆也有。",
        "Summit",
    ],
)
def test_the_words_and_people_that_only_another_party_has_are_found(desk: Desk, words: str) -> None:
    _others(desk)
    assert foreign_names(words, desk.supplier) != []


@pytest.mark.parametrize(
    "words",
    [
        "Northwick Mouldings and northwick alone are yours, and so is 霁川喷涂.",
        "Mouldings by injection, in Kunststofftechnik.",
        "Light a lantern at the desk.",
        "Ask Anna Kestrel, who works for Northwick too.",
        "Halden Motors asks you.",
        "This was held by the custodian; the draft was at revision 2.",
    ],
)
def test_plain_words_and_the_partys_own_names_point_to_nobody_else(desk: Desk, words: str) -> None:
    _others(desk)
    assert foreign_names(words, desk.supplier) == []


@pytest.mark.parametrize(
    ("own", "other", "words", "found"),
    [
        ("Kim", "Kimball Ltd.", "given to Kimball Ltd. in May", True),
        ("王伟", "王伟业汽车饰件有限公司", "交给王伟业汽车饰件有限公司。", True),
        ("Orion", "Orionis Mouldings", "It lay with Orionis Mouldings.", True),
        ("Orion", "Orion Works", "It lay with Orion Works.", True),
        ("Kim", "Kim", "Ask Kim.", True),
        ("New Orion", "Orion", "This is new. Orion has it.", True),
        ("Orion Works", "Orion", "Orion Works is yours.", False),
        ("Orion Works", "Orion", "Orion Workshops has it.", True),
        ("Orion Works", "Orion", "Orion Works is yours, and Orion is not.", True),
        ("王伟业", "伟业", "王伟业是你方的人。", False),
        ("Kim", "Kimball Ltd.", "Ask Kim.", False),
        ("Summit Works", "Summit Works GmbH", "Summit Works is yours.", False),
        ("Summit Works", "Summit Works GmbH", "Summit Works GmbH has it.", True),
    ],
)
def test_an_own_name_hides_only_shorter_names_that_lie_within_it(
    desk: Desk, own: str, other: str, words: str, found: bool
) -> None:
    Person.objects.create(party=desk.owner, name=own, email="own@owner.test", created=NOW)
    Party.objects.create(name=other, created=NOW)
    assert bool(foreign_names(words, desk.supplier)) is found


@pytest.mark.parametrize(
    "name",
    [
        "Huaan", "Hua'an", "Hua’an", "Hua An", "Hua-an", "HUAAN", "HuaAn", "Suzhou Huaan Automotive", "华安", "華安",
        "Li Na", "Na Li", "Li, Na", "LI NA", "LiNa", "Lina", "Mr Li Na", "Lǐ Nà", "李娜", "李 娜",
        "Wang Wei", "Weiwang", "zhangwei's", "Zeng Wei", "Ceng Wei", "Lü Bu", "Lyu Bu", "Lu Bu",
        "Li Ning", "Ning Li", "LiNing", "Li'ning", "He Nan", "迪丽热巴·迪力木拉提", "Ouyang E", "E Ouyang",
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["{} has it.", "It was seen at {} last week."])
def test_a_chinese_name_is_found_however_short(desk: Desk, name: str, words: str) -> None:
    _chinese(desk)
    said = words.format(name)
    assert foreign_names(said, desk.supplier) != [], said


@pytest.mark.parametrize(
    "words",
    [
        "The lining was torn, and Lining of the door as well. LINING.",
        "Make a list of what they make, and change no name here. MAKE IT SO.",
        "Can he say so? We can. Long since.",
        "It was made in Henan, and shown in He'erbin, Shanghai and China.",
        "A sending of Wang and of Wei, of Li and of Na, li na.",
        "他们说，安全带已拆下；李，娜。",
    ],
)
def test_words_of_everyday_english_cities_and_single_syllables_name_nobody(desk: Desk, words: str) -> None:
    _chinese(desk)
    assert foreign_names(words, desk.supplier) == []


def test_what_is_spelt_like_a_name_of_the_partys_own_points_to_nobody_else(desk: Desk) -> None:
    _chinese(desk)
    Person.objects.create(party=desk.supplier, name="李纳", email="own@northwick.test", created=NOW)
    assert foreign_names("Li Na, Na Li and 李纳 work for you.", desk.supplier) == []
    assert foreign_names("李娜也有。", desk.supplier) == ["李娜"]
    assert foreign_names("霁川喷涂 and 霁川 are your sub-vendor, Jichuan.", desk.supplier) == []


def test_a_short_chinese_name_is_a_word_in_what_the_party_has_agreed_to(desk: Desk) -> None:
    Person.objects.create(party=desk.sibling, name="方向", email="fx@ardoise.test", created=NOW)
    Person.objects.create(party=desk.sibling, name="方向明", email="fxm@ardoise.test", created=NOW)
    clause = "每泄露一份方向盘图纸，接收方应付 1,000,000 元。"
    assert foreign_names("方向盘。", desk.supplier) == ["方向"]
    assert foreign_names("Your copy.", desk.supplier, agreed=clause) == []
    assert foreign_names("Your copy.", desk.supplier, agreed="方向明应付 1,000,000 元。") == ["方向明"]


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("the", "Breach of the terms. The terms are clear.", []),
        ("The", "It lay with The, in May.", ["The"]),
        ("Agreement", "Agreement and custody: under the agreement, nothing is owed.", []),
        ("Agreement", "It lay with Agreement.", ["Agreement"]),
        ("Have Been", "The files have been sold. Have been sold.", []),
        ("Have Been", "The files of Have Been were sold.", ["Have Been"]),
        ("Summit", "It reached the summit.", []),
        ("Summit", "It lay at Summit.", ["Summit"]),
        ("Summit", "Summit has it.", ["Summit"]),
        ("Summit", "SUMMIT: it lay there.", ["SUMMIT"]),
        ("Summit Plastics", "it lay with summit plastics.", ["summit plastics"]),
        ("Summit GmbH", "it lay with summit gmbh.", ["summit gmbh"]),
        ("The Summit", "It lay with the Summit.", ["the Summit"]),
        ("Summit of Hope", "At the summit of hope.", []),
        ("Summit of Hope", "It lay with Summit of Hope.", ["Summit of Hope"]),
        ("Summit Light Works", "Summit Light Works has it.", ["Summit Light Works"]),
        ("Manufacturing Engineering", "It is a matter of manufacturing engineering.", []),
        ("Manufacturing Engineering", "It is a matter of Manufacturing Engineering.", ["Manufacturing Engineering"]),
        ("Ardent Optics", "it lay with ardent optics.", ["ardent optics"]),
        ("360", "It lay with 360.", ["360"]),
        ("的", "这是我们的图片。", []),
        ("我们", "这是我们的图片。", []),
        ("东方", "图片在东方。", ["东方"]),
        ("한빛", "It lay with 한빛.", ["한빛"]),
    ],
)
def test_a_name_of_everyday_words_counts_where_it_is_written_as_a_name(
    desk: Desk, name: str, words: str, found: list[str]
) -> None:
    Party.named(name, {}, now=NOW)
    assert foreign_names(words, desk.supplier) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ask Anna ter Horst.", ["Anna ter Horst"]),
        ("Anna ter Horst has it.", ["Anna ter Horst"]),
        ("Ask ANNA TER HORST.", ["ANNA TER HORST"]),
        ("It was posted by anna-ter-horst.", ["anna-ter-horst"]),
        ("It was posted by annaterhorst.", ["annaterhorst"]),
        ("Ask anna@horst.test.", ["anna@horst.test"]),
        ("Ask ANNA ＠ horst.test.", ["ANNA ＠ horst.test"]),
        ("Anna horst, test.", []),
    ],
)
def test_a_person_counts_where_a_name_or_an_address_is_written(desk: Desk, words: str, found: list[str]) -> None:
    Person.objects.create(party=desk.sibling, name="Anna ter Horst", email="anna@horst.test", created=NOW)
    assert foreign_names(words, desk.supplier) == found


def test_what_is_found_is_told_as_it_stands_in_the_text_and_once(desk: Desk) -> None:
    assert foreign_names("Ask Ardoise, or ardoise INJECTION.", desk.supplier) == ["ardoise INJECTION"]


def _others(desk: Desk) -> None:
    """Put parties on record whose names are like other words, and people of theirs."""
    names = ("Lantern Optics", "Northwick Tooling", "Summit", "Custodian Revision Ltd", "常州丹陆塑料有限公司")
    for name in names:
        Party.named(name, {}, now=NOW)
    for party, name in (
        (desk.sibling, "Odalys Fenwright"),
        (desk.supplier, "Anna Kestrel"),
        (desk.stranger, "Anna Kestrel"),
    ):
        Person.objects.create(
            email=f"{name.lower().replace(' ', '.')}@{party.name.split()[0].lower()}.test",
            party=party,
            name=name,
            created=NOW,
        )


def _chinese(desk: Desk) -> None:
    """Put a party and people on record whose Chinese names are short."""
    Party.named("苏州华安汽车饰件有限公司", {}, now=NOW)
    for other in ("马克喷涂有限公司", "灿和模具厂"):
        Party.named(other, {}, now=NOW)
    names = ("李娜", "王伟", "张伟", "曾伟", "吕布", "李宁", "何楠", "欧阳娥", "迪丽热巴·迪力木拉提")
    for number, name in enumerate(names):
        Person.objects.create(email=f"p{number}@ardoise.test", party=desk.sibling, name=name, created=NOW)
