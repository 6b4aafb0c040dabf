import falcon


class Hello:
    def on_get(self, request, response):
        response.content_type = "text/plain; charset=utf-8"
        response.data = b"Hello World!"


# falcon.API was its name before 3.0
app = falcon.App() if hasattr(falcon, "App") else falcon.API()
app.add_route("/", Hello())
