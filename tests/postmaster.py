"""A real SMTP server in a thread, on a free port, that remembers and refuses as told."""

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


@dataclass
class Postmaster:
    """`answers` are given to the next mails, one each; from then on every mail is taken.

    `tried` holds all mails handed over, `mails` those taken; `pause` delays each answer.
    """

    answers: list = field(default_factory=list)
    rcpt_answers: list = field(default_factory=list)
    mails: list = field(default_factory=list)
    tried: list = field(default_factory=list)
    pause: float = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.tried.append(mail)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(mail)
        await asyncio.sleep(self.pause)
        return answer

    def to(self, user):
        return [mail for mail in self.mails if mail["To"] == user.email]


class AnyPort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running(pause=0):
    """A started `Postmaster` and its port."""
    postmaster = Postmaster(pause=pause)
    controller = AnyPort(postmaster, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield postmaster, controller.port
    finally:
        controller.stop()
