"""From what monitors and incidents say to what readers are told about a component and about the whole page.

| what is known of the service                     | the component says                                           |
|--------------------------------------------------|--------------------------------------------------------------|
| it is in a maintenance window                    | under maintenance, or what an incident says if that is worse |
| every monitor with a fresh vote is down          | major outage                                                 |
| some are down                                    | partial outage                                               |
| none is down, an incident goes on                | by severity: major outage, partial outage, degraded, nothing |
| none is down, some are degraded                  | degraded, or what an incident says if that is worse          |
| no fresh vote                                    | unknown                                                      |
| otherwise                                        | operational                                                  |
"""

from collections.abc import Sequence

from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.people import Severity
from tocsin.domain.status_page import ComponentState

WORST_FIRST = tuple(reversed(ComponentState))

BY_SEVERITY = {
    Severity.SEV1: ComponentState.MAJOR_OUTAGE,
    Severity.SEV2: ComponentState.PARTIAL_OUTAGE,
    Severity.SEV3: ComponentState.DEGRADED_PERFORMANCE,
    Severity.SEV4: ComponentState.OPERATIONAL,
}
"""What an incident that no monitor sees says about its service."""


def component_state(
    monitors: Sequence[MonitorState | None], ongoing: Sequence[Severity], *, in_maintenance: bool = False
) -> ComponentState:
    """`monitors` has an entry per monitor of a service, None without a fresh vote; `ongoing` one per incident."""
    if in_maintenance:
        return worst([ComponentState.UNDER_MAINTENANCE, *(BY_SEVERITY[severity] for severity in ongoing)])
    fresh = {state for state in monitors if state is not None}
    if MonitorState.DOWN in fresh:
        return ComponentState.PARTIAL_OUTAGE if len(fresh) > 1 else ComponentState.MAJOR_OUTAGE
    return worst([_without_outage(fresh), *(BY_SEVERITY[severity] for severity in ongoing)])


def _without_outage(fresh: set[MonitorState]) -> ComponentState:
    if MonitorState.DEGRADED in fresh:
        return ComponentState.DEGRADED_PERFORMANCE
    return ComponentState.OPERATIONAL if fresh else ComponentState.UNKNOWN


def page_state(components: Sequence[ComponentState]) -> ComponentState:
    """A page says major outage only when every component does. A page without components knows nothing."""
    overall = worst(components) if components else ComponentState.UNKNOWN
    if overall is ComponentState.MAJOR_OUTAGE and len(set(components)) > 1:
        return ComponentState.PARTIAL_OUTAGE
    return overall


def worst(states: Sequence[ComponentState]) -> ComponentState:
    """At least one state is given."""
    return min(states, key=WORST_FIRST.index)
