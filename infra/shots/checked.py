"""`python -m infra.shots.checked` keeps today as the last green run's day; `make screenshots` calls it after one."""

from datetime import UTC, datetime

from infra.deploy.facts import ROOT
from infra.site.checked import write

if __name__ == "__main__":
    write(ROOT / "docs", datetime.now(UTC).date())
