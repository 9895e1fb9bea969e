"""OpenSSH's server on loopback."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.peers import LOOPBACK, free_port, listening, program, running

_OWN_FOLDER = Path("/run/sshd")
"""Where root's server goes to have no rights; Debian makes it when the service starts, which it never does here."""


@contextmanager
def ssh_server(folder: Path) -> Iterator[int]:
    """Its port."""
    path = program("sshd", package="openssh-server")
    port, key = free_port(), folder / "host_key"
    generator = program("ssh-keygen", package="openssh-client")
    subprocess.run([generator, "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    if os.geteuid() == 0:
        _OWN_FOLDER.mkdir(mode=0o755, exist_ok=True)
    options = [f"ListenAddress={LOOPBACK}", f"Port={port}", f"HostKey={key}", "PidFile=none", "UsePAM=no"]
    command = [path, "-D", "-e", "-f", "/dev/null", *(word for option in options for word in ("-o", option))]
    with running(command, folder / "sshd.log", ready=listening(port)):
        yield port
