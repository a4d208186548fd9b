"""What resets cost on AWS, from counted units: `python -m infra.deploy.cost` prints the table of infra/README.md."""

from __future__ import annotations

# Each form post with all that follows from it: DynamoDB units, queue messages, mails. tests/test_units.py counts them.
UNITS: dict[str, dict[str, float]] = {
    "forgot": {"writes": 17, "reads": 5, "messages": 3, "mails": 1, "posts": 1},
    "reset": {"writes": 22, "reads": 7, "messages": 3, "mails": 1, "posts": 1},
    "login": {"writes": 4, "reads": 4, "messages": 0, "mails": 0, "posts": 1},
}
# One reset as customers do it: some ask twice, and all log in afterwards.
JOURNEYS = {"forgot": 1.5, "reset": 1.0, "login": 1.0}
MILLISECONDS = {"forgot": 15, "reset": 140, "login": 90}  # billed by the web function, warm, at 1,024 MB
WORKER_MILLISECONDS = 40  # per message, at 512 MB
PAGES_KB, PAGES = 250, 8  # on the wire and requests of one customer's visit, nothing cached
# USD, AWS's public list of 2026-11 for eu-central-1, without free tier and tax.
PRICES = {
    "region": "eu-central-1",
    "write": 0.7625e-6,
    "read": 0.1525e-6,
    "gb_second": 0.0000133334,  # arm64
    "invocation": 0.20e-6,
    "api": 1.11e-6,
    "queue": 0.40e-6,
    "notification": 0.50e-6,
    "mail": 0.10e-3,
    "kms": 3e-6,
    "log_gb": 0.63,
    "edge_gb": 0.085,
    "edge_request": 1.2e-6,
}
FIXED = {  # USD a month, whatever the load
    "key and two secrets": 1.80,
    "24 alarms, dashboard, 30 custom metrics": 2.40 + 3.00 + 9.00,
    "canary": 0.10,
    "point-in-time recovery, storage (100,000 accounts)": 0.50,
}


def per_reset() -> dict[str, float]:
    """USD of one customer's reset, by what is billed."""
    price = {name: value for name, value in PRICES.items() if isinstance(value, float)}

    def total(unit: str) -> float:
        return sum(UNITS[step][unit] * often for step, often in JOURNEYS.items())

    web = sum(MILLISECONDS[step] * often for step, often in JOURNEYS.items()) / 1000
    worker = total("messages") * WORKER_MILLISECONDS / 1000 / 2
    calls = total("posts") + total("messages")
    return {
        "mails": total("mails") * price["mail"],
        "tables": total("writes") * price["write"] + total("reads") * price["read"],
        "functions": (web + worker) * price["gb_second"] + calls * price["invocation"],
        "API": total("posts") * price["api"],
        "queues": total("messages") * 3 * price["queue"] + total("mails") * 2 * price["notification"],
        "logs": calls * 1.2e-6 * price["log_gb"],
        "edge": PAGES_KB / 1e6 * price["edge_gb"] + (PAGES + total("posts")) * price["edge_request"],
    }


def table() -> str:
    """The table, in USD a month."""
    single, fixed = per_reset(), sum(FIXED.values())
    sizes = (1_000, 100_000, 10_000_000)
    lines = ["| USD a month | 1,000 resets | 100,000 resets | 10 million resets |", "|---|---|---|---|"]
    for name, cost in {**single, "together": sum(single.values())}.items():
        lines.append(f"| {name} | " + " | ".join(f"{cost * size:,.2f}" for size in sizes) + " |")
    lines.append(f"| fixed (key, secrets, alarms, dashboard, canary) | {' | '.join([f'{fixed:.2f}'] * 3)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
