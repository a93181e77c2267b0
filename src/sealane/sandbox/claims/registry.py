"""The kinds of token there are."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.sandbox.claims import email, github, gitlab
from sealane.sandbox.claims.shape import Shape

SHAPES: Mapping[str, Shape] = {
    "gitlab": gitlab.SHAPE,
    "github": github.SHAPE,
    "email": email.SHAPE,
}
