"""The test run itself stands on the embedded servers."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_database_is_postgresql_18_with_utf8_and_the_c_utf8_order():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, "
            "pg_encoding_to_char(encoding), datlocprovider, datlocale "
            "FROM pg_database WHERE datname = current_database()"
        )
        assert cursor.fetchone() == (18, "UTF8", "b", "C.UTF-8")


@pytest.mark.django_db
def test_the_database_user_is_no_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, True)


def test_valkey_keeps_what_is_put_in():
    cache.set("answer", "forty-two", timeout=10)
    assert cache.get("answer") == "forty-two"
