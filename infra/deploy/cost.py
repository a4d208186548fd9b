"""What resets cost on AWS, from counted units: `python -m infra.deploy.cost` prints what infra/README.md says of it."""

from __future__ import annotations

# Each form post with all that follows from it: DynamoDB units, queue messages, mails. tests/test_units.py counts them.
UNITS: dict[str, dict[str, float]] = {
    "forgot": {"writes": 17, "reads": 5, "messages": 3, "mails": 1, "posts": 1},
    "reset": {"writes": 25, "reads": 6, "messages": 3, "mails": 1, "posts": 1},
    "login": {"writes": 7, "reads": 4, "messages": 0, "mails": 0, "posts": 1},
}
# One reset as customers do it: some ask twice, and all log in afterwards.
JOURNEYS = {"forgot": 1.5, "reset": 1.0, "login": 1.0}
MILLISECONDS = {"forgot": 15, "reset": 140, "login": 90}  # billed by the web function, warm, at 1,024 MB
WORKER_MILLISECONDS = 40  # per message, at 512 MB
PAGES_KB, PAGES = 250, 8  # on the wire and requests of one customer's visit, nothing cached
FLIGHTS = 730  # of the canary a month, each a mail and ten seconds at 256 MB
KEYS, SECRETS, ALARMS, METRICS, DASHBOARDS = 1, 2, 24, 32, 1
STORED_GB = 1  # 100,000 accounts with their timeline
REGION, AS_OF = "eu-central-1", "2026-11"
# USD by unit and AWS's pricing page that has it; from memory, so look there. All below is computed from these.
PRICES: dict[str, tuple[float, str]] = {
    "mail": (0.10e-3, "Amazon SES Pricing"),
    "write": (0.7625e-6, "Amazon DynamoDB Pricing, on-demand"),
    "read": (0.1525e-6, "Amazon DynamoDB Pricing, on-demand"),
    "stored GB": (0.306, "Amazon DynamoDB Pricing, on-demand"),
    "backed up GB": (0.2448, "Amazon DynamoDB Pricing, on-demand"),
    "GB-second": (0.0000133334, "AWS Lambda Pricing, Arm"),
    "invocation": (0.20e-6, "AWS Lambda Pricing, Arm"),
    "API call": (1.11e-6, "Amazon API Gateway Pricing, HTTP APIs"),
    "queue call": (0.40e-6, "Amazon SQS Pricing, standard"),
    "notification": (0.50e-6, "Amazon SNS Pricing, standard"),
    "log GB": (0.63, "Amazon CloudWatch Pricing, logs"),
    "alarm": (0.10, "Amazon CloudWatch Pricing"),
    "metric": (0.30, "Amazon CloudWatch Pricing"),
    "dashboard": (3.00, "Amazon CloudWatch Pricing"),
    "edge GB": (0.085, "Amazon CloudFront Pricing, Europe"),
    "edge request": (1.2e-6, "Amazon CloudFront Pricing, Europe"),
    "key": (1.00, "AWS KMS Pricing"),
    "secret": (0.40, "AWS Secrets Manager Pricing"),
    "web ACL": (5.00, "AWS WAF Pricing"),
    "rule": (1.00, "AWS WAF Pricing"),
    "inspected request": (0.60e-6, "AWS WAF Pricing"),
}
FIREWALL_RULES = 5  # infra/waf.yaml


def price(unit: str) -> float:
    """USD of one unit."""
    return PRICES[unit][0]


def fixed() -> float:
    """USD a month, whatever the load."""
    watched = ALARMS * price("alarm") + METRICS * price("metric") + DASHBOARDS * price("dashboard")
    canary = FLIGHTS * (price("mail") + 10 / 4 * price("GB-second"))
    stored = STORED_GB * (price("stored GB") + price("backed up GB"))
    return KEYS * price("key") + SECRETS * price("secret") + watched + canary + stored


def per_reset() -> dict[str, float]:
    """USD of one customer's reset, by what is billed."""
    web = sum(MILLISECONDS[step] * often for step, often in JOURNEYS.items()) / 1000
    worker = _total("messages") * WORKER_MILLISECONDS / 1000 / 2
    calls = _total("posts") + _total("messages")
    return {
        "mails": _total("mails") * price("mail"),
        "tables": _total("writes") * price("write") + _total("reads") * price("read"),
        "functions": (web + worker) * price("GB-second") + calls * price("invocation"),
        "API": _total("posts") * price("API call"),
        "queues": _total("messages") * 3 * price("queue call") + _total("mails") * 2 * price("notification"),
        "logs": calls * 1.2e-6 * price("log GB"),
        "edge": PAGES_KB / 1e6 * price("edge GB") + (PAGES + _total("posts")) * price("edge request"),
    }


def table() -> str:
    """The table, in USD a month."""
    single, always = per_reset(), fixed()
    sizes = (1_000, 100_000, 10_000_000)
    lines = ["| USD a month | 1,000 resets | 100,000 resets | 10 million resets |", "|---|---|---|---|"]
    for name, cost in {**single, "together": sum(single.values())}.items():
        lines.append(f"| {name} | " + " | ".join(f"{cost * size:,.2f}" for size in sizes) + " |")
    lines.append(f"| fixed (key, secrets, alarms, dashboard, canary) | {' | '.join([f'{always:.2f}'] * 3)} |")
    return "\n".join(lines)


def steps() -> str:
    """What one form post and all that follows from it consumes."""
    lines = [
        "| step, with all that follows | DynamoDB writes | reads | queue messages | mails |",
        "|---|---|---|---|---|",
    ]
    counted = ("writes", "reads", "messages", "mails")
    return "\n".join(
        lines + [f"| {name} | {' | '.join(str(of[each]) for each in counted)} |" for name, of in UNITS.items()]
    )


def journey() -> str:
    """One customer's reset in units."""
    made = ", ".join(f"{often:g} {step}" for step, often in JOURNEYS.items())
    units = [f"{_total(unit):g} {unit}" for unit in ("writes", "reads", "messages", "mails")]
    return f"One reset here is {made}: {', '.join(units)}."


def _total(unit: str) -> float:
    return sum(UNITS[step][unit] * often for step, often in JOURNEYS.items())


def unit_prices() -> str:
    """The list of unit prices by AWS's page, so that an operator can check them."""
    pages: dict[str, list[str]] = {}
    for unit, (usd, page) in PRICES.items():
        pages.setdefault(page, []).append(f"{unit} {usd:.10f}".rstrip("0").rstrip("."))
    lines = [f"| AWS's page | USD, {REGION}, as of {AS_OF} |", "|---|---|"]
    return "\n".join([*lines, *(f"| {page} | {', '.join(units)} |" for page, units in pages.items())])


def firewall() -> str:
    """What the own firewall adds."""
    fee = price("web ACL") + FIREWALL_RULES * price("rule") + price("alarm")
    return f"Firewall: {fee:.2f} a month and {price('inspected request') * 1e6:.2f} per million requests."


if __name__ == "__main__":
    print(journey(), table(), unit_prices(), steps(), firewall(), sep="\n\n")
