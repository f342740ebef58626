#!/usr/bin/env python3
"""many_peers.py - many connections of one address at once, for transport.sh.

    many_peers.py DIR DEVICE WEB     where serve_echo has its certificates,
                                     and listens

All tablets of a council may stand behind one router. Prints what it saw,
one line each.
"""
import socket
import ssl
import sys

TABLETS = 15     # COUNCIL_TABLETS of serve_echo.c
EACH = 15        # together more than CONN_PER_ADDRESS_MAX
DEVICE_MAX = 16  # CONN_PER_DEVICE_MAX
ADDRESS_MAX = 200
folder, device, web = sys.argv[1:]


def connect(where):
    host, port = where.rsplit(":", 1)
    return socket.create_connection((host, int(port)), 20)


def context(tablet):
    made = ssl.create_default_context(cafile=folder + "/tls/devices.ca.pem")
    if tablet is not None:
        name = "%s/tls/tablet%d" % (folder, tablet)
        made.load_cert_chain(name + ".chain.pem", name + ".key.pem")
    return made


def answered(conn):
    """Asks over it; it stays open. False: it was closed instead."""
    try:
        conn.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        return conn.recv(4096).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def opened(where, tablet):
    return context(tablet).wrap_socket(connect(where),
                                       server_hostname="127.0.0.1")


def is_closed(conn):
    conn.settimeout(20)
    try:
        return conn.recv(1) == b""
    except ConnectionError:
        return True


conns = [opened(device, n) for n in range(TABLETS) for _ in range(EACH)]
print("tablets answered: %d of %d" %
      (sum(answered(c) for c in conns), len(conns)))
print("the console beside them:", answered(opened(web, None)))

conns += [opened(device, 0) for _ in range(DEVICE_MAX - EACH)]
print("one tablet's last: %s, one more: %s" %
      (answered(conns[-1]), answered(opened(device, 0))))

# Who doesn't say who it is.
silent = [connect(device) for _ in range(ADDRESS_MAX + 1)]
print("one silent too many is closed:", is_closed(silent[-1]))
for conn in silent:
    conn.close()
while True:  # the server sees them go
    try:
        if answered(opened(web, None)):
            break
    except OSError:
        pass
