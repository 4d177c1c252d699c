"""Django's PostgreSQL backend with a pool that notices a lost connection without asking the server each time."""
