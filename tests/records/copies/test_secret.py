"""The master secret is made once, checked always, and never replaced."""

import stat

import pytest

from tests.conftest import NOW
from tidemark.errors import WrongKey
from tidemark.records.home import Home


def test_it_is_made_once_and_private(home: Home) -> None:
    from tidemark.records.copies.secret import master_secret

    secret = master_secret(home, now=NOW)
    assert len(secret) == 32
    assert home.secret.read_bytes() == secret == master_secret(home)
    assert stat.S_IMODE(home.secret.stat().st_mode) == 0o600


def test_a_missing_secret_is_never_replaced(home: Home) -> None:
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    home.secret.unlink()
    with pytest.raises(WrongKey, match=r"is missing.*backup"):
        master_secret(home, now=NOW)
    assert not home.secret.exists()


def test_another_secret_is_noticed(home: Home) -> None:
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    home.secret.write_bytes(b"x" * 32)
    with pytest.raises(WrongKey, match="is not the master secret"):
        master_secret(home, now=NOW)


@pytest.mark.parametrize("secret", [b"", b"x" * 31, b"x" * 33])
def test_a_malformed_secret_is_said_to_be(home: Home, secret: bytes) -> None:
    from tidemark.records.copies.secret import master_secret

    master_secret(home, now=NOW)
    home.secret.write_bytes(secret)
    with pytest.raises(WrongKey, match=f"should have 32 bytes and has {len(secret)}"):
        master_secret(home)


@pytest.mark.sqlite
def test_what_is_remembered_of_it_is_not_the_secret(home: Home) -> None:
    from tidemark.records.copies.models import SecretCheck
    from tidemark.records.copies.secret import master_secret

    secret = master_secret(home, now=NOW)
    assert bytes(SecretCheck.objects.get().value) not in secret
    assert secret not in home.database.read_bytes()


def test_reading_makes_none(home: Home) -> None:
    from tidemark.records.copies.secret import master_secret

    with pytest.raises(WrongKey, match="missing"):
        master_secret(home)
    assert not home.secret.exists()
