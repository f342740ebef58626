#!/usr/bin/env python3
"""bad_peer.py - servers and networks that misbehave, for bad_input.sh.

    bad_peer.py serve PORT CHAIN KEY MODE   a server with that certificate;
        MODE: page redirect login cut short indefinite bomb huge close plain
    bad_peer.py proxy BYTES TIMES WAY       a CONNECT proxy on any port, that
        cuts the first TIMES connections after BYTES went WAY (up or down)
    bad_peer.py key DB OUT                  the issuing authority's key, PEM
    bad_peer.py admit DB CERT DEVICE        let that certificate in
    bad_peer.py exchange DEVICE VERSION     an exchange without events
    bad_peer.py spoil FILE OFFSET LENGTH    turn every bit of a piece

The first two print "ready PORT" and run until they are killed.
"""
import base64
import hashlib
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading


def answer(kind, body, status="200 OK", more=""):
    head = "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s" \
           "Connection: close\r\n\r\n" % (status, kind, len(body), more)
    return head.encode() + body


def squeezed(size):
    return subprocess.run(["zstd", "-q", "-19", "-c"], check=True,
                          input=bytes(size), stdout=subprocess.PIPE).stdout


def answers(mode):
    page = b"<html><body>Welcome to Free WiFi. Sign in.</body></html>"
    if mode == "page":
        return answer("text/html", page)
    if mode == "redirect":
        return answer("text/html", page, "302 Found",
                      "Location: https://127.0.0.1:9/login\r\n")
    if mode == "login":  # RFC 6585, 6
        return answer("text/html", page,
                      "511 Network Authentication Required")
    if mode == "cut":  # a map that ends inside its first value
        return answer("application/cbor", bytes.fromhex("ab010102"))
    if mode == "short":  # the body is shorter than it claims
        return answer("application/cbor", bytes(4000))[:-3000]
    if mode == "indefinite":  # not canonical
        return answer("application/cbor", bytes.fromhex("bf0101ff"))
    if mode == "bomb":
        return answer("application/zstd", squeezed(64 * 1024 * 1024))
    if mode == "huge":
        return answer("application/cbor", bytes(64 * 1024 * 1024))
    return b""


def read_request(conn):
    got = b""
    while b"\r\n\r\n" not in got:
        piece = conn.recv(65536)
        if not piece:
            return
        got += piece
    head, _, rest = got.partition(b"\r\n\r\n")
    want = 0
    for line in head.decode("latin-1").lower().split("\r\n"):
        if line.startswith("content-length:"):
            want = int(line.split(":")[1])
    while len(rest) < want:
        piece = conn.recv(65536)
        if not piece:
            return
        rest += piece


def serve(port, chain, key, mode):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    listener = socket.create_server(("127.0.0.1", port))
    print(f"ready {listener.getsockname()[1]}", flush=True)
    reply = answers(mode)
    while True:
        conn, _ = listener.accept()
        try:
            if mode == "plain":
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            else:
                conn = context.wrap_socket(conn, server_side=True)
                read_request(conn)
                conn.sendall(reply)
        except OSError:
            pass
        finally:
            conn.close()




def carry(source, sink, budget):
    """Bytes one way; `budget` is a list of one number, None: no end."""
    try:
        while True:
            piece = source.recv(16384)
            if not piece:
                break
            if budget is not None:
                piece = piece[:budget[0]]
                budget[0] -= len(piece)
            sink.sendall(piece)
            if budget is not None and budget[0] <= 0:
                break
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def proxy(limit, times, way):
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"ready {listener.getsockname()[1]}", flush=True)
    while True:
        conn, _ = listener.accept()
        head = b""
        while b"\r\n\r\n" not in head:
            piece = conn.recv(4096)
            if not piece:
                break
            head += piece
        if not head.startswith(b"CONNECT "):
            conn.close()
            continue
        host, _, port = head.split()[1].decode().rpartition(":")
        try:
            far = socket.create_connection((host, int(port)))
        except OSError:
            conn.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            conn.close()
            continue
        conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        budget = [limit] if times > 0 else None
        times -= 1
        for source, sink, mine in ((conn, far, way == "up"),
                                   (far, conn, way == "down")):
            threading.Thread(target=carry, daemon=True, args=(
                source, sink, budget if mine else None)).start()


def issuing_key(db, out):
    scalar = sqlite3.connect(db).execute(
        "SELECT value FROM meta WHERE name = 'ca-issuer-key'").fetchone()[0]
    # RFC 5915 with the curve's name, prime256v1
    der = bytes.fromhex("30310201010420") + scalar + \
        bytes.fromhex("a00a06082a8648ce3d030107")
    text = base64.b64encode(der).decode()
    with open(out, "w") as f:
        f.write("-----BEGIN EC PRIVATE KEY-----\n%s\n%s\n"
                "-----END EC PRIVATE KEY-----\n" % (text[:64], text[64:]))


def admit(db, cert, device):
    with open(cert) as f:
        first, end, _ = f.read().partition("-----END CERTIFICATE-----")
    der = ssl.PEM_cert_to_DER_cert(first + end)
    base = sqlite3.connect(db)
    council = base.execute("SELECT council FROM council").fetchone()[0]
    with base:
        base.execute("INSERT INTO certificate VALUES (?, ?, ?, 0, ?, 0)",
                     (council, hashlib.sha256(der).digest(),
                      bytes.fromhex(device.replace("-", "")), 1 << 52))


def exchange(device, version):
    """core/PROTOCOL.md: the fields that an exchange must have."""
    out = bytes([0xa9, 1, version]) + b"\x02\x50" + \
        bytes.fromhex(device.replace("-", "")) + b"\x03\x50" + bytes(16) + \
        b"\x04\x00\x05\x58\x20" + bytes(32) + \
        b"\x07\x80\x08\x80\x0c\x01\x0d\x19\x10\x00"
    sys.stdout.buffer.write(out)


def spoil(path, offset, length):
    with open(path, "r+b") as f:
        f.seek(offset)
        piece = f.read(length)
        f.seek(offset)
        f.write(bytes(b ^ 0xff for b in piece))


def main(args):
    if args[0] == "serve":
        serve(int(args[1]), args[2], args[3], args[4])
    elif args[0] == "proxy":
        proxy(int(args[1]), int(args[2]), args[3])
    elif args[0] == "key":
        issuing_key(args[1], args[2])
    elif args[0] == "admit":
        admit(args[1], args[2], args[3])
    elif args[0] == "exchange":
        exchange(args[1], int(args[2]))
    elif args[0] == "spoil":
        spoil(args[1], int(args[2]), int(args[3]))
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
