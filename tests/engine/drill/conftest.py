"""A small picture with something to see everywhere, and small studios, so that the simulated photos take no time."""

import cv2
import numpy as np
import pytest

from tidemark.engine.drill import paper, screen_photo
from tidemark.engine.drill.leak import Pixels

SEED = 20240611


@pytest.fixture
def copy() -> Pixels:
    """(180, 240, 3): smooth colours, texture and a few edges. Read-only: a leak must never write to a copy."""
    rng = np.random.default_rng(SEED)
    coarse = rng.uniform(40, 215, (6, 8, 3)).astype(np.float32)
    out = cv2.resize(coarse, (240, 180), interpolation=cv2.INTER_CUBIC) + rng.normal(0, 6, (180, 240, 3))
    pixels = np.clip(out, 0, 255).astype(np.uint8)
    cv2.rectangle(pixels, (30, 40), (110, 120), (200, 30, 40), 3)
    cv2.circle(pixels, (170, 90), 40, (20, 60, 190), 2)
    pixels.setflags(write=False)
    return pixels


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(SEED)


@pytest.fixture
def small_studio(monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen, a sheet and photos of a sixth of their sides; distances and lenses scale by themselves."""
    monkeypatch.setattr(screen_photo, "SCREEN_PX", (320, 180))
    monkeypatch.setattr(screen_photo, "PHOTO_PX", (544, 408))
    monkeypatch.setattr(paper, "PHOTO_PX", (544, 408))
    monkeypatch.setattr(paper, "A4_DOTS", (1169, 827))
    monkeypatch.setattr(paper, "MARGIN_DOTS", 40)
