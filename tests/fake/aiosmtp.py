#!/usr/bin/python3
"""python3-aiosmtpd with TLS and login: aiosmtp.py DIR CERT starttls|implicit

The login is me / s3cret-word. What comes goes to DIR/mail/N and, a line
each, to DIR/messages; the port to DIR/port.
"""
import json
import os
import socket
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

WHERE, CERT, HOW = sys.argv[1:4]


class Keeper:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        path = os.path.join(WHERE, 'mail', str(self.count))
        with open(path, 'wb') as f:
            f.write(envelope.original_content)
        with open(os.path.join(WHERE, 'messages'), 'a') as f:
            f.write(json.dumps({
                'n': self.count, 'rcpt': envelope.rcpt_tos,
                'secure': session.ssl is not None or HOW == 'implicit',
                'login': session.authenticated, 'reply': '250 OK'}) + '\n')
        return '250 2.0.0 Ok: queued as A%d' % self.count


def check(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (b'me', b's3cret-word')
    return AuthResult(success=good)


class Here(Controller):
    def factory(self):
        tls = self.tls if HOW == 'starttls' else None
        return SMTP(self.handler, authenticator=check, auth_required=True,
                    tls_context=tls, require_starttls=tls is not None,
                    auth_require_tls=HOW == 'starttls',
                    data_size_limit=33554432)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERT)
    os.makedirs(os.path.join(WHERE, 'mail'), exist_ok=True)
    port = free_port()
    controller = Here(Keeper(), hostname='127.0.0.1', port=port,
                      ssl_context=context if HOW == 'implicit' else None)
    controller.tls = context
    controller.start()
    path = os.path.join(WHERE, 'port')
    with open(path + '.new', 'w') as f:
        f.write('%d\n' % port)
    os.rename(path + '.new', path)
    threading.Event().wait()


if __name__ == '__main__':
    main()
