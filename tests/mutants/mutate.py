"""mutate.py - a small mutator: how much of the code do the tests hold to?

usage: python3 tests/mutants/mutate.py [--sample N] [--seed S] [--jobs J]
           [--sim SEEDS] [--sweep RUNS] [--keep FILE] [--list] [FILE...]
(FILE: the files of PARTS)

Makes one change at a time in a copy of the tree (an operator, a constant,
a condition turned round, a call left out), builds the tests that reach it
and runs them until one fails, or leaks; then the simulator's first seeds,
then some tests with each call failing (tests/torture). Prints a line a
mutant and a table a part. What fails once must fail twice, and a limit is of
the processor's time, many times what the tree itself takes: a loaded machine
kills nothing. Not counted: what doesn't build; what waited half an hour
without working; a change that `equivalent.txt` names, with its reason. --keep writes each end into a file; what stands there
already is not judged again. Exit code 1 when less than 90 % of what counts
was killed.
"""

import argparse
import collections
import concurrent.futures
import filecmp
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading

PARTS = {
    "sync": ["core/sync.c", "core/sync_push.c", "core/sync_pull.c",
             "core/sync_blob.c", "core/sync_blob_down.c",
             "core/sync_blob_parcel.c"],
    "chain": ["core/event.c", "core/hlc.c", "core/evlog.c",
              "core/evlog_append.c", "core/evlog_receive.c",
              "core/evlog_restart.c", "core/evlog_sync.c"],
    "store": ["core/store.c", "core/store_blobs.c", "core/store_parcels.c",
              "core/store_sync.c", "core/store_check.c"],
    "merge": ["core/merge.c", "core/project.c", "core/project_index.c"],
}

# Asked in this order, those first that killed most in the same file so far.
TESTS = """test_event test_event_bad test_merge test_evlog test_evlog_receive
test_evlog_restart test_store test_project test_sync_answers test_sync_rhythm
test_sync_parcel test_conflict test_photos test_exchange test_restored test_order test_records
test_tablet test_hold test_erase test_prune test_audience test_holders
test_blobs test_handover test_salvage test_backup""".split()

# Asked last, their calls failing: what only shows when something is refused.
SWEEPS = """test_store test_evlog test_sync_answers test_event_bad
test_conflict""".split()

GOAL = 90  # per cent, of those that build and can be seen
WALL_SECONDS = 1800  # then nobody knows: not counted
CPU_TIMES, CPU_SECONDS = 10, 20  # limit: times what is healthy, and seconds
NOT_COUNTED = ("no build", "unclear", "equivalent")

SWAPS = [
    (r" == ", " != "), (r" != ", " == "),
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "),
    (r" && ", " || "), (r" \|\| ", " && "),
    (r" \+ ", " - "), (r" - ", " + "), (r"\+\+", "--"), (r" \+= ", " -= "),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\breturn ERR_(?!OK\b)\w+;", "return ERR_OK;"),
    (r"(?<=[ (=])0(?=[;,) ])", "1"), (r"(?<=[ (=])1(?=[;,) ])", "0"),
    (r"\bif \((?!\!\()", None),
    (r"^ +(?!return|goto|break|continue|case|default|ASSERT)"
     r"[a-z]\w*(?:->\w+|\.\w+)* ?(?:\(.*\)| [-+|&]?= .*);$", ";"),
]
DECLARATION = re.compile(
    r"^\s*(?:static|const|struct|enum|union|unsigned|bool|int|char|size_t|"
    r"void|u?int\d+_t|\w+_t)\s+\**\w+.*[;,{]?$")


def blank(text):
    """The code with comments, strings and #lines as spaces."""
    dull = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"|"
                      r"'(?:\\.|[^'\\])*'|^#(?:[^\n]*\\\n)*[^\n]*",
                      re.S | re.M)
    return dull.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def turned(line, at):
    """`if (` at `at` with its condition turned round, or None."""
    depth, begin = 0, at + len("if ")
    for i in range(begin, len(line)):
        depth += {"(": 1, ")": -1}.get(line[i], 0)
        if depth == 0:
            cond = line[begin:i + 1]
            return line[:begin] + "(!" + cond + ")" + line[i + 1:]
    return None


def mutants_of(file, text):
    """Yields (file, line number, line as written, line as it becomes)."""
    lines = text.split("\n")
    for n, bare in enumerate(blank(text).split("\n")):
        line = lines[n]
        if "ASSERT" in bare or not bare.startswith(" "):
            continue
        for pattern, new in SWAPS:
            for m in re.finditer(pattern, bare):
                if new is None:
                    out = turned(line, m.start())
                elif "for (" in bare and new == "--":
                    continue  # hangs or crashes for sure
                elif new == ";":
                    if DECLARATION.match(bare):
                        continue
                    out = re.match(r" *", line).group() + ";"
                else:
                    out = line[:m.start()] + new + line[m.end():]
                if out and out != line:
                    yield file, n + 1, line, out


