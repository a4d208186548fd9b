"""Reads many items: queries, scans and batches in Python values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

if TYPE_CHECKING:
    from reset.table import Item, Table

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def query(table: Table, condition: str, values: Item, *, index: str | None = None, most: int = 0) -> Iterator[Item]:
    """The items under one key, oldest first, at most *most* of them; the table itself is read consistently."""
    request: dict[str, Any] = {"TableName": table.name, "KeyConditionExpression": condition}
    request |= _names(condition) | _values(values)
    request |= {"IndexName": index} if index else {"ConsistentRead": True}
    request |= {"Limit": most} if most else {}
    return islice(_pages(table, "query", request), most or None)


def scan(table: Table, condition: str | None = None, values: Item | None = None) -> Iterator[Item]:
    """All items that fit: for rare, whole-table work only."""
    request: dict[str, Any] = {"TableName": table.name, "ConsistentRead": True}
    if condition:
        request |= {"FilterExpression": condition} | _names(condition) | _values(values or {})
    return _pages(table, "scan", request)


def get_many(table: Table, keys: Iterable[Item], wanted: str | None = None, threads: int = 4) -> Iterator[Item]:
    """The items with these keys that exist, in no order; *wanted* names the attributes to read."""
    batches = iter(chunks(keys, 100))
    with ThreadPoolExecutor(threads) as pool:
        while group := list(islice(batches, threads * 4)):
            for found in pool.map(lambda batch: _get_batch(table, batch, wanted), group):
                yield from found


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most *size*."""
    source = iter(items)
    while part := list(islice(source, size)):
        yield part


def _get_batch(table: Table, keys: list[Item], wanted: str | None) -> list[Item]:
    more: dict[str, Any] = {"ProjectionExpression": wanted} | _names(wanted) if wanted else {}
    asked: Any = {table.name: {"Keys": [_written(key) for key in keys], "ConsistentRead": True, **more}}
    found: list[Item] = []
    while asked:
        answer: Any = table.client.batch_get_item(RequestItems=asked)
        found += [_read(item) for item in answer["Responses"].get(table.name, [])]
        asked = answer["UnprocessedKeys"]
    return found


def _pages(table: Table, operation: str, request: dict[str, Any]) -> Iterator[Item]:
    for page in table.client.get_paginator(operation).paginate(**request):  # type: ignore[call-overload]
        yield from map(_read, page["Items"])


def _names(expression: str) -> dict[str, Any]:
    """Reserved words are written as #word."""
    names = {f"#{word}": word for word in re.findall(r"#(\w+)", expression)}
    return {"ExpressionAttributeNames": names} if names else {}


def _values(values: Item) -> dict[str, Any]:
    bound = {f":{name}": _serialize(value) for name, value in values.items()}
    return {"ExpressionAttributeValues": bound} if bound else {}


def _written(item: Item) -> Any:
    return {name: _serialize(value) for name, value in item.items()}


def _read(item: Any) -> Item:
    return {name: _plain(_deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) else value
