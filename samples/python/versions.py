"""versions.py PACKAGE...: one line with the versions of them here, and of Python."""
import platform
import sys

try:
    from importlib.metadata import PackageNotFoundError as Missing, version
except ImportError:  # before 3.8
    from pkg_resources import DistributionNotFound as Missing, get_distribution

    def version(name):
        return get_distribution(name).version


def tell(name):
    try:
        return "%s %s" % (name, version(name))
    except Missing:
        return "%s is not installed" % name


print(", ".join([tell(name) for name in sys.argv[1:]] + ["CPython " + platform.python_version()]))
