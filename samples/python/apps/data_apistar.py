from apistar import App, Route
from apistar.http import Response

from sales import report_json


class Json(Response):
    media_type = "application/json"
    charset = None  # the default would be added to the type


def data() -> Json:
    return Json(report_json().encode())


app = App(routes=[Route("/", method="GET", handler=data)], docs_url=None, schema_url=None)
