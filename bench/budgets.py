"""What the benches must not exceed, and the goals that they must reach: `budgets.toml`."""

import tomllib
from pathlib import Path
from typing import Any

BUDGETS = Path(__file__).with_name("budgets.toml")


def budgets(bench: str) -> dict[str, Any]:
    section: dict[str, Any] = tomllib.loads(BUDGETS.read_text())[bench]
    return section
