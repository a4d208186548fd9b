"""A DynamoDB table in Python values. All reads are consistent; all values are bound (ASVS 1.2.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .values import read, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Operation = dict[str, Any]
ATTEMPTS = 3


class ConditionFailedError(Exception):
    """The item was not in the state the caller asked for; nothing was written."""


class ThrottledError(Exception):
    """The table did not answer for every item; nothing is known about the missing ones."""


class Table:
    """One table, reached through *client*."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self.client = client
        self.name = name

    def get(self, key: Item) -> Item | None:
        """The item, or None."""
        return _read(self.client.get_item(TableName=self.name, Key=_write(key), ConsistentRead=True).get("Item"))

    def put(self, item: Item, condition: str | None = None, values: Item | None = None) -> None:
        """Writes the whole item; raises ConditionFailedError."""
        self._call("put_item", self.putting(item, condition, values))

    def update(
        self,
        key: Item,
        expression: str,
        condition: str | None = None,
        values: Item | None = None,
        *,
        returning: str = "NONE",
    ) -> Item:
        """Changes one item and returns the attributes asked for by *returning*; raises ConditionFailedError."""
        operation = self.updating(key, expression, condition, values) | {"ReturnValues": returning}
        return _read(self._call("update_item", operation).get("Attributes")) or {}

    def delete(self, key: Item) -> None:
        """Deletes the item if it is there."""
        self.client.delete_item(**self.deleting(key))

    def putting(self, item: Item, condition: str | None = None, values: Item | None = None) -> Operation:
        """A put for transact()."""
        return {"TableName": self.name, "Item": _write(item), **_bound(values, ConditionExpression=condition)}

    def updating(
        self, key: Item, expression: str, condition: str | None = None, values: Item | None = None
    ) -> Operation:
        """An update for transact()."""
        bound = _bound(values, UpdateExpression=expression, ConditionExpression=condition)
        return {"TableName": self.name, "Key": _write(key), **bound}

    def deleting(self, key: Item) -> Operation:
        """A delete for transact()."""
        return {"TableName": self.name, "Key": _write(key)}

    def _call(self, name: str, operation: Operation) -> Mapping[str, Any]:
        return _write_with(getattr(self.client, name), operation)


def read_all(*wanted: tuple[Table, Item, tuple[str, ...]]) -> list[Item | None]:
    """One consistent read of the named attributes of several items, each from another table; None for no item."""
    request: Any = {
        table.name: {"Keys": [_write(key)], "ConsistentRead": True}
        | _bound(None, ProjectionExpression=", ".join(f"#{name}" for name in names))
        for table, key, names in wanted
    }
    answer = wanted[0][0].client.batch_get_item(RequestItems=request)
    if answer["UnprocessedKeys"]:
        raise ThrottledError
    found = [answer["Responses"].get(table.name) for table, *_ in wanted]
    return [_read(items[0]) if items else None for items in found]


def transact(client: DynamoDBClient, *operations: tuple[str, Operation], attempts: int = ATTEMPTS) -> None:
    """All of the (`Put` | `Update` | `Delete`, operation) pairs or none; raises ConditionFailedError."""
    items = [{kind: operation} for kind, operation in operations]
    _write_with(client.transact_write_items, {"TransactItems": items}, attempts)


def _write_with(call: Callable[..., Any], operation: Operation, attempts: int = ATTEMPTS) -> Mapping[str, Any]:
    """Writes, and tries again where a transaction was in the way: only a condition is an answer."""
    attempt = 0
    while True:
        attempt += 1
        try:
            answered: Mapping[str, Any] = call(**operation)
        except ClientError as error:
            told: Any = error.response
            codes = {told["Error"]["Code"], *(reason.get("Code") for reason in told.get("CancellationReasons", []))}
            if codes & {"ConditionalCheckFailedException", "ConditionalCheckFailed"}:
                raise ConditionFailedError from error
            if not codes & {"TransactionConflictException", "TransactionConflict"} or attempt == attempts:
                raise
        else:
            return answered


def _bound(values: Item | None, **expressions: str | None) -> Operation:
    """The expressions with the #names (reserved words) and :values that occur in them, and no others."""
    given = {kind: text for kind, text in expressions.items() if text}
    used = " ".join(given.values())
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", used)}
    bound = {f":{name}": write((values or {})[name]) for name in re.findall(r":(\w+)", used)}
    return (
        given
        | ({"ExpressionAttributeNames": names} if names else {})
        | ({"ExpressionAttributeValues": bound} if bound else {})
    )


def _write(item: Item) -> Any:
    return {name: write(value) for name, value in item.items() if value is not None}


def _read(item: Mapping[str, Any] | None) -> Item | None:
    return None if item is None else {name: read(value) for name, value in item.items()}
