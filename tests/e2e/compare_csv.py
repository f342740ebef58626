#!/usr/bin/env python3
"""Compare an export with the files that were imported, field by field.

usage: compare_csv.py RECORDS.csv ORIGINAL.csv...
       compare_csv.py --field NAME RECORDS.csv RECORD_ID

Reads both with Python's own CSV reader, which we did not write. Rows are
compared as multisets: equal rows are separate incidents.
"""
import collections
import csv
import sys

COLUMNS = {
    "Crime ID": "crime_id",
    "Month": "month",
    "Reported by": "reported_by",
    "Falls within": "falls_within",
    "Longitude": "longitude",
    "Latitude": "latitude",
    "Location": "location",
    "LSOA code": "lsoa_code",
    "LSOA name": "lsoa_name",
    "Crime type": "crime_type",
    "Last outcome category": "last_outcome_category",
    "Context": "context",
}


def columns_of(header):
    """The place of each imported column; a name may stand twice (longitude
    is also a fixed column): the form's own is the last. None for a column
    that the export leaves out because nobody filled it."""
    places = {}
    for original, key in COLUMNS.items():
        found = [i for i, name in enumerate(header) if name == key]
        places[original] = found[-1] if found else None
    return places


def cell(row, place):
    return "" if place is None else row[place]


def exported(path):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        places = columns_of(header)
        form = header.index("form")
        for row in reader:
            if row[form] == "police_uk_import":
                yield tuple(cell(row, places[name]) for name in COLUMNS)


def original(paths):
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield tuple(row[name] for name in COLUMNS)


def field(name, path, record):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        header = next(reader)
        for row in reader:
            if row[0] == record:
                original_name = {v: k for k, v in COLUMNS.items()}[name]
                print(cell(row, columns_of(header)[original_name]))
                return
    sys.exit(f"no record {record}")


def main(argv):
    if argv[1] == "--field":
        field(*argv[2:5])
        return
    got = collections.Counter(exported(argv[1]))
    want = collections.Counter(original(argv[2:]))
    missing = want - got
    extra = got - want
    print(f"{sum(want.values())} rows imported, {sum(got.values())} exported, "
          f"{sum(missing.values())} missing, {sum(extra.values())} extra, "
          f"{sum(want.values()) - len(want)} equal rows kept apart")
    for row in list(missing)[:3]:
        print("missing:", row)
    for row in list(extra)[:3]:
        print("extra:", row)
    if missing or extra or not want:
        sys.exit(1)


main(sys.argv)
