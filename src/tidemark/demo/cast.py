"""Who gets copies in the demonstration: suppliers and their sub-vendors. None of them exists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """A fictional organisation.

    Attributes
    ----------
    name : str
        As it stands on record.
    latin : str
        The part of it that any font has.
    engaged_by : str
        The organisation that it works for.
    """

    name: str
    latin: str
    engaged_by: str = "the car maker"


OWNER = "Halden Motors"

HOLDERS = (
    Holder("岚汀外饰 Lanting Exteriors", "Lanting Exteriors"),
    Holder("Northwick Mouldings", "Northwick Mouldings"),
    Holder("Vellmar Kunststofftechnik", "Vellmar Kunststofftechnik"),
    Holder("星渡精密 Xingdu Precision", "Xingdu Precision"),
    Holder("Ardoise Injection", "Ardoise Injection"),
    Holder("澄石模具 Chengshi Tooling", "Chengshi Tooling", "Lanting Exteriors"),
    Holder("霁川喷涂 Jichuan Coatings", "Jichuan Coatings", "Lanting Exteriors"),
    Holder("朔原检具 Shuoyuan Gauges", "Shuoyuan Gauges", "Xingdu Precision"),
    Holder("Brightlake Prototypes", "Brightlake Prototypes", "Northwick Mouldings"),
    Holder("Oakhollow Textures", "Oakhollow Textures", "Northwick Mouldings"),
    Holder("Pellworth Renderings", "Pellworth Renderings", "Ardoise Injection"),
    Holder("Silberfenn Werkzeugbau", "Silberfenn Werkzeugbau", "Vellmar Kunststofftechnik"),
)
