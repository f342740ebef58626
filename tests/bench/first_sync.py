"""Runs a command until it succeeds, killing it on the way; says what it took.

usage: python3 first_sync.py KILLS MEAN_MS SEED COMMAND...

KILLS times it gets SIGKILL at a random moment, MEAN_MS after its start on
average; then it may finish. Prints, on one line: seconds in all, the most
memory (KiB, resident) that a run took, kills that struck, runs.
"""
import os
import random
import signal
import subprocess
import sys
import time


def run_once(command, limit_s):
    """The exit code (None: killed) and the peak of its memory in KiB."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    if limit_s is not None:
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                child.returncode = os.waitstatus_to_exitcode(status)
                return child.returncode, used.ru_maxrss
            time.sleep(0.005)
        os.kill(child.pid, signal.SIGKILL)
    _, status, used = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    child.returncode = code
    return (None if code < 0 else code), used.ru_maxrss


def main():
    kills, mean_ms, seed = (int(word) for word in sys.argv[1:4])
    command = sys.argv[4:]
    random.seed(seed)
    struck = runs = most = 0
    began = time.monotonic()
    while True:
        limit = 2 * random.random() * mean_ms / 1000 if struck < kills else None
        code, memory = run_once(command, limit)
        runs += 1
        most = max(most, memory)
        if code is None:
            struck += 1
        elif code != 0:
            sys.exit("run %d ended with %d" % (runs, code))
        else:
            break
    print("%.1f %d %d %d" % (time.monotonic() - began, most, struck, runs))


main()
