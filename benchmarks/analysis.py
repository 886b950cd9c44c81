"""How long the whole analysis of a run takes: pathways, sensitivity, value of information, differences, concessions.

usage: analysis.py [--run RUN]
"""

from __future__ import annotations

import argparse
import time

from timing import verdict

import precursor

BAR = 120.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="baseline", help="a run's name, or its folder")
    run = parser.parse_args().run
    draws = len(precursor.Run.open(run).draws())
    parts = {
        "pathways, interventions, priorities": lambda: precursor.pathways(run),
        "sensitivity of two queries": lambda: precursor.sensitivity(run),
        "value of information for two queries": lambda: precursor.value_of_information(run),
        "why the prior and the run differ": lambda: precursor.difference(f"prior:{run}", run),
        "why two scenarios differ": lambda: precursor.difference("argument", "critic"),
        "concessions of the run": lambda: precursor.concessions(run, "argument"),
        "concessions of a scenario": lambda: precursor.concessions("argument", "critic"),
    }
    print(f"{run}: {draws} draws; the first part also compiles or loads what is compiled")
    clock = processor = 0.0
    for name, part in parts.items():
        start, busy = time.perf_counter(), time.process_time()
        part()
        start, busy = time.perf_counter() - start, time.process_time() - busy
        clock, processor = clock + start, processor + busy
        print(f"{name:40}{start:8.1f} s{busy:8.1f} s of processor")
    print(f"{'in all':40}{clock:8.1f} s{processor:8.1f} s of processor")
    print(f"bar of {BAR:g} s of processor: {verdict(processor <= BAR)}")


if __name__ == "__main__":
    main()
