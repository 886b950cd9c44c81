"""Read damaged inputs with every parser: ``python scripts/fuzz.py --inputs 100000 --seed 1`` (some minutes on a core).

An input must be read, or refused with what is wrong, within a second of processor time and 500 MB, and nothing may be
written outside the folder given.  Prints inputs, refusals, slowest input and faults by parser; status 1 for faults.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hostile.parsers import parsers
from tests.hostile.trial import limit_memory, trial


def main() -> int:
    arguments = parsed()
    warnings.simplefilter("error")
    chosen = {name: parser for name, parser in parsers().items() if arguments.only in name}
    shares = sum(parser.share for parser in chosen.values())
    total, faults = Counter[str](), 0
    print(f"seed {arguments.seed}\n{'parser':28} {'inputs':>8} {'read':>8} {'refused':>8} {'faults':>7} {'slowest':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for parser in chosen.values():
            for sound in parser.sound:
                trial(parser, sound, Path(folder))
        limit_memory()
        for name, parser in chosen.items():
            count = max(round(arguments.inputs * parser.share / shares + 0.5), 1)
            found = tried(name, count, arguments.seed, Path(folder))
            faults += found["fault"]
            total += Counter({key: found[key] for key in ("read", "refused", "fault")})
    print(f"{'all':28} {sum(total.values()):8,} {total['read']:8,} {total['refused']:8,} {total['fault']:7,}")
    print(f"largest resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return bool(faults)


def tried(name: str, count: int, seed: int, folder: Path) -> Counter[str]:
    parser, rng = parsers()[name], random.Random(f"{seed} {name}")
    found, slowest, kinds = Counter[str](), 0.0, Counter[str]()
    for _ in range(count):
        content = parser.damage(rng.choice(parser.sound), rng)
        start = time.process_time()
        outcome, what = trial(parser, content, folder)
        slowest = max(slowest, time.process_time() - start)
        found[outcome] += 1
        if what:
            kinds[what] += 1
            if kinds[what] == 1:
                print(f"  {name}: {what}\n    {content[:300]!r}", file=sys.stderr, flush=True)
    print(
        f"{name:28} {count:8,} {found['read']:8,} {found['refused']:8,} {found['fault']:7,} {1000 * slowest:6.0f} ms",
        flush=True,
    )
    return found


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="parsers whose name holds this")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
