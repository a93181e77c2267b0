"""Opens the channel a project names."""

from __future__ import annotations

from sealane.core.release.project import Channel, Project
from sealane.errors import UsageError
from sealane.io.channels import pypi
from sealane.io.channels.interface import ChannelClient


def open_channel(channel: Channel, *, loopback: bool) -> ChannelClient:
    """The client of a channel; nothing is asked yet.

    Args:
        channel: From the configuration.
        loopback: Whether plain http on loopback is allowed: in a sandbox only.

    Raises:
        InputError: The channel's repository does not exist.
    """
    return pypi.open_index(channel, loopback=loopback)


def find_channel(project: Project, name: str) -> Channel:
    """A channel by its name.

    Raises:
        UsageError: The project has none of that name.
    """
    for channel in project.channels:
        if channel.name == name:
            return channel
    raise UsageError(
        f"--channel {name[:60]!r}: no such channel",
        hint=f"sealane.toml names {', '.join(one.name for one in project.channels)}",
    )
