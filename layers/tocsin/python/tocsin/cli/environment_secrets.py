"""Secrets of checks that run from a terminal: they come from its environment, and AWS is not asked."""

import os
import re

from tocsin.errors import NotFoundError


def secret_in_environment(name: str) -> str:
    """`shop-token` is in `TOCSIN_SECRET_SHOP_TOKEN`. Raises NotFoundError when it is not there."""
    variable = f"TOCSIN_SECRET_{re.sub('[^A-Z0-9]', '_', name.upper())}"
    if variable not in os.environ:
        raise NotFoundError(f"the secret {name} is not here; put its value into the environment as {variable}")
    return os.environ[variable]
