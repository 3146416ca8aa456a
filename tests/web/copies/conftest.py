"""The tests here import models at their top; a draft and copies of it are those of the pages of projects."""

import tests.started  # noqa: F401
from tests.web.projects.conftest import shared  # noqa: F401
