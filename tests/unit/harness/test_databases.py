"""DATABASE_URL and Django's settings of a database say the same."""

import pytest

from tests.databases import from_url, to_url

URLS = [
    "sqlite:////tmp/a folder/detent.sqlite3",
    "postgresql://postgres@/detent?host=/tmp/detent-1",
    "postgresql://me:p%40ss%2Fword@127.0.0.1:5432/detent",
    "mysql://root@127.0.0.1:3306/test",
]


@pytest.mark.parametrize("url", URLS)
def test_a_url_and_its_settings_name_the_same_database(url: str) -> None:
    """Settings made from a URL survive the way to a URL and back."""
    database = from_url(url)
    assert from_url(to_url(database)) == database


def test_a_password_is_unquoted() -> None:
    """Characters that a URL gives a meaning of its own can stand in a password."""
    assert from_url("postgresql://me:p%40ss%2Fword@127.0.0.1/detent")["PASSWORD"] == "p@ss/word"


def test_an_unknown_database_is_named() -> None:
    """A URL for a database that the tests do not know is refused with the ones they know."""
    with pytest.raises(ValueError, match="'oracle'; the known ones are sqlite, postgresql, mysql"):
        from_url("oracle://scott@127.0.0.1/orcl")
