"""A phone's camera: what its sensor records of a scene, and what its software makes of that.

The chain is the one of every phone: Bayer mosaic, photon and read noise (EMVA 1288's linear model), demosaicing, white
balance, colour matrix, chroma denoising, tone curve, sharpening, JPEG. It does not model burst fusion or learned
enhancement, which would add detail that is not there.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from tidemark.engine.drill.leak import Colours, Pixels, Plane
from tidemark.engine.drill.optics import Scene, View, seen, tiles

PHOTO_PX = (3264, 2448)
"""Width and height of a photo held across: 8 megapixels, 4 : 3."""

CROSSTALK = np.array([[0.84, 0.14, 0.02], [0.08, 0.84, 0.08], [0.02, 0.16, 0.82]], np.float32)
"""Share of each light (columns R, G, B) that passes each filter of the mosaic (rows): dyes overlap."""

SENSOR_WHITE = 65535.0
"""The raw value of a full photosite."""


@dataclass(frozen=True, slots=True)
class Light:
    """What the light in the room and the lens do to a photo, smoothly over the frame.

    Attributes
    ----------
    exposure : float
        Part of the full photosite that the scene's white fills.
    vignetting : float
        Part of the light that is lost in the corners.
    slope : (x, y)
        Relative change of the illumination over the frame.
    veil : float
        Stray light everywhere, as a part of the scene's white.
    glare : (x, y, radius, strength)
        A soft reflection: place and radius as parts of the frame's width and height, strength as a part of white.
    """

    exposure: float
    vignetting: float = 0.25
    slope: tuple[float, float] = (0.0, 0.0)
    veil: float = 0.004
    glare: tuple[float, float, float, float] = (0.5, 0.5, 0.2, 0.0)

    def fall(self, view: View, rows: slice, columns: slice) -> tuple[Plane, Plane]:
        """What the tile's light is multiplied by, and what is added to it before, (rows, columns) each."""
        x = (np.arange(columns.start, columns.stop, dtype=np.float32) + 0.5)[None] / view.width_px
        y = (np.arange(rows.start, rows.stop, dtype=np.float32) + 0.5)[:, None] / view.height_px
        r2 = ((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.5
        factor = (1 - self.vignetting * r2) * (1 + self.slope[0] * (x - 0.5) + self.slope[1] * (y - 0.5))
        gx, gy, radius, strength = self.glare
        stray = self.veil + strength * np.exp(-((x - gx) ** 2 + (y - gy) ** 2) / (2 * radius * radius))
        return factor.astype(np.float32), stray.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Sensor:
    """A photosite's full well and read noise, in electrons; both at the gain in use."""

    full_well_e: float = 4000.0
    read_noise_e: float = 4.0


@dataclass(frozen=True, slots=True)
class Finish:
    """What the phone's software does after demosaicing.

    Attributes
    ----------
    balance : (red, blue)
        Gains left over by a white balance that was not quite right.
    chroma_blur_px : float
        σ of the blur that hides colour noise.
    sharpening : float
        Amount of unsharp masking of the luma, radius 1.2 pixels.
    curve : float
        Strength of the S of the tone curve, 0 for plain sRGB.
    """

    balance: tuple[float, float] = (1.0, 1.0)
    chroma_blur_px: float = 2.0
    sharpening: float = 0.6
    curve: float = 0.12


def exposed(scene: Scene, view: View, light: Light, sensor: Sensor, rng: np.random.Generator) -> npt.NDArray[np.uint16]:
    """The raw Bayer mosaic (RGGB, red at the top left) of a scene, (height, width), linear, black at 0."""
    raw = np.empty((view.height_px, view.width_px), np.uint16)
    for rows, columns in tiles(view):
        factor, stray = light.fall(view, rows, columns)
        colours = cv2.transform(seen(scene, view, rows, columns) + stray[..., None], CROSSTALK)
        mosaic = np.asarray(colours[..., 1], np.float32).copy()
        # The tiles' corners are even, so red stands at even rows and columns of each tile too.
        mosaic[0::2, 0::2] = colours[0::2, 0::2, 0]
        mosaic[1::2, 1::2] = colours[1::2, 1::2, 2]
        electrons = mosaic * factor * np.float32(light.exposure * sensor.full_well_e)
        noise = rng.standard_normal(electrons.shape, np.float32)
        electrons += noise * np.sqrt(np.maximum(electrons, 0) + np.float32(sensor.read_noise_e**2))
        raw[rows, columns] = np.clip(np.rint(electrons * (SENSOR_WHITE / sensor.full_well_e)), 0, SENSOR_WHITE)
    return raw


def developed(raw: npt.NDArray[np.uint16], finish: Finish) -> Pixels:
    """The photo that the phone shows, from a raw RGGB mosaic with sides of at least 4 pixels."""
    mosaic = np.asarray(cv2.cvtColor(raw, cv2.COLOR_BayerRGGB2RGB_EA), np.uint16)
    gains = np.diag(np.array([finish.balance[0], 1.0, finish.balance[1]], np.float32))
    matrix = (gains @ np.linalg.inv(CROSSTALK)).astype(np.float32)
    out = np.empty((*raw.shape[:2], 3), np.uint8)
    curve = _tone(finish.curve)
    for first in range(0, len(out), 256):  # strips: the floats of 8 megapixels are 96 MB, and there are several
        linear = cv2.transform(mosaic[first : first + 256].astype(np.float32), matrix)
        out[first : first + 256] = curve[np.clip(linear, 0, SENSOR_WHITE).astype(np.uint16)]
    return _finished(out, finish)


def photographed(
    scene: Scene, view: View, light: Light, finish: Finish, rng: np.random.Generator, *, sensor: Sensor | None = None
) -> Pixels:
    """A phone's photo of a scene, (height, width, 3)."""
    return developed(exposed(scene, view, light, sensor or Sensor(), rng), finish)


def srgb_from_linear(linear: Colours) -> Colours:
    """IEC 61966-2-1's curve, 0..1 to 0..1."""
    v = np.clip(linear, 0, 1)
    return np.where(v <= 0.0031308, 12.92 * v, 1.055 * np.power(v, 1 / 2.4) - 0.055).astype(np.float32)


def _tone(strength: float) -> Pixels:
    """A table from every raw value to a level: sRGB's curve, then an S of the given strength."""
    v = srgb_from_linear((np.arange(65536) / SENSOR_WHITE).astype(np.float32))
    return np.asarray(np.clip(np.rint(255 * (v - strength * np.sin(2 * np.pi * v) / (2 * np.pi))), 0, 255), np.uint8)


def _finished(rgb: Pixels, finish: Finish) -> Pixels:
    ycc = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb), np.uint8)
    luma, chroma = ycc[..., 0].copy(), ycc[..., 1:].copy()
    if finish.chroma_blur_px > 0:
        chroma = np.asarray(cv2.GaussianBlur(chroma, (0, 0), finish.chroma_blur_px), np.uint8)
    luma = np.asarray(cv2.bilateralFilter(luma, 5, 8, 1.5), np.uint8)
    soft = cv2.GaussianBlur(luma, (0, 0), 1.2)
    luma = np.asarray(cv2.addWeighted(luma, 1 + finish.sharpening, soft, -finish.sharpening, 0), np.uint8)
    return np.asarray(cv2.cvtColor(np.dstack([luma, chroma]), cv2.COLOR_YCrCb2RGB), np.uint8)
