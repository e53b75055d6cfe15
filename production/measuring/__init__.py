"""``manage.py bench_promise``: promises measured in a database of their own."""
