"""What readers are told of a component, and of the whole page."""

import pytest

from tocsin.domain.component_state import component_state, page_state
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.people import Severity
from tocsin.domain.status_page import ComponentState

FINE, UNKNOWN, MAINTENANCE = ComponentState.OPERATIONAL, ComponentState.UNKNOWN, ComponentState.UNDER_MAINTENANCE
SLOW, PARTIAL, MAJOR = ComponentState.DEGRADED_PERFORMANCE, ComponentState.PARTIAL_OUTAGE, ComponentState.MAJOR_OUTAGE
UP, DEGRADED, DOWN = MonitorState
SEV1, SEV2, SEV3, SEV4 = Severity


@pytest.mark.parametrize(
    ("monitors", "ongoing", "state"),
    [
        pytest.param([UP, UP], [], FINE, id="all up"),
        pytest.param([DOWN, DOWN], [], MAJOR, id="all down"),
        pytest.param([DOWN, UP], [], PARTIAL, id="some down"),
        pytest.param([DOWN, None], [], MAJOR, id="all that can be seen is down"),
        pytest.param([UP, None], [], FINE, id="one up is enough to know"),
        pytest.param([None, None], [], UNKNOWN, id="no fresh vote is never green"),
        pytest.param([], [], UNKNOWN, id="nothing watches it"),
        pytest.param([DEGRADED, UP], [], SLOW, id="some degraded"),
        pytest.param([DEGRADED, None], [], SLOW, id="all that can be seen is degraded"),
        pytest.param([DEGRADED, DOWN], [], PARTIAL, id="some down, the rest degraded"),
        pytest.param([DEGRADED], [SEV2], PARTIAL, id="degraded, and an incident that says worse"),
        pytest.param([DEGRADED], [SEV4], SLOW, id="degraded, and an incident that hurts nobody"),
        pytest.param([UP], [SEV1], MAJOR, id="an incident no monitor sees, sev1"),
        pytest.param([UP], [SEV2], PARTIAL, id="an incident no monitor sees, sev2"),
        pytest.param([UP], [SEV3], SLOW, id="an incident no monitor sees, sev3"),
        pytest.param([UP], [SEV4], FINE, id="an incident that hurts nobody"),
        pytest.param([UP], [SEV4, SEV3], SLOW, id="the worst of several incidents"),
        pytest.param([None], [SEV4], UNKNOWN, id="a harmless incident proves nothing"),
        pytest.param([None], [SEV3], SLOW, id="an incident says more than silence"),
        pytest.param([DOWN, UP], [SEV1], PARTIAL, id="monitors know better than severity"),
    ],
)
def test_component(monitors: list[MonitorState | None], ongoing: list[Severity], state: ComponentState) -> None:
    assert component_state(monitors, ongoing) is state


@pytest.mark.parametrize(
    ("monitors", "ongoing", "state"),
    [
        pytest.param([UP], [], MAINTENANCE, id="all up"),
        pytest.param([DOWN, DOWN], [], MAINTENANCE, id="all down, as planned"),
        pytest.param([None], [], MAINTENANCE, id="nobody sees it"),
        pytest.param([DOWN], [SEV4], MAINTENANCE, id="an incident that hurts nobody"),
        pytest.param([DOWN], [SEV2], PARTIAL, id="an incident says worse"),
    ],
)
def test_component_in_maintenance(
    monitors: list[MonitorState | None], ongoing: list[Severity], state: ComponentState
) -> None:
    assert component_state(monitors, ongoing, in_maintenance=True) is state


@pytest.mark.parametrize(
    ("components", "state"),
    [
        pytest.param([FINE, FINE], FINE, id="all operational"),
        pytest.param([FINE, MAINTENANCE], MAINTENANCE, id="maintenance"),
        pytest.param([MAINTENANCE, UNKNOWN], UNKNOWN, id="unknown outweighs maintenance"),
        pytest.param([UNKNOWN, SLOW], SLOW, id="known trouble outweighs unknown"),
        pytest.param([SLOW, PARTIAL], PARTIAL, id="partial outage"),
        pytest.param([FINE, MAJOR], PARTIAL, id="one of several is down"),
        pytest.param([MAJOR, MAJOR], MAJOR, id="all are down"),
        pytest.param([], UNKNOWN, id="a page without components knows nothing"),
    ],
)
def test_page(components: list[ComponentState], state: ComponentState) -> None:
    assert page_state(components) is state
