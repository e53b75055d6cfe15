"""Reports, and what moderators decide. Every decision is written down and its author told."""

from django.db import transaction
from django.db.models import QuerySet

from cosmo.accounts.models import User
from cosmo.lib.clock import real_now
from cosmo.lib.errors import Forbidden, Invalid, NotFound, Sentence
from cosmo.lib.letters import Letter, queue_letters
from cosmo.lib.transitions import check_transition
from design.lifecycle import (
    CONTRIBUTION_MOVES,
    ContributionStatus,
    ModerationVerdict,
)
from design.models import Comment, Contribution, Contributor, ModerationAct, Report
from design.selectors.contributions import path_of, title_of
from design.services.contributing import clean_text

LONGEST_REASON = 300
MOST_REPORTS = 30  # open ones of one person
TARGETS = {
    ModerationVerdict.APPROVED: ContributionStatus.SHOWN,
    ModerationVerdict.HIDDEN: ContributionStatus.HIDDEN,
}


@transaction.atomic
def report_contribution(*, contribution_id: int, user: User, reason: str) -> Report:
    """Ask a moderator to look. The same person's second report of a thing changes nothing.

    Raises:
        DomainError: ``not_shown``; ``reason_needed``; ``too_many_reports``.
    """
    shown = Contribution.objects.filter(pk=contribution_id, status=ContributionStatus.SHOWN)
    if not shown.exists():
        raise NotFound("not_shown", Sentence("This is not shown any more."))
    said = _checked_reason(reason)
    mine = Report.objects.filter(reporter=user)
    if mine.filter(closed_at=None).count() >= MOST_REPORTS:
        raise Invalid(
            "too_many_reports",
            Sentence("%(most)s of your reports wait for a moderator. Thank you; that is enough."),
            most=MOST_REPORTS,
        )
    report, _is_new = Report.objects.get_or_create(
        contribution_id=contribution_id, reporter=user, defaults={"reason": said}
    )
    return report


@transaction.atomic
def decide(
    *, contribution_id: int, by: User, verdict: ModerationVerdict, reason: str = ""
) -> ModerationAct:
    """Approve or hide. Approving what is shown answers its reports. The caller may moderate it.

    Raises:
        DomainError: hidden without a reason (``reason_needed``); ``bad_transition``.
    """
    found = Contribution.objects.select_for_update(of=("self",), no_key=True).get(
        pk=contribution_id
    )
    said = _checked_reason(reason) if verdict == ModerationVerdict.HIDDEN else clean_text(reason)
    target = TARGETS[verdict]
    is_news = found.status != target
    is_answer = verdict == ModerationVerdict.APPROVED and _open_reports(found).exists()
    if is_news or not is_answer:
        check_transition(
            what=title_of(found), moves=CONTRIBUTION_MOVES, source=found.status, target=target
        )
    found.status = target
    if target == ContributionStatus.SHOWN:
        found.shown_at = found.shown_at or real_now()
    found.save(update_fields=["status", "shown_at"])
    Contributor.objects.filter(pk=found.author_id).update(
        is_known=verdict == ModerationVerdict.APPROVED
    )
    return _write_act(found, by, verdict, said[:LONGEST_REASON], is_news=is_news)


@transaction.atomic
def hide_comment_below(*, comment_id: int, user: User, reason: str) -> ModerationAct:
    """Who wrote an entry or idea hides a comment below it, and says why.

    Raises:
        DomainError: ``not_yours``; ``reason_needed``; ``bad_transition``.
    """
    comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("about__author")
        .get(pk=comment_id)
    )
    if comment.about.author.user_id != user.pk:
        raise Forbidden("not_yours", Sentence("Only who wrote what it is about may hide this."))
    said = _checked_reason(reason)
    check_transition(
        what=str(comment),
        moves=CONTRIBUTION_MOVES,
        source=comment.status,
        target=ContributionStatus.HIDDEN,
    )
    comment.status = ContributionStatus.HIDDEN
    comment.save(update_fields=["status"])
    return _write_act(comment, user, ModerationVerdict.HIDDEN, said, is_news=True)


def _write_act(
    found: Contribution, by: User, verdict: ModerationVerdict, reason: str, *, is_news: bool
) -> ModerationAct:
    _open_reports(found).update(closed_at=real_now())
    act = ModerationAct.objects.create(
        contribution_id=found.pk, by=by, verdict=verdict, reason=reason
    )
    reader = found.author.user
    if is_news and reader is not None:
        letter = Letter(
            name=f"contribution_{verdict}",
            to=reader.email,
            language=reader.language,
            about=str(found.public_id),
            path=path_of(found),
            facts={"title": title_of(found), "reason": reason},
        )
        queue_letters([letter])
    return act


def _open_reports(found: Contribution) -> QuerySet[Report]:
    return Report.objects.filter(contribution_id=found.pk, closed_at=None)


def _checked_reason(reason: str) -> str:
    said = clean_text(reason)[:LONGEST_REASON]
    if not said:
        raise Invalid("reason_needed", Sentence("Say why, in a few words."))
    return said
