"""The inside of the isolation: makes a small root of its own, gives up all rights, and runs.

Not imported but run as a program by `isolation.py`, under `unshare`, as the first process of new
namespaces; so it imports the standard library only.

    python -I -S jail.py SPECIFICATION PROGRAM ARGUMENT…

What is in the new root is listed, everything else is absent: no home, no other process, no socket
of an agent or a container engine. /proc is the new namespace's own, or empty where none is allowed.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import resource
import sys
from pathlib import Path

# linux/mount.h, linux/prctl.h, linux/fcntl.h
MS_BIND, MS_REC = 0x1000, 0x4000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MNT_DETACH = 0x2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 0x1, 0x2, 0x4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 23, 24, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
SYS_MOUNT_SETATTR = 442  # the same on every architecture
# pivot_root and keyctl have no wrapper in the C library, and older numbers differ.
CALLS = {
    "x86_64": (155, 250), "aarch64": (41, 219), "riscv64": (41, 219), "loongarch64": (41, 219),
    "ppc64le": (203, 271), "s390x": (217, 280), "armv7l": (218, 311), "i686": (217, 288),
}  # fmt: skip
KEYCTL_JOIN_SESSION_KEYRING = 1
DEVICES = ("null", "zero", "full", "random", "urandom")
REFUSED = 125  # exit code when the room could not be made; nothing was run

_libc = ctypes.CDLL(None, use_errno=True)


class MountAttributes(ctypes.Structure):
    """`struct mount_attr` of mount_setattr(2)."""

    _fields_ = (
        ("attr_set", ctypes.c_uint64), ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64), ("userns_fd", ctypes.c_uint64),
    )  # fmt: skip


def check(result: int, what: str) -> None:
    """Raise what the last call of the C library failed with."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Make a mount point of a folder or file: a new file system, or what lies elsewhere."""
    arguments = (source.encode(), target.encode(), kind.encode() if kind else None)
    result = _libc.mount(*arguments, ctypes.c_ulong(flags), data.encode() or None)
    check(result, f"mount {source} on {target}")


def restrict(target: str, attributes: int, *, recursive: bool) -> None:
    """mount_setattr(2): set attributes on a mount, and on all below it."""
    wanted = MountAttributes(attributes, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    result = _libc.syscall(
        ctypes.c_long(SYS_MOUNT_SETATTR), AT_FDCWD, target.encode(), flags,
        ctypes.byref(wanted), ctypes.c_size_t(ctypes.sizeof(wanted)),
    )  # fmt: skip
    check(result, f"mount_setattr {target}")


def make_root(root: str, readable: list[list[str]], writable: list[list[str]]) -> None:
    """Build the new root: what may be read, then what may be written."""
    mount("tmpfs", root, "tmpfs", MS_NOSUID, "size=16m,mode=755")
    inside = [(source, root + target) for source, target in writable]
    for _, target in inside:
        Path(target).mkdir(parents=True, exist_ok=True)
    for name in ("proc", "dev/shm", "etc"):
        Path(root, name).mkdir(parents=True, exist_ok=True)
    Path(root, "etc/passwd").write_text("builder:x:0:0:builder:/tmp/home:/bin/sh\n", "ascii")
    Path(root, "etc/group").write_text("builder:x:0:\n", "ascii")
    for source, target in readable:
        show(source, root + target)
    restrict(root, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, recursive=True)
    # Devices after it: a mount without devices would refuse them.
    for name in DEVICES:
        mount(f"/dev/{name}", f"{root}/dev/{name}", None, MS_BIND)
    mount("tmpfs", f"{root}/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=1777")  # noqa: S108  in the new root
    for source, target in inside:
        mount(source, target, None, MS_BIND)
        restrict(target, ATTR_NOSUID | ATTR_NODEV, recursive=False)


def show(source: str, target: str) -> None:
    """Show one file or folder of the old root, or repeat a link (/bin is one to usr/bin)."""
    place = Path(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    if Path(source).is_symlink():
        place.symlink_to(Path(source).readlink())
        return
    if Path(source).is_dir():
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    mount(source, target, None, MS_BIND | MS_REC)


def enter(root: str) -> None:
    """Make the new root the only one."""
    pivot_root, keyctl = CALLS[platform.machine()]
    try:
        mount("proc", f"{root}/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError as error:
        # A container engine that hides parts of /proc allows no new one; then there is none.
        if error.errno not in (errno.EPERM, errno.EACCES):
            raise
    os.chdir(root)
    check(_libc.syscall(ctypes.c_long(pivot_root), b".", b"."), "pivot_root")
    check(_libc.umount2(b".", MNT_DETACH), "umount the old root")
    os.chdir("/")
    # The caller's session keyring may hold secrets; where keyctl is denied, so it is for others.
    _libc.syscall(ctypes.c_long(keyctl), KEYCTL_JOIN_SESSION_KEYRING, None)


def give_up_rights() -> None:
    """No capability survives the next exec, and none can be had again."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == -1:
            break  # past the last one this kernel knows
        check(_libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop a capability")
    check(_libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "clear capabilities")
    check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> None:
    """Make the room, enter it, and become the program."""
    specification = json.loads(arguments[0])
    try:
        for name in DEVICES:  # what enter() binds onto has to exist before the root is read-only
            specification["readable"].append([f"/dev/{name}", f"/dev/{name}"])
        make_root(specification["root"], specification["readable"], specification["writable"])
        enter(specification["root"])
        give_up_rights()
        os.chdir(specification["cwd"])
        os.umask(0o022)
    except (OSError, KeyError) as error:
        print(f"sealane: no isolation: {error}", file=sys.stderr)
        sys.exit(REFUSED)
    os.execvpe(arguments[1], arguments[1:], os.environ)  # noqa: S606  a list, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
