#!/usr/bin/env python3
"""Change a bundle in every file and see that the verifier names it.

usage: tamper.py [--few] VERIFY BUNDLE ANCHOR
       tamper.py --only RECORD BUNDLE ALL_RECORDS.csv

The first form makes, for each file, one flipped, one missing, one added and
two swapped bytes at several places (--few: at one), takes the file away and
adds one. Each must end with 1, and the output must name the file. The
second form looks for words of other records in a bundle of one.
"""
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile


def files_of(folder):
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(root, name)
            yield os.path.relpath(path, folder)


def verify(program, folder, anchor):
    done = subprocess.run([program, folder, "--anchor", anchor],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def changes(data, places):
    for at in places:
        flipped = bytearray(data)
        flipped[at] ^= 1 << random.randrange(8)
        yield f"flipped byte {at}", bytes(flipped)
        yield f"missing byte {at}", data[:at] + data[at + 1:]
        yield f"added byte {at}", data[:at] + b"\x00" + data[at:]
        other = next((i for i in range(at + 1, len(data))
                      if data[i] != data[at]), None)
        if other is not None:
            moved = bytearray(data)
            moved[at], moved[other] = moved[other], moved[at]
            yield f"moved bytes {at} and {other}", bytes(moved)


def tamper(program, bundle, anchor, few):
    random.seed(20261016)
    tried = 0
    with tempfile.TemporaryDirectory() as temp:
        copy = os.path.join(temp, "bundle")
        shutil.copytree(bundle, copy)
        code, out = verify(program, copy, anchor)
        assert code == 0, out

        def expect(what, name):
            code, out = verify(program, copy, anchor)
            if code != 1 or name not in out:
                sys.exit(f"{name}: {what}: exit {code}\n{out}")

        for name in files_of(bundle):
            path = os.path.join(copy, name)
            with open(path, "rb") as file:
                data = file.read()
            count = min(len(data), 1 if few else 12)
            places = sorted(random.sample(range(len(data)), count))
            for what, changed in changes(data, places):
                with open(path, "wb") as file:
                    file.write(changed)
                expect(what, name)
                tried += 1
            os.remove(path)
            expect("missing", name)
            with open(path, "wb") as file:
                file.write(data)
            tried += 1
        with open(os.path.join(copy, "extra.txt"), "wb") as file:
            file.write(b"x")
        expect("added", "extra.txt")
    print(f"{tried + 1} changes, each named")


def only(record, bundle, records):
    blob = b"".join(open(os.path.join(bundle, n), "rb").read()
                    for n in files_of(bundle))
    with open(records, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    header, rows = rows[0], rows[1:]
    own = next(row for row in rows if row[0] == record)
    crime = len(header) - 1 - header[::-1].index("crime_id")
    shown = 0
    looked = 0
    for row in rows:
        if row[0] == record:
            continue
        ids = [row[0].replace("-", "")]
        looked += 1
        if bytes.fromhex(ids[0]) in blob:
            shown += 1
        if len(row[crime]) == 64 and row[crime] != own[crime] and \
                row[crime].encode() in blob:
            shown += 1
    print(f"{looked} other records looked for, {shown} found")
    if shown or not looked:
        sys.exit(1)


def main(argv):
    if argv[1] == "--only":
        only(*argv[2:5])
        return
    few = argv[1] == "--few"
    tamper(*argv[1 + few:4 + few], few)


main(sys.argv)
