"""A join that is put together once gives the objects that a query set gives."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cosmo.accounts.models import Organisation
from cosmo.lib.errors import DomainError
from cosmo.lib.joined import Joined
from design.models import Product
from design.selectors.catalogue import access_product, published_products
from production.models import Plant
from tests.factories.production import make_offer

pytestmark = pytest.mark.django_db


def test_the_published_product_is_the_one_of_the_list(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    offer = make_offer()
    listed = published_products().get(slug="stool")
    with django_assert_num_queries(1):
        found = access_product("stool")
        same = (found, found.published_offer, found.published_texts, found.organisation)
    wanted = (listed, offer, listed.published_texts, listed.organisation)
    assert same == wanted
    for one, other in zip(same, wanted, strict=True):
        assert one is not None
        assert one.get_deferred_fields() <= {"document"}
        for name in {field.attname for field in one._meta.concrete_fields} - {"document"}:
            assert getattr(one, name) == getattr(other, name)
    with django_assert_num_queries(1):  # a document is fetched where it is asked for
        assert found.published_offer.document == offer.document  # type: ignore[union-attr]


def test_what_is_not_published_is_not_found() -> None:
    make_offer()
    Product.objects.filter(slug="stool").update(published_texts=None)
    with pytest.raises(DomainError) as refused:
        access_product("stool")
    assert refused.value.code == "unknown_product"


def test_columns_that_only_the_query_set_can_read_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    joined = Joined({"plant": Plant, "organisation": Organisation}, {"organisation": "TRUE"})
    monkeypatch.setattr("cosmo.lib.joined.LARGE", "code")
    with pytest.raises(TypeError, match=r"Plant\.document"):
        next(joined.where("TRUE", []))
