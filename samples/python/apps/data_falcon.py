import falcon

from sales import report_json


class Data:
    def on_get(self, request, response):
        response.content_type = "application/json"
        response.data = report_json().encode()


# falcon.API was its name before 3.0
app = falcon.App() if hasattr(falcon, "App") else falcon.API()
app.add_route("/", Data())
