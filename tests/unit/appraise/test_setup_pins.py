"""Pins are part of what is judged by, here and in every process that helps."""

import pickle
from hashlib import sha256

from sealane.appraise.setup import Setup, make_setup
from sealane.io.stores.trust.load import TrustMaterial
from support.maker.world import World
from support.pinned import PINS

ROOT = World().root_json()
TRUST = TrustMaterial("/own/root.json", ROOT, sha256(ROOT).hexdigest(), sandbox=False)


def test_pins_are_named_with_their_digest() -> None:
    setup = make_setup(None, TRUST, pins=PINS)
    assert str(setup.based_on[-1]) == f"pins: sealane.pins.toml (sha256:{PINS.sha256})"
    assert not any(one.kind == "pins" for one in make_setup(None, TRUST).based_on)


def test_pins_are_handed_to_other_processes() -> None:
    setup: Setup = pickle.loads(pickle.dumps(make_setup(None, TRUST, pins=PINS)))
    assert setup.pins == PINS
