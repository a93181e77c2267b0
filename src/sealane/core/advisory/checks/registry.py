"""Every check, in the order of their codes."""

from __future__ import annotations

from sealane.core.advisory.checks.announcement import Announcement
from sealane.core.advisory.checks.csaf_folder import CsafFolder
from sealane.core.advisory.checks.cve_record import CveRecord
from sealane.core.advisory.checks.documents import FormatsAgree
from sealane.core.advisory.checks.fixes import FixFiles, FixKnown, FixUnaffected
from sealane.core.advisory.checks.identifiers import Identifiers
from sealane.core.advisory.checks.interface import Check
from sealane.core.advisory.checks.logs import LoggedEarly
from sealane.core.advisory.checks.marking import TrafficLight
from sealane.core.advisory.checks.packages import Packages
from sealane.core.advisory.checks.ranges import EventVersions, RangeShape
from sealane.core.advisory.checks.references import References
from sealane.core.advisory.checks.schema import Schema
from sealane.core.advisory.checks.series import SeriesForgotten
from sealane.core.advisory.checks.services import AuditAnswer, OsvAnswer
from sealane.core.advisory.checks.severity import SeverityAgrees, WeaknessKnown
from sealane.core.advisory.checks.times import Times
from sealane.core.advisory.checks.versions import (
    NewestUnaffected,
    PrereleasesAffected,
    VersionsList,
)
from sealane.core.advisory.checks.yanks import Yanked

CHECKS: tuple[Check, ...] = (
    Schema(),
    Identifiers(),
    Packages(),
    EventVersions(),
    RangeShape(),
    FixKnown(),
    FixFiles(),
    FixUnaffected(),
    VersionsList(),
    NewestUnaffected(),
    PrereleasesAffected(),
    SeriesForgotten(),
    FormatsAgree(),
    SeverityAgrees(),
    WeaknessKnown(),
    References(),
    Times(),
    TrafficLight(),
    CsafFolder(),
    CveRecord(),
    OsvAnswer(),
    AuditAnswer(),
    Yanked(),
    Announcement(),
    LoggedEarly(),
)
