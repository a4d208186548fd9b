"""One run of the program: where it works and how it answers; AWS is reached at the first need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .output import Output

if TYPE_CHECKING:
    from .desk import Desk


@dataclass
class Session:
    """The options before the command."""

    local: int | None
    stage: str
    as_json: bool = False

    def desk(self) -> Desk:
        """The desk."""
        from .desk import open_desk  # noqa: PLC0415  # --help must not wait for AWS's library
        from .place import aws_place, local_place  # noqa: PLC0415

        return open_desk(local_place(self.local) if self.local is not None else aws_place(self.stage))

    def output(self, *, as_json: bool) -> Output:
        """Where to answer."""
        return Output(as_json=as_json or self.as_json)
