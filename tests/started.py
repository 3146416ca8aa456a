"""Django, started for tests that import models at their top; far from the data folder of whoever runs them.

A folder's ``conftest.py`` imports this module before its tests are collected.
"""

import os
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tidemark.records.settings")
with mock.patch.dict(os.environ, TIDEMARK_HOME="/nonexistent/tidemark"):
    django.setup()
