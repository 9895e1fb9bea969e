"""Debian's Dovecot on loopback: IMAP, POP3 and mail submission (SMTP), each in clear with STARTTLS, and in TLS."""

import getpass
import grp
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.peers import LOOPBACK, free_port, listening, program, running

PACKAGES = "dovecot-imapd dovecot-pop3d dovecot-submissiond"

_CONFIGURATION = """
base_dir = {folder}/run
log_path = /dev/stderr
protocols = imap pop3 submission
listen = {host}
hostname = mail.acme.example
{users}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
mail_location = maildir:{folder}/mail
submission_relay_host = {host}
passdb {{
  driver = static
  args = nopassword=y
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imap_tls}
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3_tls}
  }}
}}
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {smtp}
  }}
  inet_listener submissions {{
    port = {smtp_tls}
    ssl = yes
  }}
}}
"""

_KINDS = ("smtp", "imap", "pop3")


@contextmanager
def mail_server(certificate: Path) -> Iterator[dict[str, int]]:
    """The port of each kind of server, and of its TLS twin, as `imap` and `imap_tls`."""
    path = program("dovecot", package=PACKAGES)
    ports = {name: free_port() for kind in _KINDS for name in (kind, f"{kind}_tls")}
    # The paths of its sockets have to be short, and where root starts it, other users have to get to them.
    with TemporaryDirectory(prefix="mail-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        written = _CONFIGURATION.format(folder=folder, host=LOOPBACK, users=_users(), certificate=certificate, **ports)
        configuration = folder / "dovecot.conf"
        configuration.write_text(written)
        with running([path, "-F", "-c", configuration], folder / "log", ready=listening(ports["pop3_tls"])):
            yield ports


def _users() -> str:
    """Root's servers become the package's own users; everybody else's stay what they are."""
    if os.geteuid() == 0:
        return ""
    user, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    return f"default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}"
