"""What AWS charges for each unit, and what a month's usage therefore costs."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("prices.toml")

Usage = Mapping[str, float]
"""Units in a month, by the names of `prices.toml`."""


class Price(NamedTuple):
    """`usd` is for one unit; `free` units a month cost nothing, whoever uses them in the account."""

    service: str
    usd: float
    free: float
    source: str


class PriceList(NamedTuple):
    as_of: date
    prices: Mapping[str, Price]


class Bill(NamedTuple):
    """US dollars a month by service, the dearest first; `with_allowance` when nothing else uses what is free."""

    services: Mapping[str, float]
    with_allowance: float

    @property
    def total(self) -> float:
        return sum(self.services.values())


def summed(usages: Iterable[Usage]) -> dict[str, float]:
    total: dict[str, float] = {}
    for usage in usages:
        for unit, units in usage.items():
            total[unit] = total.get(unit, 0.0) + units
    return total


@cache
def price_list() -> PriceList:
    file = tomllib.loads(FILE.read_text())
    as_of = file.pop("as_of")
    return PriceList(as_of, {name: _price(entry) for name, entry in file.items()})


def bill(usage: Usage) -> Bill:
    """Raises KeyError for a unit that has no price."""
    prices = price_list().prices
    services: dict[str, float] = {}
    for name, units in usage.items():
        price = prices[name]
        services[price.service] = services.get(price.service, 0.0) + units * price.usd
    charged = sum(max(0.0, units - prices[name].free) * prices[name].usd for name, units in usage.items())
    return Bill(dict(sorted(services.items(), key=lambda entry: -entry[1])), charged)


def _price(entry: Mapping[str, float | str]) -> Price:
    usd, per, free = (float(entry.get(key, default)) for key, default in (("usd", 0), ("per", 1), ("free", 0)))
    return Price(str(entry["service"]), usd / per, free, str(entry["source"]))
