"""The one place that makes AWS clients: time limits first, one retry, connections kept (R100).

botocore without boto3, which would double the cold start. One session for all clients: what it reads, it reads once.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.loaders import Loader
from botocore.session import Session, get_session

# Only what we call, cut out of botocore's data by infra/deploy/models.py; a checkout has none and takes it all.
MODELS = Path(__file__).with_name("models")
# Two waits of 0.3 and 1.1 s stay below the three seconds that a customer waits at most.
CONFIG = Config(
    connect_timeout=0.3,
    read_timeout=1.1,
    retries={"total_max_attempts": 2, "mode": "standard"},
    tcp_keepalive=True,
    max_pool_connections=4,
    user_agent="kennwort-hilfe",  # botocore would put its own together for each call, about a tenth of its CPU
)
# For SES: nobody waits for a mail, but one that hangs must end well within the worker's twenty seconds.
PATIENT = CONFIG.merge(Config(connect_timeout=0.5, read_timeout=2.5))


def client(name: str, *, patience: int = 1, **options: Any) -> Any:
    """A client for the service *name*, with the account, region and endpoint of the environment.

    *patience* stretches the waits, for a local cloud where one process plays all of AWS.
    """
    bounds = PATIENT if name == "sesv2" else CONFIG
    waits = {wait: getattr(bounds, wait) * patience for wait in ("connect_timeout", "read_timeout")}
    made: Any = _session().create_client(name, config=bounds.merge(Config(**waits)), **options)
    made.meta.events.register_first("needs-retry", _never if name == "sesv2" else _at_once)
    return made


def _at_once(attempts: int, caught_exception: Exception | None, **_: Any) -> float | None:
    """After a time-out the second try waits no longer; botocore would for up to a second."""
    return 0.0 if attempts == 1 and isinstance(caught_exception, (ConnectTimeoutError, ReadTimeoutError)) else None


def _never(caught_exception: Exception | None, **_: Any) -> None:
    """After a time-out the mail may be out: the queue, which knows, brings the job again."""
    if isinstance(caught_exception, ReadTimeoutError):
        raise caught_exception


@cache
def _session() -> Session:
    session = get_session()
    session.register_component("data_loader", _Loader([str(MODELS)]))
    return session


class _Loader(Loader):
    """Looks into MODELS first, and asks nobody else which services there are: that takes 400 folders."""

    def list_available_services(self, type_name: str) -> list[str]:
        """The services in MODELS; botocore's own where there are none."""
        ours = sorted(folder.name for folder in MODELS.iterdir() if folder.is_dir()) if MODELS.exists() else []
        return ours or super().list_available_services(type_name)
