"""The yardstick for HTTP: the smallest Flask application."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
@app.post("/")
def hello() -> dict[str, str]:
    return {"hello": "world"}
