"""Fixtures that every test may ask for, and how hypothesis looks for counterexamples."""

import os

from hypothesis import HealthCheck, settings

from support.world import running_sandbox

__all__ = ["running_sandbox"]

# A loaded machine is slow at making examples, which says nothing about the code. In a CI the same
# examples are tried each time: a run there judges the change, it does not explore.
settings.register_profile(
    "sealane",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("sealane")


_LONGEST_BYTES, _LONGEST_TEXT = 40, 150


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A name for a long parameter: what is signed anew in each process must not name a test.

    Processes that run tests together have to find the same ones.
    """
    if isinstance(val, bytes):
        return argname if len(val) > _LONGEST_BYTES else None
    return argname if isinstance(val, str) and len(val) > _LONGEST_TEXT else None
