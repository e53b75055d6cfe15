"""Comments, reports, moderators, ideas: who may, who is told, what is written down."""

from typing import Any

import pytest
from django.test import Client

from cosmo.accounts.models import Membership, Organisation, User
from cosmo.accounts.roles import Role
from cosmo.lib.errors import DomainError
from cosmo.lib.letters import send_waiting_letters
from cosmo.lib.models import OutboxEvent
from design.lifecycle import IDEA_MOVES, IdeaStage, ModerationVerdict
from design.models import Comment, Idea, ModerationAct, Offer, Report
from design.services.comments import write_comment
from design.services.contributing import forget_contributor
from design.services.gallery import publish_entry
from design.services.ideas import move_idea, write_idea
from design.services.moderation import decide, hide_comment_below, report_contribution
from tests.design.gallery.test_showing import refusal
from tests.factories.cocreation import designer_of, known_person, saved, show

pytestmark = pytest.mark.django_db
HIDDEN, APPROVED = ModerationVerdict.HIDDEN, ModerationVerdict.APPROVED


def moderator() -> User:
    user = User.objects.create_user("moderator@example.org")
    factory = Organisation.objects.get(slug="factory")
    Membership.objects.create(user=user, organisation=factory, role=Role.AUTHOR)
    return user


def letters() -> list[str]:
    return list(
        OutboxEvent.objects.filter(topic__startswith="letter.")
        .order_by("id")
        .values_list("topic", flat=True)
    )


def test_a_new_voice_is_approved_once_and_heard_from_then_on(
    offer: Offer, client: Client, mailoutbox: list[Any]
) -> None:
    entry = show(known_person("a@example.org", "A1"))
    new, judge = User.objects.create_user("new@example.org", language="zh-hans"), moderator()
    first = write_comment(about_id=entry.pk, user=new, text="Nice.", name="Neu")
    page = f"/gallery/designs/{entry.design.code}/"
    assert "Nice." not in client.get(page).content.decode()
    client.force_login(judge)
    queue = client.get("/moderation/").content.decode()
    assert queue.count("moderation-item") == 1
    answer = client.post(f"/moderation/{first.public_id}/decide", {"verdict": "approved"})
    assert answer.status_code == 302
    assert "Nice." in client.get(page).content.decode()
    assert write_comment(about_id=entry.pk, user=new, text="And well made.").status == "shown"
    assert letters() == ["letter.contribution_approved"]
    assert send_waiting_letters() == 1
    assert send_waiting_letters() == 0
    (mail,) = mailoutbox
    assert mail.to == ["new@example.org"]
    assert f"{page}#comment-{first.public_id}" in mail.body


def test_a_report_leads_to_a_decision_with_a_reason_and_an_act(
    offer: Offer, client: Client
) -> None:
    author, judge = known_person("a@example.org", "A1"), moderator()
    entry = show(author)
    reporters = [User.objects.create_user(f"r{n}@example.org") for n in range(2)]
    for reporter in [*reporters, reporters[0]]:
        report_contribution(contribution_id=entry.pk, user=reporter, reason="Rude")
    assert Report.objects.filter(closed_at=None).count() == 2
    facts: dict[str, Any] = {"contribution_id": entry.pk, "by": judge}
    assert refusal(decide, verdict=HIDDEN, **facts) == "reason_needed"
    decide(verdict=APPROVED, **facts)
    assert not Report.objects.filter(closed_at=None).exists()
    assert letters() == []  # nothing changed for its author
    assert refusal(decide, verdict=APPROVED, **facts) == "bad_transition"
    decide(verdict=HIDDEN, reason="Names a neighbour", **facts)
    assert refusal(decide, verdict=HIDDEN, reason="again", **facts) == "bad_transition"
    assert [(a.verdict, a.reason, a.by) for a in ModerationAct.objects.order_by("id")] == [
        ("approved", "", judge),
        ("hidden", "Names a neighbour", judge),
    ]
    assert letters() == ["letter.contribution_hidden"]
    page = f"/gallery/designs/{entry.design.code}/"
    assert client.get(page).status_code == 404
    client.force_login(author)
    assert "Names a neighbour" in client.get(page).content.decode()
    revision = saved(author)
    assert publish_entry(revision=revision, user=author, title="Next").status == "waiting"
    entry.refresh_from_db()
    facts = {"revision": entry.revision, "user": author, "title": "Again"}
    assert refusal(publish_entry, **facts) == "bad_transition"


