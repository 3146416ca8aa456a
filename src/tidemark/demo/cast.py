"""Who plays in the demonstration: the car maker's people, suppliers, their sub-vendors. None of them exists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """A fictional organisation that gets copies.

    Attributes
    ----------
    name : str
        As it stands on record.
    latin : str
        The part of it that any font has.
    contact : str
        Name of the person who acts for it.
    engaged_by : str
        The latin name of the organisation that it works for; ``""`` for the car maker.
    """

    name: str
    latin: str
    contact: str
    engaged_by: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """A named person, and how the acts call him or her.

    Attributes
    ----------
    key : str
        ``officer`` and the like for the owner's people; for a contact the latin name of the organisation.
    """

    key: str
    name: str
    email: str
    roles: tuple[str, ...]
    language: str = "en"


OWNER = "Halden Motors"

OWNERS_PEOPLE = (
    Player("officer", "Mara Quill", "mara.quill@halden.example", ("administrator", "officer")),
    Player("legal", "Tomas Ferrand", "tomas.ferrand@halden.example", ("legal",)),
    Player("communications", "Lene Aster", "lene.aster@halden.example", ("communications",)),
    Player("investigator", "Ingrid Vale", "ingrid.vale@halden.example", ("investigator",)),
)

HOLDERS = (
    Holder("岚汀外饰 Lanting Exteriors", "Lanting Exteriors", "顾澜 Gu Lan"),
    Holder("Northwick Mouldings", "Northwick Mouldings", "Jonas Feld"),
    Holder("Vellmar Kunststofftechnik", "Vellmar Kunststofftechnik", "Greta Holm"),
    Holder("星渡精密 Xingdu Precision", "Xingdu Precision", "沈越 Shen Yue"),
    Holder("Ardoise Injection", "Ardoise Injection", "Claire Aubry"),
    Holder("澄石模具 Chengshi Tooling", "Chengshi Tooling", "何砚 He Yan", "Lanting Exteriors"),
    Holder("霁川喷涂 Jichuan Coatings", "Jichuan Coatings", "陈雨 Chen Yu", "Lanting Exteriors"),
    Holder("朔原检具 Shuoyuan Gauges", "Shuoyuan Gauges", "陆衡 Lu Heng", "Xingdu Precision"),
    Holder("Brightlake Prototypes", "Brightlake Prototypes", "Owen Marsh", "Northwick Mouldings"),
    Holder("Oakhollow Textures", "Oakhollow Textures", "Nell Harrow", "Northwick Mouldings"),
    Holder("Pellworth Renderings", "Pellworth Renderings", "Silas Penn", "Ardoise Injection"),
    Holder("Silberfenn Werkzeugbau", "Silberfenn Werkzeugbau", "Anke Roth", "Vellmar Kunststofftechnik"),
)

BIDDERS = tuple(holder for holder in HOLDERS if not holder.engaged_by)
SUB_VENDORS = tuple(holder for holder in HOLDERS if holder.engaged_by)


def holder(latin: str) -> Holder:
    """Return the organisation of this latin name."""
    return next(each for each in HOLDERS if each.latin == latin)


def contact_of(organisation: Holder) -> Player:
    """Return the person who acts for an organisation."""
    place = organisation.latin.split()[0].lower()
    local = "".join(char for char in organisation.contact.lower() if char.isascii()).split()
    return Player(organisation.latin, organisation.contact, f"{'.'.join(local)}@{place}.example", ("contact",))
