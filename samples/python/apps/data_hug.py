import hug

from sales import report_json


@hug.format.content_type("application/json")
def ready_json(text, **kwargs):
    return text.encode()


@hug.get("/", output=ready_json)
def data():
    return report_json()


app = __hug_wsgi__  # noqa: F821 (hug puts it into this module)
