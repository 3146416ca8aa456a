"""The tests here import models at their top."""

import tests.started  # noqa: F401
