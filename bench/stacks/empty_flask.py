"""An empty Flask view that reads the body: what no Flask application can be cheaper than."""

from flask import Flask, request

app = Flask("empty")


@app.post("/alexa")
def answer() -> dict[str, str]:
    request.get_data()
    return {}
