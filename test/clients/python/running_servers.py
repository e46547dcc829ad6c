"""The servers that a suite is run against, told by its environment:

    ZABLAB_SERVERS  1=127.0.0.1:2181,2=127.0.0.1:2182,3=127.0.0.1:2183
    ZABLAB_DOOR     http://127.0.0.1:8080, which answers POST /crash/SID, POST /restart/SID and GET /leader
"""

import os
import time
import urllib.request


class RunningServer:
    """Also what kazoo's harness and tests use of kazoo.testing.common.ManagedZooKeeper."""

    def __init__(self, sid, address, door):
        self.sid = sid
        self.address = address
        self.client_port = int(address.split(":")[1])
        self.door = door
        self.running = True

    def run(self):
        self._ask("restart")
        self.running = True

    def stop(self):
        self._ask("crash")
        self.running = False

    def _ask(self, verb):
        request = urllib.request.Request("%s/%s/%s" % (self.door, verb, self.sid), method="POST")
        urllib.request.urlopen(request, timeout=20).read()


class RunningCluster(list):
    def start(self):
        for server in self:
            if not server.running:
                server.run()

    def leader(self, within=30):
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            sid = urllib.request.urlopen(self[0].door + "/leader", timeout=20).read().decode()
            for server in self:
                if server.sid == sid:
                    return server
            time.sleep(0.05)
        raise AssertionError("no leader within %d s" % within)


def running_cluster():
    door = os.environ["ZABLAB_DOOR"]
    listed = [each.split("=", 1) for each in os.environ["ZABLAB_SERVERS"].split(",")]
    return RunningCluster(RunningServer(sid, address, door) for sid, address in listed)
