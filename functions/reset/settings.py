"""Every value an operator can set, read once from the environment that the template writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Window:
    """At most *count* requests per client address in each *seconds*."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Curve:
    """*free* failures without a wait, then *first* seconds, doubling, at most *most*."""

    free: int
    first: int
    most: int


@dataclass(frozen=True)
class Limits:
    """How much is too much. An authority of some thousand people behind one address stays below all of them."""

    forgot_per_address: Window = Window(60, 3600)
    # Refused passwords count, too, and a wave of invitations may go to one authority.
    reset_per_address: Window = Window(600, 3600)
    login_per_address: Window = Window(300, 900)
    # Mails per account: three at once, then one per hour, two hours, four … and ten a day (OWASP Forgot Password).
    mails_free: int = 3
    mails_wait: int = 3600
    mails_per_day: int = 10
    # NIST SP 800-63B-4 §3.2.2 wants fewer than 100 failures in a row; BSI at most 10 without a block.
    login_failures: Curve = Curve(5, 30, 3600)
    login_failures_whole: Curve = Curve(10, 30, 3600)
    # A token has 256 bits: this wait is there to be seen by the alarm, the window above is what stops a guesser.
    token_failures: Curve = Curve(20, 30, 3600)
    # Each try of a live link may cost an Argon2 hash.
    tries_per_link: int = 50


@dataclass(frozen=True)
class Sessions:
    """Seconds until a session ends: after no request, and at the latest (NIST SP 800-63B-4 §2.1.3)."""

    idle: int = 15 * 60
    most: int = 12 * 3600
    kept_idle: int = 7 * 86400
    kept_most: int = 30 * 86400


@dataclass(frozen=True)
class Settings:
    """The function's settings; see infra/template.yaml for what each one means to an operator."""

    site_url: str
    accounts_table: str
    resets_table: str
    timeline_table: str
    passwords_table: str = ""
    mail_queue_url: str = ""
    secret_id: str = ""
    password_minimum: int = 15
    context_words: tuple[str, ...] = ()
    link_minutes: int = 30
    pause_hours: int = 24  # the pages say so in words
    retention_days: int = 14
    mails_per_hour: int = 5000
    patience: int = 1
    sender: str = ""
    subject_prefix: str = ""
    mailbox: str = ""
    portal_title: str = ""
    portal_title_en: str = ""
    configuration_set: str = ""
    event_queue_arn: str = ""
    metrics_namespace: str = "Kennwort"
    limits: Limits = field(default_factory=Limits)
    sessions: Sessions = field(default_factory=Sessions)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads the names in capitals; a missing table name or site address is a KeyError that names it."""
        required = ("site_url", "accounts_table", "resets_table", "timeline_table")
        numbers = (
            "password_minimum",
            "link_minutes",
            "retention_days",
            "mails_per_hour",
            "patience",
        )
        texts = (
            "passwords_table",
            "mail_queue_url",
            "secret_id",
            "sender",
            "subject_prefix",
            "mailbox",
            "portal_title",
            "portal_title_en",
            "configuration_set",
            "event_queue_arn",
            "metrics_namespace",
        )
        given: dict[str, str] = {name: environ[name.upper()] for name in required}
        given |= {name: environ[name.upper()] for name in texts if name.upper() in environ}
        counts = {name: int(environ[name.upper()]) for name in numbers if name.upper() in environ}
        words = tuple(word for word in environ.get("CONTEXT_WORDS", "").split(",") if word)
        return cls(**given, **counts, context_words=words)  # type: ignore[arg-type]  # names are the fields above
