from flask import Flask, Response

app = Flask(__name__)


@app.route("/")
def hello():
    return Response("Hello World!", content_type="text/plain; charset=utf-8")
