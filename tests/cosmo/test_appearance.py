import pytest
from django.test import Client


def test_the_chosen_theme_is_in_the_next_page_before_any_script(client: Client) -> None:
    response = client.post("/appearance/", {"theme": "dark", "next": "/nothing/"})
    assert response.status_code == 302
    assert response["Location"] == "/nothing/"
    assert (
        '<html lang="en" dir="ltr" data-theme="dark">' in client.get("/nothing/").content.decode()
    )


def test_like_the_device_sets_no_theme(client: Client) -> None:
    client.post("/appearance/", {"theme": "dark"})
    client.post("/appearance/", {"theme": "auto"})
    assert "data-theme" not in client.get("/nothing/").content.decode()


@pytest.mark.parametrize("theme", ["", "purple", 'dark" onload="x'])
def test_an_unknown_theme_is_not_kept(client: Client, theme: str) -> None:
    response = client.post("/appearance/", {"theme": theme, "next": "/"})
    assert "cosmo_theme" not in response.cookies


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_it_never_leads_to_another_site(client: Client, target: str) -> None:
    response = client.post("/appearance/", {"theme": "dark", "next": target})
    assert response["Location"] == "/"


def test_looking_at_it_changes_nothing(client: Client) -> None:
    response = client.get("/appearance/")
    assert response.status_code == 405
    assert "cosmo_theme" not in response.cookies
