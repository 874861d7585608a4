#!/bin/sh
# Write the locks anew: exact versions with the hashes of every file, for all platforms and Pythons that setup.cfg allows.
# The second and third keep to the first, so that what is tested is what runs.
set -eu
cd "$(dirname "$0")/.."
locks=packaging/locks

compile() {
    "${PYTHON:-python3}" -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-config "$@"
}

compile setup.cfg $locks/build.in -o $locks/run.txt
compile setup.cfg $locks/build.in --extra test -c $locks/run.txt -o $locks/test.txt
compile $locks/release.in -o $locks/release.txt
echo "locked:" $locks/*.txt
