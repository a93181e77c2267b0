from collections.abc import Iterator
from pathlib import Path

import pytest

from support.advisory_parts import AdvisoryParts
from support.sandbox_parts import Parts


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    made = Parts(tmp_path / "state")
    yield made
    made.state.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AdvisoryParts]:
    made = AdvisoryParts(tmp_path / "state")
    yield made
    made.state.close()
