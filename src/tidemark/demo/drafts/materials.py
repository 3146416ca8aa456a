"""The materials of the MS11: small labels painted on panels, and what light does on each."""

from dataclasses import dataclass
from enum import IntEnum


class Material(IntEnum):
    """What a spot of the car is made of; the value is the label in a panel's map."""

    PAINT = 0
    CLAY = 1
    GLASS = 2
    TRIM = 3
    VOID = 4
    BRIGHT = 5
    LAMP = 6
    LIGHT = 7
    PLATE = 8
    TYRE = 9
    RIM = 10
    TAIL = 11
    GLOW = 12
    ROOF = 13
    DISC = 14
    CALIPER = 15


@dataclass(frozen=True, slots=True)
class Finish:
    """How a material answers light; colours are linear RGB."""

    albedo: tuple[float, float, float]
    """Share of diffuse light given back."""
    metal: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Tint of the broad lobe of metallic base coats."""
    coat: float = 0.04
    """Reflectance of the clear surface at normal incidence; 0 for none."""
    blur: float = 0.02
    """Softness of what the surface mirrors, radians."""
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Light given off."""


FINISHES: dict[Material, Finish] = {
    Material.CLAY: Finish((0.62, 0.61, 0.59), coat=0.03, blur=0.40),
    Material.GLASS: Finish((0.006, 0.007, 0.008), coat=0.07, blur=0.01),
    Material.TRIM: Finish((0.022, 0.022, 0.024), coat=0.045, blur=0.22),
    Material.VOID: Finish((0.004, 0.004, 0.004), coat=0.0),
    Material.BRIGHT: Finish((0.05, 0.05, 0.05), metal=(0.25, 0.25, 0.26), coat=0.35, blur=0.06),
    Material.LAMP: Finish((0.012, 0.013, 0.015), coat=0.06, blur=0.01),
    Material.LIGHT: Finish((0.6, 0.6, 0.6), coat=0.05, glow=(0.85, 0.9, 0.95)),
    Material.PLATE: Finish((0.95, 0.95, 0.93), coat=0.03, blur=0.2),
    Material.TYRE: Finish((0.017, 0.017, 0.018), coat=0.03, blur=0.4),
    Material.RIM: Finish((0.09, 0.09, 0.10), metal=(0.42, 0.43, 0.45), coat=0.07, blur=0.08),
    Material.TAIL: Finish((0.16, 0.004, 0.006), coat=0.06, blur=0.01, glow=(0.03, 0.0, 0.0)),
    Material.GLOW: Finish((0.6, 0.05, 0.04), coat=0.05, glow=(0.9, 0.05, 0.04)),
    Material.DISC: Finish((0.05, 0.05, 0.05), metal=(0.30, 0.30, 0.31), coat=0.06, blur=0.25),
    Material.CALIPER: Finish((0.30, 0.02, 0.015), coat=0.05, blur=0.05),
    Material.ROOF: Finish((0.010, 0.010, 0.011), coat=0.055, blur=0.015),
}
