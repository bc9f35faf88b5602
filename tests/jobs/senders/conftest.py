"""A real mail server on this machine that works, refuses, asks for patience, hangs or breaks off, as told."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from analytics.inbox.letter import Letter
from jobs.senders.outcome import Message


class MailServer(socketserver.ThreadingTCPServer):
    """What it is told to do with the next commands, and what it got.

    `answers` has the line for a verb (RCPT, DATA, AUTH, ...) in place of its own; `hangs` and `breaks_off` name verbs.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.context, self.certificate = context, certificate
        self.answers: dict[str, str] = {}
        self.hangs = self.breaks_off = ""
        self.with_starttls, self.tls_from_the_start = True, False
        self.released = threading.Event()
        self.got: list[tuple[EmailMessage, list[str], bool]] = []
        self.logins: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.encrypted, self.recipients = False, []
        if self.server.tls_from_the_start:
            self._encrypt()
        self._say("220 test")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb = line.split(" ")[0].upper()
            if verb == self.server.hangs:
                self.server.released.wait(5)
                return
            if verb == self.server.breaks_off:
                return
            if not self._answer(verb, line):
                return

    def _answer(self, verb: str, line: str) -> bool:
        if verb in self.server.answers:
            self._say(self.server.answers[verb])
        elif verb == "EHLO":
            offered = ["STARTTLS"] if self.server.with_starttls and not self.encrypted else []
            offered += ["AUTH PLAIN"] if self.encrypted else []
            for number, word in enumerate(["test", *offered], 1):
                self._say(f"250{' ' if number == len(offered) + 1 else '-'}{word}")
        elif verb == "STARTTLS":
            self._say("220 go on")
            self._encrypt()
        elif verb == "AUTH":
            self.server.logins.append(line)
            self._say("235 welcome")
        elif verb == "DATA":
            self._say("354 go on")
            self._read_mail()
            self._say("250 taken")
        else:
            if verb == "RCPT":
                self.recipients.append(line)
            self._say("221 bye" if verb == "QUIT" else "250 fine")
        return verb != "QUIT"

    def _encrypt(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.setup()
        self.encrypted = True

    def _read_mail(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.got.append((mail, self.recipients, self.encrypted))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    today = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - dt.timedelta(days=1)).not_valid_after(today + dt.timedelta(days=1))
        .add_extension(address, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture
def mail_server(certificate: Path) -> Iterator[MailServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with MailServer(context, certificate) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def message() -> Message:
    letter = Letter(
        tag="高",
        title="「物流停滞」1 小时内 24 次，平时约 2 次",
        severity="high",
        facts=(("数量", "1 小时内 24 次"),),
        quotes=("包裹停在中转站五天了",),
        link="http://127.0.0.1:8050/operations?alert=a1",
    )
    return Message(letter, "delivery1")
