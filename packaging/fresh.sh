#!/bin/sh
# Try today's newest packages: an environment of its own from setup.cfg without the lock, what differs from the lock, then the
# whole suite. It changes neither the lock nor .venv. When it is green: make lock, and commit.
set -eu
cd "$(dirname "$0")/.."
rm -rf .venv-fresh
"${PYTHON:-python3}" -m venv .venv-fresh
echo "Installing the newest packages that setup.cfg allows. 正在安装最新版本的依赖。"
.venv-fresh/bin/python -m pip install --quiet --disable-pip-version-check --upgrade -e '.[test]'
.venv-fresh/bin/python packaging/compare_lock.py packaging/locks/test.txt
sh tests/needs.sh
.venv-fresh/bin/python -m pytest -n 2 --dist loadgroup
