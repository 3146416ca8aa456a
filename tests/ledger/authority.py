"""A time-stamping authority of the tests' own, made with the openssl command, so that no network is needed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """
[ca]
subjectKeyIdentifier = hash
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign

[stamper]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = {usage}

[tsa]
default_tsa = service

[service]
serial = {folder}/serial
signer_cert = {folder}/stamper.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.2.3.4.5
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """A folder with a root, a certificate that it issued for time stamping, and the serial numbers used."""

    folder: Path

    @property
    def root(self) -> bytes:
        """The root's certificate, PEM."""
        return (self.folder / "ca.pem").read_bytes()

    def stamp(self, request: bytes) -> bytes:
        """Answer a request."""
        (self.folder / "request.tsq").write_bytes(request)
        _openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-out", "answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def certificate_for(self, usage: str) -> bytes:
        """Issue the stamping certificate again, with its key and number, for another use; return its PEM."""
        (self.folder / "other.cnf").write_text(_CONFIG.format(folder=self.folder, usage=usage), encoding="ascii")
        _issue(self.folder, "other.cnf", "other.pem")
        return (self.folder / "other.pem").read_bytes()


def found(folder: Path, *, name: str = "Test Stamps") -> Authority:
    """Found an authority in an empty folder."""
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder, usage="critical,timeStamping"), encoding="ascii")
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "req.cnf").write_text("[req]\ndistinguished_name = dn\n[dn]\n", encoding="ascii")
    for file, common_name in (("ca", f"{name} Root"), ("stamper", name)):
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{file}.key")
        subject = f"/O=Halden Tests/CN={common_name}"
        _openssl(folder, "req", "-new", "-config", "req.cnf", *key, "-subj", subject, "-out", f"{file}.csr")
    own = ("-signkey", "ca.key", "-extfile", "tsa.cnf", "-extensions", "ca", "-days", "3650")
    _openssl(folder, "x509", "-req", "-in", "ca.csr", *own, "-out", "ca.pem")
    _issue(folder, "tsa.cnf", "stamper.pem")
    return Authority(folder)


def _issue(folder: Path, config: str, out: str) -> None:
    by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "4711", "-days", "3650")
    how = ("-extfile", config, "-extensions", "stamper")
    _openssl(folder, "x509", "-req", "-in", "stamper.csr", *by, *how, "-out", out)


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
