"""`python -m hub.server MODULE:APP --port 8000`: one worker of any WSGI application, for benchmarks and tests."""

import argparse
import socket
from importlib import import_module

from hub.server.spool import FILES, Spool
from hub.server.worker import serve
from hub.server.wsgi import ServedApplication


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m hub.server")
    parser.add_argument("target")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--spool-files", type=int, default=FILES)
    chosen = parser.parse_args()
    module, _, name = chosen.target.partition(":")
    application = getattr(import_module(module), name)
    listener = socket.create_server((chosen.host, chosen.port))
    spool = Spool(files=chosen.spool_files)
    gateway = ServedApplication(
        application, host=chosen.host, port=chosen.port, multiprocess=False, spool=spool
    )
    serve(gateway, listener)


if __name__ == "__main__":
    main()
