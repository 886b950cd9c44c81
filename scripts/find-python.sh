#!/bin/sh
# Print the path of a Python that runs and is of the supported range (3.12 to 3.14); exit 1 if there is none.
# usage: scripts/find-python.sh [VERSION]     with a version (3.12), of that one only
# Shims may be on PATH without being active, so each candidate is run, and its own sys.executable is printed.
minors="13 12 14"
[ $# -eq 0 ] || minors=${1#3.}
try() {
    [ -n "$1" ] || return 1
    found=$("$1" -c 'import sys
if sys.version_info[0] == 3 and str(sys.version_info[1]) in sys.argv[1:]: print(sys.executable)' $minors 2>/dev/null) || return 1
    [ -n "$found" ] || return 1
    printf '%s\n' "$found"
    exit 0
}

try "${PYTHON:-}"
for minor in $minors; do
    try "$(command -v "python3.$minor" 2>/dev/null)"
done
for folder in "${PYENV_ROOT:-$HOME/.pyenv}/versions" "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}" /opt/homebrew/bin /usr/local/bin; do
    for minor in $minors; do
        for candidate in "$folder"/*3."$minor"*/bin/python3."$minor" "$folder"/python3."$minor"; do
            [ -x "$candidate" ] && try "$candidate"
        done
    done
done
try "$(command -v python3 2>/dev/null)"
echo "No Python ${1:-3.12, 3.13 or 3.14} was found. Install one, or name it: make PYTHON=/path/to/python3.13 ..." >&2
exit 1
