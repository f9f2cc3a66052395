#!/usr/bin/python3
"""A connection that breaks at the dot: cut-proxy.py DIR PORT BEFORE BEHIND

Forwards to 127.0.0.1:PORT; its own port goes to DIR/port. The connection ends
before the dot of a message to one of the recipients BEFORE reaches the server
(in the text, just before it), or when the server has taken the message to one
of BEHIND, whose reply is dropped. Recipients are the local parts, with commas
between them. The client does not know which of the two it was.
"""
import os
import re
import socket
import sys
import threading

END = b'\r\n.\r\n'


def pump_replies(server, client, state):
    """Replies go on, but those behind the dot that is cut."""
    while data := server.recv(65536):
        if state['cut']:
            state['taken'].set()
            continue
        try:
            client.sendall(data)
        except OSError:
            break
    state['taken'].set()


def serve(client, port, before, behind):
    server = socket.create_connection(('127.0.0.1', port))
    state = {'cut': False, 'taken': threading.Event()}
    threading.Thread(target=pump_replies, args=(server, client, state),
                     daemon=True).start()
    seen = b''
    while data := client.recv(65536):
        seen += data
        to = re.findall(rb'RCPT TO:<([^@>]*)@', seen)
        ended = END in seen[-len(data) - len(END):]
        who = to[0] if to else b''
        if ended and who in before:
            break
        if ended and who in behind:
            state['cut'] = True
            server.sendall(data[:data.rindex(END[2:]) + 3])
            state['taken'].wait(20)
            break
        if ended:
            seen = seen[seen.rindex(END) + len(END):]
        server.sendall(data)
    server.close()
    client.close()


def main():
    where, port = sys.argv[1], int(sys.argv[2])
    before, behind = (arg.encode().split(b',') for arg in sys.argv[3:5])
    listener = socket.create_server(('127.0.0.1', 0))
    os.makedirs(where, exist_ok=True)
    with open(where + '/port.new', 'w') as f:
        f.write(str(listener.getsockname()[1]))
    os.rename(where + '/port.new', where + '/port')
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, port, before, behind),
                         daemon=True).start()


if __name__ == '__main__':
    main()
