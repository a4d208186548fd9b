"""The time as customers in Germany read it."""

from datetime import UTC, datetime, timedelta


def german_time(seconds: float, language: str = "de") -> str:
    """Epoch *seconds* as `24.11.2026 um 14:05 Uhr`, by Directive 2000/84/EC; the runtime has no time zones."""
    moment = datetime.fromtimestamp(seconds, UTC)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    local = moment + timedelta(hours=2 if summer else 1)
    return local.strftime("%-d %B %Y at %H:%M (German time)" if language == "en" else "%d.%m.%Y um %H:%M Uhr")


def _last_sunday(year: int, month: int) -> datetime:
    end = datetime(year, month, 31, 1, tzinfo=UTC)
    return end - timedelta(days=(end.weekday() + 1) % 7)
