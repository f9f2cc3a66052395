#!/usr/bin/python3
"""A scripted SMTP server on 127.0.0.1: smtpd.py DIR [OPTION...] [RULE...]

It picks a free port and writes it to DIR/port. What it hears and says goes
to DIR/bytes ("3 < ..." from connection 3 in clear, "3 << ..." inside TLS),
each message whose dot came to DIR/mail/N, and a line about it to
DIR/messages: connection, sender, recipients (those it took), reply, time in ms.

A rule is a JSON object; the first one that fits a command decides:
  at     greeting ehlo starttls tls auth mail rcpt data body dot rset quit
         idle (after a reply to a dot)
  match  only when the command contains this
  conn   only on this connection (from 1)
  after  only when so many messages were taken on this connection
  times  only so often
  unless a file in DIR; no more as soon as it is there
  say    in place of the usual reply; "\n" separates lines; "" says nothing
  raw    bytes in place of a reply
  bytes  for "body": when so many have come
  delay  seconds before
  until  a file in DIR; when it is there
  then   close, reset, hang, stall (and read no more) or go (on; the default)
For "data" and "dot" the command is "DATA" and those who will get the message,
or "(nobody)".
"""
import argparse
import base64
import hmac
import json
import os
import socket
import ssl
import struct
import threading
import time

EXTENSIONS = 'PIPELINING,8BITMIME,SMTPUTF8,SIZE 10240000,ENHANCEDSTATUSCODES'


class Gone(Exception):
    """The connection has ended."""


