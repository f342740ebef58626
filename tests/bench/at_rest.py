"""at_rest.py - what programs cost while nobody touches them.

usage: at_rest.py SECONDS PID...
Prints a line for each: the median of windows of 3 s in per cent of one
processor, which is what top shows; the mean of all; how often its threads
were woken, a second.
"""
import os
import sys
import time

WINDOW = 3  # seconds: top's own


def spent(pid):
    ns = woken = 0
    for task in os.listdir("/proc/%s/task" % pid):
        folder = "/proc/%s/task/%s/" % (pid, task)
        with open(folder + "schedstat") as f:
            ns += int(f.read().split()[0])
        with open(folder + "status") as f:
            woken += sum(int(line.split()[1]) for line in f
                         if "ctxt_switches" in line)
    return time.monotonic(), ns, woken


def main():
    pids = sys.argv[2:]
    seen = {pid: [spent(pid)] for pid in pids}
    for _ in range(max(1, int(sys.argv[1]) // WINDOW)):
        time.sleep(WINDOW)
        for pid in pids:
            seen[pid].append(spent(pid))
    for pid in pids:
        s = seen[pid]
        shares = sorted((b[1] - a[1]) / (b[0] - a[0]) / 1e7
                        for a, b in zip(s, s[1:]))
        whole = s[-1][0] - s[0][0]
        print("%.4f %.4f %.2f" % (shares[len(shares) // 2],
                                  (s[-1][1] - s[0][1]) / whole / 1e7,
                                  (s[-1][2] - s[0][2]) / whole))


main()
