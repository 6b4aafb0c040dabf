"""hug's own default would be JSON: "Hello World!" with its quotes, 14 bytes."""
import hug


@hug.get("/", output=hug.output_format.text)
def hello():
    return "Hello World!"


app = __hug_wsgi__  # noqa: F821 (hug puts it into this module)
