"""Two tables every room shares: what must leave, and what was already answered."""

from django.db import models
from django.db.models import Q


class OutboxEvent(models.Model):
    """Something that must leave the database, written in the transaction that made it true."""

    topic = models.CharField(max_length=64, help_text="What happened, e.g. order.confirmed.")
    key = models.CharField(max_length=128, help_text="Whom it is about: a public id.")
    body = models.JSONField(default=dict)
    chain_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(
        null=True, help_text="Real time from which the relay may take it; null when published."
    )
    attempts = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="lib_outbox_due", condition=Q(published_at=None)),
            models.Index(fields=["topic", "key"], name="lib_outbox_topic_key"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class IdempotencyKey(models.Model):
    """The first answer to a write that a client may repeat; kept at least 24 hours."""

    tenant = models.CharField(max_length=64, help_text="Whose key: organisation or session.")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Null while being answered.")
    body = models.BinaryField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="lib_idempotencykey_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="lib_idempotencykey_age")]

    def __str__(self) -> str:
        return f"{self.tenant}: {self.key}"


class Pulse(models.Model):
    """When a part of the installation was last seen at work (worker, relay, line)."""

    name = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class MailRefusal(models.Model):
    """An address that does not want mails of one kind. Guests say so too, hence no account."""

    email = models.EmailField(help_text="In lower case.")
    kind = models.CharField(max_length=16, help_text="One of cosmo.lib.mail_choice.MailKind.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email", "kind"], name="lib_mailrefusal_once")
        ]

    def __str__(self) -> str:
        return f"no {self.kind} for {self.email}"
