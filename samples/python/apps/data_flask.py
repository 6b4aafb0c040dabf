from flask import Flask, Response

from sales import report_json

app = Flask(__name__)


@app.route("/")
def data():
    return Response(report_json(), content_type="application/json")
