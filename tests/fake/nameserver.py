#!/usr/bin/python3
"""A DNS server for a command: nameserver.py ZONE COMMAND [ARGUMENT...]

ZONE is a zone file; names have a final dot. The server answers on
127.0.0.1:53, where the command's resolver looks for it: run it so that both
have a network and an /etc/resolv.conf of their own, as with-dns does. What a
UDP answer of 512 bytes cannot hold is cut, so that the resolver asks by TCP. A
name under servfail. gets SERVFAIL.
"""
import fcntl
import socket
import socketserver
import struct
import subprocess
import sys
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.zone


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack("16sh14x", b"lo", 1)  # IFF_UP
        fcntl.ioctl(s, 0x8914, request)  # SIOCSIFFLAGS


def answer(zone, wire, room):
    query = dns.message.from_wire(wire)
    reply = dns.message.make_response(query)
    question = query.question[0]
    name = dns.name.from_text(question.name.to_text().lower())
    if name.is_subdomain(dns.name.from_text("servfail.")):
        reply.set_rcode(dns.rcode.SERVFAIL)
        return reply.to_wire()
    for _ in range(8):
        node = zone.get_node(name)
        if node is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            break
        found = node.get_rdataset(question.rdclass, question.rdtype)
        alias = node.get_rdataset(question.rdclass, dns.rdatatype.CNAME)
        for rdataset in filter(None, (found, alias)):
            rrset = reply.find_rrset(
                reply.answer, name, question.rdclass, rdataset.rdtype,
                create=True)
            for rdata in rdataset:
                rrset.add(rdata, rdataset.ttl)
        if found or not alias:
            break
        name = alias[0].target
    out = reply.to_wire()
    if len(out) <= room:
        return out
    reply.answer = []
    reply.flags |= dns.flags.TC
    return reply.to_wire()


def main():
    raise_loopback()
    with open(sys.argv[1]) as f:
        zone = dns.zone.from_text(
            "$TTL 60\n" + f.read(), origin=".", relativize=False,
            check_origin=False)

    class Udp(socketserver.BaseRequestHandler):
        def handle(self):
            wire, sock = self.request
            sock.sendto(answer(zone, wire, 512), self.client_address)

    class Tcp(socketserver.BaseRequestHandler):
        def handle(self):
            head = self.request.recv(2, socket.MSG_WAITALL)
            size, = struct.unpack("!H", head)
            wire = answer(
                zone, self.request.recv(size, socket.MSG_WAITALL), 65535)
            self.request.sendall(struct.pack("!H", len(wire)) + wire)

    for kind, handler in ((socketserver.ThreadingUDPServer, Udp),
                          (socketserver.ThreadingTCPServer, Tcp)):
        kind.daemon_threads = True
        server = kind(("127.0.0.1", 53), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.exit(subprocess.run(sys.argv[2:]).returncode)


main()
