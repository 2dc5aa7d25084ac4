"""A bare Flask view that reads the body, stores nothing and answers: what the server and the framework alone cost."""

from flask import Flask, request

app = Flask(__name__)


@app.post("/responses")
def respond() -> tuple[dict[str, str], int]:
    """Reads and answers."""
    request.get_data()
    return {"status": "stored"}, 201
