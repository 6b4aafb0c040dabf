from bottle import Bottle, response

from sales import report_json

app = Bottle()


@app.get("/")
def data():
    response.content_type = "application/json"
    return report_json()
