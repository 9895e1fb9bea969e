"""Real boto3 on moto, with nothing of the caller's AWS in reach."""

import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from moto import mock_aws

from tests.support.authority import Authority
from tests.support.tables import REGION, create_tables
from tocsin.probes.prober import Prober
from tocsin.settings import Settings

LoadFunction = Callable[[str, Settings], ModuleType]


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("POWERTOOLS_DEV", "false")
    for leftover in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(leftover, raising=False)
    _forget_clients()
    with mock_aws():
        yield
    _forget_clients()


@pytest.fixture
def tables(aws: None) -> None:
    create_tables()


@pytest.fixture
def load_function(monkeypatch: pytest.MonkeyPatch) -> LoadFunction:
    """The handler module of a function, fresh, in the environment its settings make."""

    def load(name: str, settings: Settings) -> ModuleType:
        for variable, value in settings.as_environment().items():
            monkeypatch.setenv(variable, value)
        sys.modules.pop(f"functions.{name}.handler", None)
        return importlib.import_module(f"functions.{name}.handler")

    return load


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def prober(authority: Authority) -> Prober:
    """Trusts this authority alone."""
    return Prober(certificate_authorities=authority.path)


def _forget_clients() -> None:
    """Clients are cached for a process's life; a test's must not outlive its mock."""
    ours = [module for name, module in sys.modules.items() if name.startswith(("tocsin.", "functions."))]
    for found in [value for module in ours for value in vars(module).values()]:
        if type(found) is functools._lru_cache_wrapper:
            found.cache_clear()
