"""The hub's HTTP server: whole requests in, whole answers out, and nothing that a caller does or omits holds a thread.

It knows nothing of the hub: any WSGI application can be served. docs/adr/0033-a-server-that-reads-first.md says why
it is ours; parser and event loop are libraries' (llhttp through httptools, libuv through uvloop).
"""
