"""The bundled PostgreSQL and Valkey: found running or started, and stopped by the last to leave.

Knows no Django and none of our apps: it must work before settings can load.
"""
