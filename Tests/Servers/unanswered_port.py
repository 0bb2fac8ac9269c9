#!/usr/bin/env python3
"""unanswered_port.py

A port on which connecting neither succeeds nor fails, as behind a firewall that drops packets: a socket that listens with a
full queue. Prints "listening PORT" and ends with its standard input."""
import socket
import sys

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
waiting = []
for _ in range(4):
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(listener.getsockname())
    waiting.append(client)
print("listening", listener.getsockname()[1], flush=True)
sys.stdin.read()