def test_moderators_of_others_see_and_decide_nothing(offer: Offer, client: Client) -> None:
    entry = show(known_person("a@example.org", "A1"))
    report_contribution(
        contribution_id=entry.pk, user=User.objects.create_user("r@example.org"), reason="Rude"
    )
    foreign = User.objects.create_user("foreign@example.org")
    Membership.objects.create(
        user=foreign,
        organisation=Organisation.objects.create(slug="foreign", name="Foreign"),
        role=Role.AUTHOR,
    )
    client.force_login(foreign)
    assert "Nothing waits for you" in client.get("/moderation/").content.decode()
    sent = {"verdict": "hidden", "reason": "mine is better"}
    assert client.post(f"/moderation/{entry.public_id}/decide", sent).status_code == 404
    entry.refresh_from_db()
    assert entry.status == "shown"


def test_the_queue_costs_the_same_however_long(
    offer: Offer, client: Client, django_assert_num_queries: Any
) -> None:
    entry = show(known_person("a@example.org", "A1"))
    client.force_login(moderator())

    def fill(count: int) -> None:
        for _ in range(count):
            number = Comment.objects.count()
            writer = User.objects.create_user(f"w{number}@example.org")
            name = f"Writer {number}"
            write_comment(about_id=entry.pk, user=writer, text="Hm.", name=name)
            publish_entry(revision=saved(writer), user=writer, title="T")
            text = "A stool that rocks a little."
            idea = write_idea(user=writer, title="Rocking", text=text, product=None)
            decide(contribution_id=idea.pk, by=writer, verdict=APPROVED)

    fill(1)
    client.get("/moderation/")
    with django_assert_num_queries(11):
        client.get("/moderation/")
    fill(3)
    with django_assert_num_queries(11):
        client.get("/moderation/")


def test_the_writer_of_an_entry_hides_a_comment_below_it(offer: Offer) -> None:
    owner, other = known_person("a@example.org", "A1"), known_person("b@example.org", "B1")
    comment = write_comment(about_id=show(owner).pk, user=other, text="Mine is nicer.")
    facts: dict[str, Any] = {"comment_id": comment.pk, "reason": "Advertising"}
    assert refusal(hide_comment_below, user=other, **facts) == "not_yours"
    hide_comment_below(user=owner, **facts)
    assert Comment.objects.get().status == "hidden"
    assert ModerationAct.objects.get().by == owner
    assert letters() == ["letter.contribution_hidden"]


def test_what_can_be_no_comment(offer: Offer) -> None:
    entry, writer = show(known_person("a@example.org", "A1")), known_person("b@example.org", "B1")
    facts: dict[str, Any] = {"about_id": entry.pk, "user": writer}
    assert refusal(write_comment, text=" \n\u200b ", **facts) == "comment_length"
    assert refusal(write_comment, text="x" * 1001, **facts) == "comment_length"
    comment = write_comment(text="Fine.", **facts)
    facts["about_id"] = comment.pk
    assert refusal(write_comment, text="On a comment", **facts) == "not_shown"
    assert Comment.objects.count() == 1


def test_who_leaves_takes_the_name_along(offer: Offer, client: Client) -> None:
    owner = known_person("a@example.org", "Lotte")
    entry = show(owner)
    forget_contributor(user=owner)
    owner.delete()
    page = client.get(f"/gallery/designs/{entry.design.code}/").content.decode()
    assert "by somebody who left" in page
    assert "Lotte" not in page


