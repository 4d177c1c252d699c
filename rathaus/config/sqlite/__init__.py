"""Django's SQLite backend on the SQLite that the `pysqlite3` wheel brings.

Debian 12 ships SQLite 3.40.1, whose WAL-reset bug (fixed in 3.51.3) can corrupt a database under load.
"""
