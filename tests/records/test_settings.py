"""What an operator writes into the environment is what Django is told: for mails, and for the bucket of files."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.test import override_settings

import tests.started  # noqa: F401
from tests.settings_of import mail_settings, settings_of
from tests.smtp import certificate, sinking
from tidemark.records import mail

NAME, PASSWORD = "desk@halden.example", "p@ss/w:rd%40"
WRITTEN = "desk%40halden.example:p%40ss%2Fw%3Ard%2540"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def pem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for this machine, which this process trusts."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return made


def _send(url: str) -> bool:
    with override_settings(**mail_settings(url)):
        return mail.send("jonas@northwick.example", subject="图纸 for you", paragraphs=("A drawing waits.",))


@pytest.mark.parametrize(
    ("url", "host", "port", "starts_tls", "is_tls"),
    [
        (f"smtp://{WRITTEN}@mail.halden.example:587", "mail.halden.example", 587, True, False),
        (f"smtp://{WRITTEN}@mail.halden.example", "mail.halden.example", 587, True, False),
        (f"smtp://{WRITTEN}@mail.halden.example:2525", "mail.halden.example", 2525, True, False),
        (f"smtps://{WRITTEN}@mail.halden.example", "mail.halden.example", 465, False, True),
        (f"smtps://{WRITTEN}@mail.halden.example:4650", "mail.halden.example", 4650, False, True),
    ],
)
def test_mails_are_encrypted_in_one_of_two_ways(url: str, host: str, port: int, starts_tls: bool, is_tls: bool) -> None:
    found = mail_settings(url)
    assert found["EMAIL_BACKEND"] == SMTP
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starts_tls, is_tls)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (NAME, PASSWORD)


def test_without_a_server_mails_are_files() -> None:
    found = mail_settings("")
    assert found["EMAIL_BACKEND"] == "tidemark.records.mail.FolderBackend"
    assert not found["EMAIL_USE_TLS"]
    assert not found["EMAIL_USE_SSL"]


@pytest.mark.parametrize(("scheme", "encrypts"), [("smtp", "when asked"), ("smtps", "at once")])
def test_a_mail_and_the_password_reach_the_server_encrypted(pem: Path, scheme: str, encrypts: str) -> None:
    with sinking(pem, encrypts=encrypts) as sink:
        assert _send(f"{scheme}://{WRITTEN}@localhost:{sink.port}")
    assert sink.known_as == (NAME, PASSWORD)
    assert all(is_encrypted for word, is_encrypted in sink.said if word not in ("EHLO", "STARTTLS"))
    (raw,) = sink.mails
    found = message_from_bytes(raw, policy=policy.default)
    assert found["to"] == "jonas@northwick.example"
    assert found["subject"] == "[Tidemark] 图纸 for you"
    assert "A drawing waits." in found.get_content()


def test_a_server_that_does_not_encrypt_is_told_nothing(pem: Path) -> None:
    with sinking(pem, encrypts="never") as sink:
        assert not _send(f"smtp://{WRITTEN}@localhost:{sink.port}")
    assert {word for word, _ in sink.said} <= {"EHLO", "QUIT"}
    assert (sink.mails, sink.known_as) == ([], ("", ""))


@pytest.mark.parametrize(("scheme", "encrypts"), [("smtp", "when asked"), ("smtps", "at once")])
def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(
    tmp_path: Path, scheme: str, encrypts: str
) -> None:
    with sinking(certificate(tmp_path), encrypts=encrypts) as sink:
        assert not _send(f"{scheme}://{WRITTEN}@localhost:{sink.port}")
    assert (sink.mails, sink.known_as) == ([], ("", ""))


def test_files_lie_in_the_folder_unless_a_bucket_is_named(tmp_path: Path) -> None:
    plain = settings_of(TIDEMARK_HOME=str(tmp_path), TIDEMARK_S3_BUCKET="")["STORAGES"]["default"]
    assert plain["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    assert plain["OPTIONS"]["location"] == tmp_path / "files"
    amazons = settings_of(TIDEMARK_S3_BUCKET="halden-drawings", TIDEMARK_S3_ENDPOINT="")["STORAGES"]["default"]
    assert amazons["BACKEND"] == "storages.backends.s3.S3Storage"
    assert amazons["OPTIONS"]["bucket_name"] == "halden-drawings"
    assert amazons["OPTIONS"]["endpoint_url"] is None
    assert amazons["OPTIONS"]["default_acl"] == "private"