def test_an_idea_is_taken_up_and_made(offer: Offer, client: Client) -> None:
    author = known_person("a@example.org", "A1")
    designer, other = designer_of(offer.product), designer_of(offer.product, "d2@example.org")
    facts: dict[str, Any] = {"user": author, "title": "For cats", "product": offer.product}
    assert refusal(write_idea, text="A cave", **facts) == "idea_too_short"
    idea = write_idea(text="A stool with a cave for a cat.", **facts)
    page = f"/ideas/{idea.public_id}/"
    client.force_login(author)
    assert client.post(f"{page}stage", {"stage": "taken_up"}).status_code == 403
    client.force_login(designer)
    sent = {"stage": "taken_up", "name": "Mika"}
    assert client.post(f"{page}stage", sent).status_code == 302
    assert client.post(f"{page}stage", {"stage": "made"}).status_code == 409  # nothing_made
    move: dict[str, Any] = {"idea_id": idea.pk, "user": other, "name": "Noor"}
    assert refusal(move_idea, target=IdeaStage.OPEN, **move) == "not_your_idea"
    assert refusal(move_idea, target=IdeaStage.TAKEN_UP, **move) == "bad_transition"
    idea.refresh_from_db()
    known_person(other, "Noor")
    stolen: dict[str, Any] = {"revision": saved(other), "user": other, "title": "X", "idea": idea}
    assert refusal(publish_entry, **stolen) == "not_your_idea"
    entry = publish_entry(revision=saved(designer), user=designer, title="Cave", idea=idea)
    assert client.post(f"{page}stage", {"stage": "made"}).status_code == 302
    assert Idea.objects.get().stage == "made"
    assert letters() == ["letter.idea_taken_up", "letter.idea_made"]
    shown = client.get(page).content.decode()
    assert f"/gallery/designs/{entry.design.code}/" in shown
    back = client.get(f"/gallery/designs/{entry.design.code}/").content.decode()
    assert page in back
    assert IDEA_MOVES.keys() == {IdeaStage.OPEN, IdeaStage.TAKEN_UP}
    listed = client.get("/ideas/?stage=made&product=stool").content.decode()
    assert "For cats" in listed
    assert "For cats" not in client.get("/ideas/?stage=open").content.decode()


def test_a_list_of_ideas_costs_the_same(
    offer: Offer, client: Client, django_assert_num_queries: Any
) -> None:
    author = known_person("a@example.org", "A1")
    for number in range(3):
        idea = write_idea(user=author, title=f"Idea {number}", text="Something to sit upon.")
        write_comment(about_id=idea.pk, user=author, text="I mean it.")
    client.get("/ideas/")
    with django_assert_num_queries(3):
        assert client.get("/ideas/").content.decode().count("· 1 comment</p>") == 3


def test_a_letter_that_cannot_be_sent_is_tried_again(offer: Offer, settings: Any) -> None:
    author = User.objects.create_user("new@example.org")
    idea = write_idea(user=author, title="Idea", text="Something to sit upon.", name="Neu")
    decide(contribution_id=idea.pk, by=moderator(), verdict=APPROVED)
    settings.EMAIL_BACKEND = "tests.design.gallery.test_talk.BrokenBackend"
    assert send_waiting_letters() == 0
    event = OutboxEvent.objects.get(topic="letter.contribution_approved")
    assert (event.attempts, event.published_at) == (1, None)


class BrokenBackend:
    def __init__(self, **_: object) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise OSError("the mail server is away")


def test_the_words_of_refusals_are_those_of_a_domain(offer: Offer) -> None:
    writer = known_person("a@example.org", "A1")
    for number in range(5):
        write_idea(user=writer, title=f"Idea {number}", text="Something to sit upon.")
    with pytest.raises(DomainError, match=r"5 in 1440 minutes") as refused:
        write_idea(user=writer, title="Idea 6", text="Something to sit upon.")
    assert refused.value.status == 429


@pytest.mark.parametrize("text", ["What a sh1t stool", "b.a.s.t.a.r.d", "纳粹", "Cheap V1agra"])
def test_words_that_are_not_engraved_are_looked_at_before_they_are_shown(
    offer: Offer, text: str
) -> None:
    entry = show(known_person("a@example.org", "A1"))
    known = known_person("b@example.org", "B1")
    said = write_comment(about_id=entry.pk, user=known, text="We sit in Scunthorpe, in Essex.")
    assert said.status == "shown"
    assert write_comment(about_id=entry.pk, user=known, text=text).status == "waiting"