class Server:
    def __init__(self, options):
        self.options = options
        self.rules = [json.loads(rule) for rule in options.rules]
        self.lock = threading.Lock()
        self.connections = 0
        self.messages = 0
        os.makedirs(os.path.join(options.dir, 'mail'), exist_ok=True)
        self.bytes = open(os.path.join(options.dir, 'bytes'), 'a')
        self.list = open(os.path.join(options.dir, 'messages'), 'a')
        self.tls = None
        if options.cert:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(options.cert)
            if options.old_tls:
                self.tls.minimum_version = ssl.TLSVersion.TLSv1
                self.tls.maximum_version = ssl.TLSVersion.TLSv1_1
                self.tls.set_ciphers('ALL:@SECLEVEL=0')

    def log(self, number, direction, data):
        with self.lock:
            self.bytes.write('%d %s %s\n' % (
                number, direction, data.decode('latin-1').encode(
                    'unicode_escape').decode()))
            self.bytes.flush()

    def rule(self, at, command, connection):
        with self.lock:
            for rule in self.rules:
                if rule['at'] != at or rule.get('times', 1) < 1:
                    continue
                if rule.get('match', '') not in command:
                    continue
                if rule.get('conn', connection.number) != connection.number:
                    continue
                if connection.taken < rule.get('after', 0):
                    continue
                if 'unless' in rule and os.path.exists(
                        os.path.join(self.options.dir, rule['unless'])):
                    continue
                if 'times' in rule:
                    rule['times'] -= 1
                return rule
        return {}

    def wait(self, rule):
        time.sleep(rule.get('delay', 0))
        while 'until' in rule and not os.path.exists(
                os.path.join(self.options.dir, rule['until'])):
            time.sleep(0.01)

    def rule_for(self, at):
        return next((r for r in self.rules if r['at'] == at), None)

    def store(self, connection, data, reply):
        with self.lock:
            self.messages += 1
            name = os.path.join(self.options.dir, 'mail', str(self.messages))
            with open(name, 'wb') as f:
                f.write(data)
            self.list.write(json.dumps({
                'n': self.messages, 'conn': connection.number,
                'sender': connection.sender, 'rcpt': connection.recipients,
                'reply': reply, 'at': int(time.time() * 1000)}) + '\n')
            self.list.flush()
            return self.messages

    def run(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(('127.0.0.1', self.options.port))
        listener.listen(512)
        port = os.path.join(self.options.dir, 'port')
        with open(port + '.new', 'w') as f:
            f.write('%d\n' % listener.getsockname()[1])
        os.rename(port + '.new', port)
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self.log(self.connections, '<', b'(open)')
            Connection(self, sock, self.connections).start()


class Connection(threading.Thread):
    def __init__(self, server, sock, number):
        super().__init__(daemon=True)
        self.server = server
        self.options = server.options
        self.sock = sock
        self.number = number
        self.taken = 0
        self.buffer = b''
        self.secure = False
        self.login = False
        self.reset()

    def reset(self):
        self.sender = None
        self.recipients = []

    # --- bytes ---

    def read(self):
        try:
            data = self.sock.recv(65536)
        except OSError:
            data = b''
        if not data:
            self.closed()
        self.server.log(self.number, '<<' if self.secure else '<', data)
        self.buffer += data

    def line(self):
        while b'\n' not in self.buffer:
            self.read()
        line, self.buffer = self.buffer.split(b'\n', 1)
        if self.options.deaf == 'packet':
            self.buffer = b''
        return line.rstrip(b'\r').decode('utf-8', 'replace')

    def write(self, data):
        self.server.log(self.number, '>>' if self.secure else '>', data)
        try:
            self.sock.sendall(data)
        except OSError:
            self.closed()

    def closed(self):
        self.server.log(self.number, '<', b'(closed)')
        raise Gone

    def say(self, text):
        if text:
            self.write(text.replace('\n', '\r\n').encode('latin-1') + b'\r\n')

    def close(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()

    def cut(self):
        self.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        if isinstance(self.sock, ssl.SSLSocket):
            os.close(self.sock.detach())
        else:
            self.sock.close()

    def end_by(self, then):
        if then == 'hang':
            while True:
                self.read()
        if then == 'stall':
            threading.Event().wait()
        if then == 'reset':
            self.cut()
        if then != 'go':
            raise Gone

    def start_tls(self):
        try:
            self.sock = self.server.tls.wrap_socket(
                self.sock, server_side=True)
        except OSError as e:
            self.server.log(self.number, '<', b'(no TLS: %s)'
                            % str(e).encode())
            raise Gone from e
        self.secure = True
        self.buffer = b''

    # --- rules ---

    def answer(self, at, command, usual):
        """Say what a rule or usage wants; the text that was said."""
        rule = self.server.rule(at, command, self)
        self.server.wait(rule)
        text = rule.get('say', usual)
        then = rule.get('then', 'go')
        if 'then' in rule and 'say' not in rule:
            text = usual if then == 'go' else ''
        if 'raw' in rule:
            self.write(rule['raw'].encode('latin-1'))
        else:
            self.say(text)
        self.end_by(then)
        return text

    # --- the dialogue ---

    def run(self):
        try:
            if self.options.tls == 'implicit':
                self.start_tls()
            self.answer('greeting', '', '220 fake.example ESMTP')
            while True:
                self.command(self.line())
        except Gone:
            pass
        finally:
            self.close()

    def command(self, line):
        verb = line.split(' ', 1)[0].upper().split(':')[0]
        handler = getattr(self, 'do_' + verb.lower(), None)
        if self.options.deaf == 'refuse' and verb in ('MAIL', 'RCPT') and (
                self.buffer):
            self.say('503 5.5.0 improper command pipelining')
            return
        if handler is None:
            self.say('500 5.5.2 what?')
            return
        handler(line)

    def do_ehlo(self, line):
        lines = ['fake.example'] + [
            e for e in self.options.ext.split(',') if e]
        if self.options.tls == 'starttls' and not self.secure:
            lines.append('STARTTLS')
        if self.options.auth and (
                self.secure or self.options.tls == 'none'):
            lines.append(self.options.auth_word + self.options.mech)
        text = ['250-' + e for e in lines]
        text[-1] = '250 ' + lines[-1]
        self.reset()
        self.answer('ehlo', line, '\n'.join(text))

    def do_helo(self, line):
        self.answer('ehlo', line, '250 fake.example')

    def do_starttls(self, line):
        text = self.answer('starttls', line, '220 2.0.0 go on')
        if not text.startswith('220'):
            return
        self.answer('tls', line, '')
        self.start_tls()

    def ask(self, prompt):
        """What is said to a prompt; None if the client cancels."""
        self.say(('334 ' + prompt).rstrip())
        line = self.line()
        if line == '*':
            self.say('501 5.7.0 cancelled')
            return None
        return line

    def ask_login(self, odd):
        """Name and password, in two prompts."""
        if odd == 'raw':
            prompts = ['Username:', 'Password:']
        elif odd == 'bare':
            prompts = ['', '']
        elif odd == 'user-twice':
            prompts = ['VXNlcm5hbWU6'] * 2
        else:
            prompts = ['VXNlcm5hbWU6', 'UGFzc3dvcmQ6']
        answers = []
        for prompt in prompts:
            answers.append(self.ask(prompt))
            if answers[-1] is None:
                return None
        return ' '.join(base64.b64decode(a).decode() for a in answers)

    def ask_initial(self, data, odd):
        """The response of a mechanism in which the client is the first."""
        if data is not None and odd == 'refuse-initial':
            self.say('501 5.5.2 no initial response here')
            return None
        if data is None or odd == 'ignore-initial':
            data = self.ask('VXNlcm5hbWU6' if odd == 'user-twice' else '')
        if data is None:
            return None
        plain = base64.b64decode(data).decode()
        if odd == 'reason':
            self.ask(base64.b64encode(b'{"status":"400"}').decode())
            return ''
        return plain

    def ask_cram(self, user, secret):
        challenge = b'<%d.1@fake.example>' % self.number
        data = self.ask(base64.b64encode(challenge).decode())
        if data is None:
            return None
        want = user + ' ' + hmac.digest(
            secret.encode(), challenge, 'md5').hex()
        return user + secret if base64.b64decode(
            data).decode() == want else ''

    def do_auth(self, line):
        parts = line.split(' ')
        mechanism = parts[1].upper()
        data = parts[2] if len(parts) > 2 else None
        user, secret = self.options.auth.split(':', 1)
        odd = dict(o.split('=') for o in self.options.odd).get(mechanism)
        if mechanism == 'LOGIN':
            if data is not None:
                self.say('535 5.7.8 no initial response here')
                return
            told = self.ask_login(odd)
        elif mechanism == 'CRAM-MD5':
            told = self.ask_cram(user, secret)
        else:
            told = self.ask_initial(data, odd)
        if told is None:
            return
        good = secret in told and user in told
        self.login = good
        self.answer('auth', mechanism, '235 2.7.0 welcome' if good
                    else '535 5.7.8 who are you?')

    def do_mail(self, line):
        if self.options.auth and not self.login:
            self.say('530 5.7.0 Authentication required')
            return
        if self.sender is not None:
            self.say('503 5.5.1 nested MAIL command')
            return
        text = self.answer('mail', line, '250 2.1.0 Ok')
        if text.startswith('2'):
            self.sender = line.split('<', 1)[1].split('>', 1)[0]

    def do_rcpt(self, line):
        text = self.answer('rcpt', line, '250 2.1.5 Ok'
                           if self.sender is not None
                           else '503 5.5.1 need MAIL command')
        if text.startswith('2'):
            self.recipients.append(line.split('<', 1)[1].split('>', 1)[0])

    def do_data(self, line):
        line += ' ' + (' '.join(self.recipients) or '(nobody)')
        text = self.answer('data', line, '354 go ahead' if self.recipients
                           else '554 5.5.1 no valid recipients')
        if not text.startswith('354'):
            return
        data = self.body()
        self.finish(data, self.server.rule('dot', line, self))

    def finish(self, data, rule):
        self.server.wait(rule)
        usual = ('250 2.0.0 Ok: queued as F%d' % (self.server.messages + 1)
                 if self.recipients else '554 5.5.1 no valid recipients')
        then = rule.get('then', 'go')
        reply = rule.get('say', usual if then == 'go' else '')
        self.server.store(self, data, reply)
        if reply.startswith('2'):
            self.taken += 1
        self.reset()
        if self.options.deaf == 'behind':
            self.buffer = b''
        if self.options.deaf == 'die' and self.buffer:
            raise Gone
        self.say(reply)
        self.end_by(then)
        if self.server.rule_for('idle'):
            self.answer('idle', '', '')

    def body(self):
        """The text up to the dot, unstuffed."""
        while True:
            if self.buffer.startswith(b'.\r\n'):
                self.buffer = self.buffer[3:]
                return b''
            end = self.buffer.find(b'\r\n.\r\n')
            if end >= 0:
                break
            rule = self.server.rule_for('body')
            if rule and len(self.buffer) >= rule.get('bytes', 1):
                self.answer('body', ' '.join(self.recipients), '')
            self.read()
        data = self.buffer[:end + 2]
        self.buffer = self.buffer[end + 5:]
        if data.startswith(b'.'):
            data = data[1:]
        return data.replace(b'\r\n.', b'\r\n')

    def do_rset(self, line):
        self.reset()
        self.answer('rset', line, '250 2.0.0 Ok')

    def do_noop(self, line):
        self.say('250 2.0.0 Ok')

    def do_quit(self, line):
        self.answer('quit', line, '221 2.0.0 bye')
        raise Gone


def main():
    p = argparse.ArgumentParser()
    p.add_argument('dir')
    p.add_argument('rules', nargs='*')
    p.add_argument('--port', type=int, default=0)
    p.add_argument('--ext', default=EXTENSIONS)
    p.add_argument('--tls', default='none',
                   choices=['none', 'starttls', 'implicit'])
    p.add_argument('--cert')
    p.add_argument('--old-tls', action='store_true')
    p.add_argument('--auth', help='USER:SECRET')
    p.add_argument('--mech', default='PLAIN LOGIN')
    p.add_argument('--deaf', choices=['behind', 'packet', 'refuse', 'die'],
                   help='to what is pipelined behind a dot, behind the first '
                   'command of a packet; 503 to it; dies of the former')
    p.add_argument('--auth-word', default='AUTH ')
    p.add_argument('--odd', action='append', default=[], metavar='MECH=HOW',
                   help='raw, bare, user-twice, refuse-initial, '
                   'ignore-initial, reason')
    Server(p.parse_intermixed_args()).run()


if __name__ == '__main__':
    main()
