#!/bin/sh
# First what the database needs (safe to repeat), then the command: the hub is process 1 and gets the signals itself.
set -eu
case "${1:-serve}" in
    serve | worker) hub init ;;
esac
exec hub "$@"
