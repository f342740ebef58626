#!/usr/bin/env python3
"""cut_proxy.py - a CONNECT proxy on any port that cuts once, for cuts.sh.

    cut_proxy.py up|down BYTES    cut after BYTES of all that went that way,
                                  once, by a reset; 0: never

Prints "ready PORT", and after each connection the totals "up N", "down N".
"""
import selectors
import socket
import struct
import sys
import threading


class Line:
    def __init__(self, way, limit):
        self.way, self.limit = way, limit
        self.count = {"up": 0, "down": 0}
        self.lock = threading.Lock()

    def allow(self, way, size):
        """How many of `size` bytes may pass; fewer: cut behind them."""
        with self.lock:
            passes = size
            if self.limit and way == self.way and \
                    self.count[way] + size > self.limit:
                passes = self.limit - self.count[way]
                self.limit = 0
            self.count[way] += passes
            return passes


def reset(*sockets):
    for s in sockets:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack("ii", 1, 0))
        s.close()


def connect(client):
    head = b""
    while b"\r\n\r\n" not in head:
        piece = client.recv(1)
        if not piece:
            return None
        head += piece
    host, port = head.split()[1].decode().rsplit(":", 1)
    server = socket.create_connection((host.strip("[]"), int(port)))
    client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    return server


def relay(line, client, server):
    ways = selectors.DefaultSelector()
    ways.register(client, selectors.EVENT_READ, ("up", server))
    ways.register(server, selectors.EVENT_READ, ("down", client))
    while True:
        for key, _ in ways.select():
            way, to = key.data
            data = key.fileobj.recv(65536)
            passes = line.allow(way, len(data))
            to.sendall(data[:passes])
            if not data or passes < len(data):
                return bool(data)


def serve(line, client):
    server = None
    try:
        server = connect(client)
        if server and relay(line, client, server):
            reset(client, server)
    except OSError:
        pass
    for s in (client, server):
        if s:
            s.close()


def main():
    line = Line(sys.argv[1], int(sys.argv[2]))
    door = socket.create_server(("127.0.0.1", 0))
    print(f"ready {door.getsockname()[1]}", flush=True)
    while True:
        client = door.accept()[0]
        thread = threading.Thread(target=report, args=(line, client))
        thread.daemon = True
        thread.start()


def report(line, client):
    serve(line, client)
    print("up %(up)d\ndown %(down)d" % line.count, flush=True)


main()
