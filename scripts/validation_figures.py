"""Put the figures of a results folder into VALIDATION.md and docs/validation; what is not there stays as it is.

    python -m scripts.validation_figures RESULTS        # the folder of `precursor validate --out`

Campaigns that are still under way are taken as far as they are, and the page says so.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from precursor.campaigns import ResultsFolder
from precursor.figures.rank_uniformity import rank_uniformity_figure
from precursor.figures.style import svg
from precursor.validation.checks import write_document
from precursor.validation.simulated_fit import Length
from precursor.validation.verdict import verdict
from precursor.writing import write_file
from scripts.negative_controls import BATCHES, MISTAKES, summary

ROOT = Path(__file__).parents[1]
PAGE, KEPT = ROOT / "VALIDATION.md", ROOT / "docs" / "validation"
FEWEST = 10
ALL = {"expert_model": 500, "full_model": 50}
HEAD = (
    "| fits | quantities | least p-value | wanted at least | outside their own 95 % band | largest mean "
    "autocorrelation of thinned draws | divergent draws | |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)
PLANTED = {
    "none": "none: how often right fits fail",
    "wrong_sign": "a wrong sign: the camps exchanged",
    "ignored_censoring": "censoring ignored: a bound read as a point at its limit",
    "no_worldview": "the worldview factor left out",
    "dropped_form": "the likelihood of one form (quantiles) dropped",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    results = parser.parse_args().results
    page = PAGE.read_text(encoding="utf-8")
    for check in ALL:
        names = tasks(results / check)
        if len(names) >= FEWEST:
            page = between(page, check, kept(results / check, check, names))
    found = power(results)
    if found:
        (KEPT / "negative_controls.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        page = between(page, "planted", "\n".join(rows_of_power(found)))
    write_file(PAGE, page.encode())


def tasks(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "tasks").glob("*.npz"))


def kept(folder: Path, check: str, names: list[str]) -> str:
    """Keep a campaign's verdict, table and figure, and return what the page says of it."""
    results = ResultsFolder(folder)
    document = verdict(results.stacked(names), Length().thinned, results.manifest)
    (KEPT / check).mkdir(parents=True, exist_ok=True)
    write_document(KEPT / check, document)
    write_file(KEPT / check / "ranks.svg", svg(rank_uniformity_figure(document)).encode())
    least = {
        word: min(entry["p_value"] for entry in document["quantities"] if entry["name"].startswith(word))
        for word in ("joint log-likelihood", "headline")
    }
    so_far = f" of {ALL[check]}, so far" if document["fits"] < ALL[check] else ""
    cells = [
        f"{document['fits']}{so_far}",
        str(document["quantities_tested"]),
        f"{document['least_p_value']:.2g}",
        f"{document['threshold']:.2g}",
        f"{document['outside_band']}, where chance gives {document['expected_outside_band']:.0f}",
        f"{document['largest_mean_lag']:.2f}",
        str(document["divergent_draws"]),
        "passed" if document["passed"] else "FAILED",
    ]
    source, version = document["provenance"]["source"][:12], document["provenance"]["versions"]["precursor"]
    return (
        f"{HEAD}\n| {' | '.join(cells)} |\n\n"
        f"The p-value of the joint log-likelihood is {least['joint log-likelihood']:.2g}, the least of the five "
        f"headline queries {least['headline']:.2g}.\nEvery quantity: `docs/validation/{check}/ranks.csv`. Version "
        f"{version}, source `{source}`.\n\n![Ranks of truths among draws](docs/validation/{check}/ranks.svg)"
    )


def power(results: Path) -> dict[str, Any]:
    folders = {"none": results / "expert_model", **{name: results / "planted" / name for name in MISTAKES}}
    done = {name: tasks(folder) for name, folder in folders.items()}
    return {
        name: summary(ResultsFolder(folders[name]).stacked(names))
        for name, names in done.items()
        if len(names) >= FEWEST
    }


def rows_of_power(found: dict[str, Any]) -> list[str]:
    sizes = [str(n) for n in BATCHES[:3]]
    heads = [f"caught with {n} fits" for n in sizes]
    lines = [f"| planted | fits | {' | '.join(heads)} | tells most |", "| --- | --- | --- | --- | --- | --- |"]
    for name, entry in found.items():
        shares, batches = entry["caught_share"], entry["batches"]
        cells = [f"{100 * shares[n]:.0f} % of {batches[n]}" if n in shares else "-" for n in sizes]
        most = entry["tell_most"][0]["quantity"] if entry["tell_most"] else "-"
        lines.append(f"| {PLANTED[name]} | {entry['fits']} | {' | '.join(cells)} | {most} |")
    return lines


def between(page: str, name: str, text: str) -> str:
    """Return the page with what stands between a name's marks replaced."""
    first, last = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
    head, rest = page.split(first, 1)
    return head + first + "\n" + text + "\n" + last + rest.split(last, 1)[1]


if __name__ == "__main__":
    main()