class Unclear(Exception):
    """A child waited for too long without working."""


def run(args, log, env=None, cpu=0):
    """Its exit code and the seconds of processor that it took."""
    if cpu:
        args = ["sh", "-c", 'ulimit -S -t "$0"; exec "$@"', str(cpu)] + args
    with open(log, "ab") as out:
        child = subprocess.Popen(args, stdout=out, stderr=out,
                                 env={**os.environ, **(env or {})},
                                 start_new_session=True)
        alarm = threading.Timer(WALL_SECONDS, os.killpg, (child.pid, 9))
        alarm.start()
        _, status, usage = os.wait4(child.pid, 0)
        is_over = not alarm.is_alive()
        alarm.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    if is_over:
        raise Unclear
    return child.returncode, usage.ru_utime + usage.ru_stime


def copy_tree(top, to):
    """What git knows; a file that is the same already isn't touched."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=top, check=True,
                           stdout=subprocess.PIPE).stdout
    for name in filter(None, names.decode().split("\0")):
        old, new = top / name, to / name
        if not new.exists() or not filecmp.cmp(old, new, shallow=False):
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(old, new)


class Bench:
    """One copy of the tree with its build folder."""

    def __init__(self, top, folder, args, kills):
        self.src, self.build = folder / "src", folder / "build"
        self.log, self.args, self.healthy = folder / "log", args, {}
        self.kills = kills
        self.env = {"CCACHE_NOHASHDIR": "1", "CCACHE_BASEDIR": str(folder),
                    "LSAN_OPTIONS":
                    f"suppressions={self.src / 'tests/lsan.txt'}",
                    "TORTURE_WHAT": "calls",
                    "TORTURE_BUDGET": str(args.sweep)}
        self.src.mkdir(parents=True, exist_ok=True)
        self.log.write_bytes(b"")
        copy_tree(top, self.src)
        linker = ["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld"]
        run(["cmake", "-G", "Ninja", "-S", self.src, "-B", self.build,
             "-DBEATBOOK_WERROR=OFF", "-DBEATBOOK_SANITIZE=leak"] +
            (linker if shutil.which("ld.lld") else []), self.log, self.env)

    def made(self):
        targets = ["tests/" + t for t in TESTS]
        targets += ["tests/sim_stub"] if self.args.sim else []
        return self.build_all(targets)

    def build_all(self, targets):
        return run(["ninja", "-C", self.build] + targets, self.log,
                   self.env)[0] == 0

    def fails(self, name, args):
        """Twice, that is: once may be the machine; no end is no chance."""
        for _ in range(2):
            cpu = self.healthy.get(name)
            limit = int(CPU_TIMES * cpu + CPU_SECONDS) if cpu else 0
            code, took = run(args, self.log, self.env, limit)
            if code == 0:
                self.healthy.setdefault(name, took)
                return False
            if code == -signal.SIGXCPU:
                break
        return True

    def sweeper(self):
        """The first sweep in which something crashes, or None."""
        names = ["sweep_" + t for t in SWEEPS]
        if not self.build_all(["torture/" + n for n in names]):
            return "sweeps: no build"
        for name in names:
            if self.fails(name, [self.build / "torture" / name]):
                return name
        return None

    def killer(self, file):
        """The name of the first test that fails, or None."""
        for test in sorted(TESTS, key=lambda t: -self.kills[file, t]):
            if self.fails(test, [self.build / "tests" / test]):
                return test
        if self.args.sim and self.fails(
                "sim_stub", [self.build / "tests/sim_stub", "--seed", "1",
                             "--runs", str(self.args.sim), "--first"]):
            return "sim_stub"
        return self.sweeper() if self.args.sweep else None

    def judge(self, mutant):
        file, n, line, out = mutant
        path = self.src / file
        whole = path.read_text(encoding="utf-8")
        lines = whole.split("\n")
        lines[n - 1] = out
        path.write_text("\n".join(lines), encoding="utf-8")
        try:
            end = self.killer(file) or "SURVIVED" if self.made() else "no build"
            self.kills[file, end] += 1
            return end
        except Unclear:
            return "unclear"
        finally:
            path.write_text(whole, encoding="utf-8")


def known_equivalents(folder):
    path = folder / "equivalent.txt"
    rows = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    rows = [r.split(" | ") for r in rows if r and not r.startswith("#")]
    return {tuple(x.strip() for x in r[:3]) for r in rows if len(r) == 4}


def judge_all(chosen, benches):
    """Each mutant on the first bench that is free; yields as they end."""
    free, gate = list(benches), threading.Lock()

    def one(mutant):
        with gate:
            bench = free.pop()
        try:
            return mutant, bench.judge(mutant)
        finally:
            with gate:
                free.append(bench)

    with concurrent.futures.ThreadPoolExecutor(len(benches) or 1) as pool:
        for done in concurrent.futures.as_completed(
                [pool.submit(one, m) for m in chosen]):
            yield done.result()


def drawn(files, top, seed):
    """All mutants, shuffled so that a change elsewhere moves none of them."""
    keys = {}
    for f in files:
        for m in mutants_of(f, (top / f).read_text(encoding="utf-8")):
            key, nth = (f, m[2].strip(), m[3].strip()), 0
            while key + (nth,) in keys:
                nth += 1
            keys[key + (nth,)] = m
    order = sorted(keys, key=lambda k: hashlib.sha256(
        repr((seed,) + k).encode()).digest())
    return [("\t".join(map(str, k)), keys[k]) for k in order]


def tell(results):
    """Prints the table; returns the share killed, per cent."""
    print("| part | mutants | killed | survived | not counted |")
    print("|---|---|---|---|---|")
    killed_all = counted_all = 0
    part_of = {f: p for p, files in PARTS.items() for f in files}
    for part in list(PARTS) + ["other"]:
        ends = [e for m, e in results if part_of.get(m[0], "other") == part]
        if not ends:
            continue
        out = sum(e in NOT_COUNTED for e in ends)
        survived = ends.count("SURVIVED")
        killed = len(ends) - out - survived
        killed_all += killed
        counted_all += killed + survived
        share = 100 * killed / max(1, killed + survived)
        print(f"| {part} | {killed + survived} | {killed} ({share:.0f} %) | "
              f"{survived} | {out} |")
    share = 100 * killed_all / max(1, counted_all)
    print(f"killed {killed_all} of {counted_all}: {share:.1f} % (goal {GOAL} %)")
    return share


def kept(path):
    """Ends of before, by a mutant's name."""
    if path is None or not path.exists():
        return {}
    rows = path.read_text(encoding="utf-8").split("\n")
    return dict(reversed(r.split("\t", 1)) for r in rows if r)


