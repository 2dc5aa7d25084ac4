"""A bare Flask view that reads the body, stores nothing and answers: what the server and the framework alone cost."""

import sys

from flask import Flask, request
from waitress import serve

app = Flask(__name__)


@app.post("/responses")
def respond() -> tuple[dict[str, str], int]:
    """Reads and answers."""
    request.get_data()
    return {"status": "stored"}, 201


serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
