#!/bin/sh
# Install requirements.lock and the project for every supported Python that this machine has, and run the quick tests.
# usage: scripts/test-pythons.sh [PYTEST ARGUMENT ...]     a version that is not here is named and passed over
set -eu
export UV_PYTHON_DOWNLOADS=never
uv=$(command -v uv || true)
if [ -z "$uv" ] || ! "$uv" --version >/dev/null 2>&1; then
    uv=.uv/bin/uv
fi
[ $# -gt 0 ] || set -- -q -m "not slow"

tested=0
for version in 3.12 3.13 3.14; do
    if ! python=$(scripts/find-python.sh "$version" 2>/dev/null); then
        echo "== Python $version: not on this machine, not tested"
        continue
    fi
    environment=.venv-pythons/$version
    echo "== $("$python" --version)"
    [ -x "$environment/bin/python" ] || "$uv" venv --quiet --python "$python" "$environment"
    "$uv" pip sync --quiet --python "$environment/bin/python" --require-hashes requirements.lock
    "$uv" pip install --quiet --python "$environment/bin/python" --no-deps --no-build-isolation --editable .
    "$uv" pip check --quiet --python "$environment/bin/python"
    "$environment/bin/precursor" query "P(model_outcome=deceptive)" --scenario argument
    "$environment/bin/python" -m pytest "$@"
    tested=$((tested + 1))
done
[ "$tested" -gt 0 ] || { echo "No supported Python was found." >&2; exit 1; }
echo "== $tested of 3 versions tested"
