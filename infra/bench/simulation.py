"""Ten million resets a month on AWS, minute by minute: what waits, what it costs, what gives way first.

Assumptions, each a constant below: a working week with a lunch peak, one Monday on which everybody's password runs out,
list prices of us-east-1 (2026), and the template's own limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from reset.settings import Settings

from .report import heading, say, table

RESETS = 10_000_000
ASKED = 2.0  # forgot per reset: some ask twice, some never finish
MAILS = 2.0  # per reset: the link, and the notice of the change
DAY = (1, 1, 1, 1, 1, 2, 6, 16, 26, 28, 26, 24, 26, 22, 20, 18, 14, 10, 8, 8, 6, 4, 2, 1)  # weight of each hour
WEEK = (1.5, 1.1, 1.0, 1.0, 0.9, 0.3, 0.2)  # Monday first
RUSH = 5.0  # times as many on that one Monday
JOB = 0.25  # seconds that a worker holds a mail: five calls to DynamoDB, one to SES
WORKERS = 10  # MaximumConcurrency of the mails' event source
WEB = 0.1  # seconds of a web request's concurrency, an Argon2 hash included
WEB_CONCURRENCY, ACCOUNT_CONCURRENCY = 100, 1000
API_RATE = 100  # a second, as the stage's throttle
SES_RATES = (14, 200)  # a second: a new account's, and after asking
PARTITION = 1000  # writes a second to one key; the one that all share counts the hour's mails
# dollars per million, or per 1000 mails
WRITES, READS, CALLS, HTTP, MAIL = 0.625, 0.125, 0.20, 1.00, 0.10
GB_SECOND = 0.0000133334
JOURNEY = {"writes": 11, "reads": 4, "calls": 5, "http": 3}


@dataclass(frozen=True)
class Month:
    """What the queue did."""

    longest: float
    oldest_minutes: float
    late: float


def arrivals() -> list[float]:
    """Mails asked for in each minute of four weeks and two days."""
    weights = []
    for day in range(30):
        rush = RUSH if day == 7 else 1.0
        weights += [WEEK[day % 7] * rush * DAY[hour] for hour in range(24) for _ in range(60)]
    total = sum(weights)
    return [RESETS * MAILS * weight / total for weight in weights]


def run(per_second: float, minutes: list[float], per_hour: float = math.inf) -> Month:
    """The queue when *per_second* mails leave, and at most *per_hour* in each hour."""
    waiting = longest = oldest = late = 0.0
    left = per_hour
    for number, coming in enumerate(minutes):
        if number % 60 == 0:
            left = per_hour
        waiting += coming
        sent = min(waiting, per_second * 60, left)
        left -= sent
        waiting -= sent
        longest = max(longest, waiting)
        age = waiting / min(per_second * 60, per_hour / 60)
        oldest = max(oldest, age)
        late += coming if age > 5 else 0
    return Month(longest, oldest, 100 * late / sum(minutes))


def measure() -> None:
    """The tables."""
    minutes = arrivals()
    peak, workers = max(minutes) / 60, WORKERS / JOB
    heading("Ten million resets a month (simulated)")
    say(f"{RESETS:,} resets, {RESETS * MAILS:,.0f} mails: mean {_mean(minutes):.1f} a second, at most {peak:.0f}.")
    say("The hour's budget counts link mails; it is an alarm against abuse, to be set to the authority's size.\n")
    budget = Settings("", "", "", "").mails_per_hour
    cases = {
        f"as delivered: MailsPerHour {budget:,}": (min(workers, SES_RATES[0]), budget * MAILS),
        f"no hourly budget, SES {SES_RATES[0]}/s": (min(workers, SES_RATES[0]), math.inf),
        f"SES {SES_RATES[1]}/s, {WORKERS} workers ({workers:.0f}/s)": (workers, math.inf),
        f"SES {SES_RATES[1]}/s, {math.ceil(peak * JOB * 1.2)} workers": (min(SES_RATES[1], peak * 1.2), math.inf),
    }
    rows = []
    for name, (rate, per_hour) in cases.items():
        month = run(rate, minutes, per_hour)
        rows.append((name, f"{month.longest:,.0f}", f"{month.oldest_minutes:,.1f} min", f"{month.late:.1f} %"))
    table(("", "longest queue", "oldest mail waits", "mails later than 5 min"), rows)
    say()
    table(("limit", "needed in the busiest minute", "there is", "used"), _limits(peak, workers, budget))
    say(f"\nCost a month: {_cost()}.")


def _mean(minutes: list[float]) -> float:
    return sum(minutes) / len(minutes) / 60


def _limits(peak: float, workers: float, budget: int) -> list[tuple[str, str, str, str]]:
    requests = peak / MAILS * (ASKED + 1)
    needs = [
        ("MailsPerHour (setting)", peak / MAILS * 3600, float(budget)),
        ("SES, new account, mails/s", peak, float(SES_RATES[0])),
        ("workers, mails/s", peak, workers),
        ("API throttle, requests/s", requests, float(API_RATE)),
        ("SES after asking, mails/s", peak, float(SES_RATES[1])),
        ("web concurrency", requests * WEB, float(WEB_CONCURRENCY)),
        ("account concurrency", requests * WEB + peak * JOB, float(ACCOUNT_CONCURRENCY)),
        ("one key's writes/s (the hour's mails)", peak, float(PARTITION)),
    ]
    needs.sort(key=lambda need: -need[1] / need[2])
    return [(name, f"{need:,.0f}", f"{there:,.0f}", f"{100 * need / there:.0f} %") for name, need, there in needs]


def _cost() -> str:
    million = RESETS / 1e6
    database = million * (JOURNEY["writes"] * WRITES + JOURNEY["reads"] * READS)
    compute = million * (JOURNEY["calls"] * CALLS) + RESETS * ((ASKED + 1) * WEB * 1.0 + MAILS * JOB * 0.5) * GB_SECOND
    front = million * JOURNEY["http"] * HTTP
    mails = RESETS * MAILS / 1000 * MAIL
    total = database + compute + front + mails
    return f"${total:,.0f}: mails ${mails:,.0f}, API ${front:,.0f}, DynamoDB ${database:,.0f}, Lambda ${compute:,.0f}"
