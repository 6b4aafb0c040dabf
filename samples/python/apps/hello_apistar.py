from apistar import App, Route
from apistar.http import Response


class PlainText(Response):
    media_type = "text/plain"


def hello() -> PlainText:
    return PlainText("Hello World!")


app = App(routes=[Route("/", method="GET", handler=hello)], docs_url=None, schema_url=None)
