#!/bin/sh
# Print the path of a Python that runs and is of the supported range (3.12 to 3.14); exit 1 if there is none.
# Shims may be on PATH without being active, so each candidate is run, and its own sys.executable is printed.
try() {
    [ -n "$1" ] || return 1
    found=$("$1" -c 'import sys; (3, 12) <= sys.version_info[:2] <= (3, 14) and print(sys.executable)' 2>/dev/null) || return 1
    [ -n "$found" ] || return 1
    printf '%s\n' "$found"
    exit 0
}

try "$PYTHON"
for name in python3.13 python3.12 python3.14; do
    try "$(command -v $name 2>/dev/null)"
done
for folder in "${PYENV_ROOT:-$HOME/.pyenv}/versions" "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}" /opt/homebrew/bin /usr/local/bin; do
    for version in 13 12 14; do
        for candidate in "$folder"/*3."$version"*/bin/python3."$version" "$folder"/python3."$version"; do
            [ -x "$candidate" ] && try "$candidate"
        done
    done
done
try "$(command -v python3 2>/dev/null)"
echo "No Python 3.12, 3.13 or 3.14 was found. Install one, or name it: make PYTHON=/path/to/python3.13 ..." >&2
exit 1
