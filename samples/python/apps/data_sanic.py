"""Its own server, in one process: python data_sanic.py PORT"""
import sys

from sales import report_json
from sanic import Sanic
from sanic.response import text

app = Sanic("data")


@app.route("/")
async def data(request):
    return text(report_json(), content_type="application/json")


if __name__ == "__main__":
    # Newer releases would start a manager with a worker below it.
    alone = {"single_process": True} if hasattr(Sanic, "serve_single") else {}
    app.run(host="127.0.0.1", port=int(sys.argv[1]), access_log=False, **alone)
