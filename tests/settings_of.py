"""The settings that an environment gives, read anew beside those that are in force."""

import os
import runpy
from typing import Any
from unittest import mock

from tidemark.records import settings


def settings_of(**variables: str) -> dict[str, Any]:
    """Return all settings by their names, as a start with these variables would have them."""
    with mock.patch.dict(os.environ, variables):
        return runpy.run_path(settings.__file__)


def mail_settings(url: str) -> dict[str, Any]:
    """Return the settings of mails, as ``TIDEMARK_SMTP_URL`` gives them."""
    return {name: value for name, value in settings_of(TIDEMARK_SMTP_URL=url).items() if name.startswith("EMAIL_")}
