"""The webhook as a process: gunicorn keeps the workers, waitress reads HTTP in each."""
