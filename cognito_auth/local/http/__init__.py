"""The pool over HTTP: its two faces, its own tools and pages, and the server."""
