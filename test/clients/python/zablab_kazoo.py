"""A pytest plugin: kazoo's own tests against servers that are running already.

kazoo's harness starts a Java cluster, and stops and starts its servers. With this plugin it is given running servers, which are stopped
and started through a door (see running_servers.py).
"""

import gc
import sys
import types
import unittest.mock

from running_servers import running_cluster


def count_objects(type_name):
    return sum(1 for each in gc.get_objects() if type(each).__name__ == type_name)


# Debian's python3-kazoo does not depend on what its tests alone import: mock is in the standard library by now, of objgraph they use one function.
sys.modules.setdefault("mock", unittest.mock)
sys.modules.setdefault("objgraph", types.SimpleNamespace(count=count_objects))

from kazoo.testing import harness  # noqa: E402  (it imports the modules above)

cluster = running_cluster()
harness.get_global_cluster = lambda: cluster
