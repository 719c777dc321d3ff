"""How the property tests look for examples; see CONTRIBUTING.md."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.examples import TIMES

# The same examples each time, so that nobody's change fails by another's bad luck; how long
# they take says something of the machine only.
settings.register_profile(
    "timeline",
    max_examples=100 * TIMES,
    derandomize=TIMES == 1,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("timeline")