def options():
    arg = argparse.ArgumentParser()
    arg.add_argument("--sample", type=int, default=100)
    arg.add_argument("--seed", type=int, default=1)
    arg.add_argument("--jobs", type=int, default=os.cpu_count())
    arg.add_argument("--sim", type=int, default=40)
    arg.add_argument("--sweep", type=int, default=20)  # runs of each test
    arg.add_argument("--keep", type=pathlib.Path)
    arg.add_argument("--list", action="store_true")
    arg.add_argument("files", nargs="*")
    return arg.parse_args()


def benches_of(top, args):
    folder = pathlib.Path(os.environ.get("BEATBOOK_BUILD", top / "build"))
    kills = collections.Counter()
    benches = [Bench(top, folder.resolve() / "mutants" / f"bench{j}", args,
                     kills) for j in range(args.jobs)]
    for bench in benches:
        if not bench.made() or bench.killer(None):
            print(f"the tree itself fails: see {bench.log}", file=sys.stderr)
            sys.exit(2)
    return benches


def line_of(mutant, end):
    file, n, line, out = mutant
    return f"{end:16} {file}:{n}: {line.strip()}  ->  {out.strip()}"


def main():
    args = options()
    top = pathlib.Path(__file__).resolve().parents[2]
    files = args.files or [f for part in PARTS.values() for f in part]
    every = drawn(files, top, args.seed)
    chosen = every[:args.sample]
    print(f"{len(chosen)} of {len(every)} mutants, seed {args.seed}",
          flush=True)
    skip, before = known_equivalents(top / "tests/mutants"), kept(args.keep)
    results, todo, name_of = [], [], {}
    for name, mutant in chosen:
        end = before.get(name)
        if (mutant[0], mutant[2].strip(), mutant[3].strip()) in skip:
            end = "equivalent"
        name_of[mutant] = name
        if end or args.list:
            results.append((mutant, end or ""))
            print(line_of(mutant, end or ""))
        else:
            todo.append(mutant)
    if args.list:
        return 0
    for mutant, end in judge_all(todo, benches_of(top, args) if todo else []):
        results.append((mutant, end))
        print(line_of(mutant, end), flush=True)
        if args.keep:
            with open(args.keep, "a", encoding="utf-8") as out:
                out.write(f"{end}\t{name_of[mutant]}\n")
    return 0 if tell(results) >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
