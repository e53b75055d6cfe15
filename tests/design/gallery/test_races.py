"""Many at once: one vote a person, and a count that is the rows."""

from functools import partial

import pytest

from cosmo.accounts.models import User
from cosmo.lib.errors import DomainError
from design.models import Comment, Vote
from design.services.comments import write_comment
from design.services.votes import cast_vote
from tests.factories.cocreation import known_person, show
from tests.factories.shop import make_shop
from tests.production.test_promise_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_threads_of_two_people_make_two_votes() -> None:
    make_shop()
    entry = show(known_person("a@example.org", "A1"))
    voters = [User.objects.create_user(f"voter{n}@example.org") for n in range(2)]
    changed = at_once(
        [
            partial(cast_vote, contribution_id=entry.pk, user=voters[n % 2], is_for=True)
            for n in range(8)
        ]
    )
    entry.refresh_from_db()
    assert changed.count(True) == entry.votes == Vote.objects.count() == 2
    at_once(
        [
            partial(cast_vote, contribution_id=entry.pk, user=voters[n % 2], is_for=bool(n // 4))
            for n in range(8)
        ]
    )
    entry.refresh_from_db()
    assert entry.votes == Vote.objects.count()


def test_eight_comments_at_once_stay_within_the_rate() -> None:
    make_shop()
    entry = show(known_person("a@example.org", "A1"))
    writer = known_person("b@example.org", "B1")

    def say(number: int) -> str:
        try:
            write_comment(about_id=entry.pk, user=writer, text=f"Comment {number}")
        except DomainError as refused:
            return refused.code
        return "said"

    said = at_once([partial(say, n) for n in range(8)])
    assert (said.count("said"), said.count("too_many")) == (5, 3)
    assert Comment.objects.count() == 5
