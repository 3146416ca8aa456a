"""A small SMTP server on this machine, which keeps what it is told and whether that came encrypted."""

import base64
import contextlib
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Sink:
    """What came.

    Attributes
    ----------
    port : int
    said : list of (str, bool)
        Each command's first word, and whether it came encrypted.
    known_as : tuple of str
        The name and the password that the client gave.
    mails : list of bytes
    """

    port: int = 0
    said: list[tuple[str, bool]] = field(default_factory=list)
    known_as: tuple[str, str] = ("", "")
    mails: list[bytes] = field(default_factory=list)


def certificate(folder: Path) -> Path:
    """Write a certificate for ``localhost`` with its key, signed by itself; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@contextlib.contextmanager
def sinking(pem: Path, *, encrypts: str) -> Iterator[Sink]:
    """Run a server until the block ends: one that encrypts ``"at once"``, ``"when asked"`` or ``"never"``."""
    sink = Sink()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    class Session(StreamRequestHandler):
        def handle(self) -> None:
            self.is_encrypted = False
            if encrypts == "at once":
                self._encrypt()
            self._say("220 localhost")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                word = line.partition(" ")[0].upper()
                sink.said.append((word, self.is_encrypted))
                if word == "QUIT":
                    self._say("221 bye")
                    return
                self._answer(word, line)

        def _answer(self, word: str, line: str) -> None:
            if word == "EHLO":
                offers = ["STARTTLS"] if encrypts == "when asked" and not self.is_encrypted else []
                self._say("250-localhost", *(f"250-{offer}" for offer in offers), "250 AUTH PLAIN")
            elif word == "STARTTLS":
                self._say("220 go on")
                self._encrypt()
            elif word == "AUTH":
                _, name, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
                sink.known_as = (name, password)
                self._say("235 welcome")
            elif word == "DATA":
                self._say("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                sink.mails.append(b"".join(lines))
                self._say("250 taken")
            else:
                self._say("250 good")

        def _say(self, *lines: str) -> None:
            self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

        def _encrypt(self) -> None:
            self.request = self.connection = context.wrap_socket(self.request, server_side=True)
            self.rfile = self.connection.makefile("rb", self.rbufsize)
            self.wfile = self.connection.makefile("wb", 0)
            self.is_encrypted = True

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that trusts nobody hangs up: the test looks at what it was told."""

    with Server(("127.0.0.1", 0), Session) as server:
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield sink
        finally:
            server.shutdown()
