"""The three shaded drafts: which car stands in which studio, and where the camera is."""

import cv2
import numpy as np

from tidemark.demo.drafts.body import side_panel, top_panel
from tidemark.demo.drafts.camera import Camera
from tidemark.demo.drafts.car import Car
from tidemark.demo.drafts.front import front_panel
from tidemark.demo.drafts.materials import Finish, Material
from tidemark.demo.drafts.rear import rear_panel
from tidemark.demo.drafts.render import Picture, render, titled
from tidemark.demo.drafts.studio import Scene, Softbox, Studio, floor_shadow
from tidemark.demo.drafts.surface import Floats, floats
from tidemark.demo.drafts.wheel import wheel_panel

_GREEN = Finish((0.004, 0.030, 0.028), metal=(0.010, 0.085, 0.078), coat=0.06, blur=0.006)
_BLUE = Finish((0.004, 0.012, 0.045), metal=(0.014, 0.040, 0.150), coat=0.06, blur=0.006)
_COPPER = Finish((0.060, 0.018, 0.008), metal=(0.21, 0.070, 0.030), coat=0.06, blur=0.006)


def _car(revision: str, *, rest: Material) -> Car:
    """The MS11 with ``rest`` on all sheet metal but the bumpers."""
    return Car(side_panel(), top_panel(), front_panel(revision), rear_panel(), wheel_panel(), rest)


def _plate_face() -> Floats:
    """Number plate with the code name: 1 paper, 0 ink; 520 × 112 mm at 3 px/mm."""
    face = np.full((336, 1560), 255, np.uint8)
    face[:, :120] = 60
    font, scale, pen = cv2.FONT_HERSHEY_DUPLEX, 8.6, 32
    (width, height), _ = cv2.getTextSize("MS11", font, scale, pen)
    cv2.putText(face, "MS11", ((1680 - width) // 2, (336 + height) // 2), font, scale, (10,), pen, cv2.LINE_AA)
    cv2.rectangle(face, (9, 9), (1550, 326), (25,), 5, cv2.LINE_AA)
    return floats(face) / np.float32(255)


def _scene(car: Car, studio: Studio) -> Scene:
    return Scene(car, studio, floor_shadow(car), _plate_face())


def ms11_front_bumper(revision: str = "B") -> Picture:
    """Front bumper in paint on a car of grey clay, 2560 × 1440; revisions "A" and "B" differ in their openings."""
    studio = Studio(
        _GREEN,
        (
            Softbox(2, 3.0, (0.4, -1.4), (3.3, 1.4), 1.8, edge=0.4),
            Softbox(0, 6.4, (-5.0, 1.35), (5.0, 1.65), 6.0),
            Softbox(0, 6.4, (-5.0, 0.25), (5.0, 0.42), 1.6, edge=0.15),
            Softbox(1, -3.6, (1.4, 0.5), (4.6, 1.8), 4.0, edge=0.2),
            Softbox(1, 3.6, (0.5, 0.5), (4.5, 1.5), 4.0, edge=0.2),
        ),
        dim=0.75,
        pool=(2.6, 0.0, 3.0),
    )
    camera = Camera((6.35, -1.75, 1.02), (2.02, -0.02, 0.47), 2560, 1440, 26.5)
    picture = render(_scene(_car(revision, rest=Material.CLAY), studio), camera)
    return titled(picture, (f"MS11 FRONT BUMPER  rev {revision}", "bidding draft   confidential"), size=34)


def ms11_rear_bumper(status: str = "bidding") -> Picture:
    """Rear bumper in paint on a car of grey clay, 2560 × 1440, stamped as a draft of this status."""
    studio = Studio(
        _COPPER,
        (
            Softbox(2, 3.0, (-3.6, -1.4), (-0.6, 1.4), 3.2, edge=0.5),
            Softbox(0, -6.4, (-5.0, 1.35), (5.0, 1.65), 6.0),
            Softbox(0, -6.4, (-5.0, 0.25), (5.0, 0.42), 1.6, edge=0.15),
            Softbox(1, 3.6, (-4.5, 0.5), (-1.0, 1.9), 4.0, edge=0.2),
            Softbox(1, -3.6, (-4.5, 0.5), (-0.5, 1.5), 4.0, edge=0.2),
        ),
        horizon=0.30,
        wall=0.07,
        floor=0.34,
        dim=0.75,
        pool=(-2.6, 0.0, 3.0),
    )
    camera = Camera((-6.2, -2.35, 1.10), (-1.98, -0.02, 0.52), 2560, 1440, 26.5)
    picture = render(_scene(_car("B", rest=Material.CLAY), studio), camera)
    return titled(picture, ("MS11 REAR BUMPER  rev B", f"{status} draft   confidential"), size=34)


def ms11_full_view() -> Picture:
    """The whole car from its front right corner, 3840 × 2160."""
    studio = Studio(
        _BLUE,
        (
            Softbox(2, 3.4, (-3.5, -0.9), (2.4, 0.9), 3.5, edge=0.5),
            Softbox(1, -5.5, (-11.0, 0.35), (1.5, 1.5), 3.0, edge=0.25),
            Softbox(1, -5.0, (-4.0, 2.6), (4.0, 3.1), 5.0, edge=0.2),
            Softbox(0, 8.0, (-2.6, 0.9), (3.2, 1.5), 4.0, edge=0.1),
        ),
        horizon=0.36,
        floor=0.52,
        dim=0.6,
        pool=(0.3, 0.0, 3.4),
    )
    camera = Camera((6.3, -4.7, 1.55), (0.12, 0.02, 0.60), 3840, 2160, 37.0)
    picture = render(_scene(_car("B", rest=Material.PAINT), studio), camera)
    return titled(picture, ("MS11 EXTERIOR  rev B", "development draft   confidential"), size=44)
