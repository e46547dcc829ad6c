"""ZooKeeper's C client over TCP: what its library can do, and an election while it is connected."""

import itertools

import pytest
from c_client import (
    CONTAINER,
    EPHEMERAL,
    EPHEMERAL_SEQUENTIAL,
    PERSISTENT_SEQUENTIAL,
    PERSISTENT_WITH_TTL,
    WATCH_DATA,
    Client,
    ClientId,
    ZooKeeperError,
    acl_vector,
)
from running_servers import running_cluster

cluster = running_cluster()
everywhere = ",".join(server.address for server in cluster)
homes = itertools.count()


@pytest.fixture
def client():
    opened = connected(everywhere)
    yield opened
    opened.close()


@pytest.fixture
def home(client):
    return client.create("/c-%d" % next(homes))


def connected(hosts, **options):
    opened = Client(hosts, **options)
    opened.await_state("CONNECTED")
    return opened


def fails(name):
    return pytest.raises(ZooKeeperError, match="^%s$" % name)


def test_session(client):
    assert client.timeout_ms() == 10_000
    assert client.client_id().client_id != 0


def test_create_get_set_delete_with_versions(client, home):
    path = client.create(home + "/a", b"one")
    assert path == home + "/a"
    with fails("NODEEXISTS"):
        client.create(path)
    with fails("NONODE"):
        client.create(home + "/b/c")
    stat = client.set(path, b"two", 0)
    assert (stat.version, stat.dataLength, stat.cversion, stat.numChildren) == (1, 3, 0, 0)
    with fails("BADVERSION"):
        client.set(path, b"three", 0)
    data, read = client.get(path)
    assert data == b"two"
    assert read.values() == stat.values()
    assert client.exists(path).values() == stat.values()
    with fails("NOTEMPTY"):
        client.delete(home)
    with fails("BADVERSION"):
        client.delete(path, 7)
    client.delete(path, 1)
    assert client.exists(path) is None
    with fails("NONODE"):
        client.get(path)


def test_null_data_is_not_empty_data(client, home):
    client.create(home + "/null", None)
    client.create(home + "/empty", b"")
    assert client.get(home + "/null")[0] is None
    assert client.get(home + "/empty")[0] == b""


def test_create2_returns_the_stat(client, home):
    path, stat = client.create2(home + "/a", b"four")
    assert (path, stat.dataLength, stat.version) == (home + "/a", 4, 0)
    assert client.exists(path).values() == stat.values()


def test_kinds_of_nodes(client, home):
    assert client.create(home + "/s-", mode=PERSISTENT_SEQUENTIAL) == home + "/s-0000000000"
    assert client.create(home + "/e", mode=EPHEMERAL) == home + "/e"
    assert client.create(home + "/es-", mode=EPHEMERAL_SEQUENTIAL) == home + "/es-0000000002"
    assert client.create(home + "/box", mode=CONTAINER) == home + "/box"
    assert client.create(home + "/ttl", mode=PERSISTENT_WITH_TTL, ttl=3_600_000) == home + "/ttl"
    assert client.exists(home + "/e").ephemeralOwner == client.client_id().client_id
    with fails("NOCHILDRENFOREPHEMERALS"):
        client.create(home + "/e/child")
    assert client.get_children(home) == ["box", "e", "es-0000000002", "s-0000000000", "ttl"]
    children, stat = client.get_children2(home)
    assert (len(children), stat.cversion, stat.numChildren) == (5, 5, 5)


def test_ephemeral_node_goes_with_its_session(client, home):
    other = connected(everywhere)
    path = other.create(home + "/e", mode=EPHEMERAL)
    client.sync(path)
    assert client.exists(path, watch=True) is not None
    other.close()
    assert client.event() == ("DELETED", path)


def test_watches(client, home):
    client.get(home, watch=True)
    client.get_children(home, watch=True)
    client.exists(home + "/later", watch=True)
    client.create(home + "/later")
    assert {client.event(), client.event()} == {("CREATED", home + "/later"), ("CHILD", home)}
    client.set(home, b"x")
    assert client.event() == ("CHANGED", home)
    client.get(home, watch=True)
    client.remove_all_watches(home, WATCH_DATA)
    client.set(home, b"z")
    with fails("NOWATCHER"):
        client.remove_all_watches(home)
    client.sync(home)
    assert client.events.empty()


def test_acls(client, home):
    owner = connected(everywhere)
    owner.add_auth(b"digest", b"alice:wonderland")
    path = owner.create(home + "/secret", b"s", acl=acl_vector((0x1F, b"auth", b"")))
    with fails("NOAUTH"):
        client.get(path)
    [(perms, scheme, digest)], stat = owner.get_acl(path)
    assert (perms, scheme, digest.split(b":")[0], stat.aversion) == (0x1F, b"digest", b"alice", 0)
    readable = acl_vector((1, b"world", b"anyone"), (0x1F, b"digest", digest))
    owner.set_acl(path, readable, 0)
    client.sync(path)
    assert client.get(path)[0] == b"s"
    with fails("BADVERSION"):
        owner.set_acl(path, readable, 0)
    with fails("INVALIDACL"):
        client.create(home + "/none", acl=acl_vector((1, b"nonsense", b"x")))
    with fails("NOAUTH"):
        client.set(path, b"t")
    client.add_auth(b"digest", b"super:test")
    client.set(path, b"t")
    owner.close()


def test_unknown_authentication_scheme_ends_the_session():
    other = connected(everywhere)
    with fails("AUTHFAILED"):
        other.add_auth(b"nonsense", b"x")
    other.await_state("AUTH_FAILED")
    other.close()


def test_multi(client, home):
    path = home + "/t"
    assert client.multi(("create", path, b"a"), ("set", path, b"b", 0), ("check", path, 1)) == [None, None, None]
    assert client.get(path)[0] == b"b"
    failed = client.multi(("delete", path, -1), ("create", home + "/missing/u", b""), ("check", path, 1))
    assert failed == [None, "NONODE", -2]  # -2: runtime inconsistency, of what stands after the failure
    assert client.exists(path).version == 1


def test_chroot(client, home):
    inside = connected(everywhere + home)
    inside.exists("/leaf", watch=True)
    assert inside.create("/leaf") == "/leaf"
    assert inside.event() == ("CREATED", "/leaf")
    client.sync(home)
    assert client.get_children(home) == ["leaf"]
    inside.close()


def test_config(client):
    config = client.get_config()
    assert [line.split("=")[0] for line in config.split("\n")] == ["server.1", "server.2", "server.3", "version"]
    with fails("RECONFIGDISABLED"):
        client.reconfig(leaving=b"3")


def test_session_taken_over(client, home):
    owner = connected(everywhere)
    path = owner.create(home + "/mine", mode=EPHEMERAL)
    own = owner.client_id()
    liar = Client(everywhere, client_id=ClientId(own.client_id, b"no"))
    liar.await_state("EXPIRED")
    heir = connected(everywhere, client_id=own)
    assert heir.client_id().client_id == own.client_id
    assert heir.exists(path).ephemeralOwner == own.client_id
    heir.close()
    client.sync(path)
    assert client.exists(path) is None


def test_election(client, home):
    leader = cluster.leader()
    others = [server.address for server in cluster if server is not leader]
    one = connected(",".join([leader.address, *others]))
    session = one.client_id().client_id
    held = one.create(home + "/held", mode=EPHEMERAL)
    one.get(home, watch=True)
    one.get_children(home, watch=True)

    leader.stop()
    one.await_state("CONNECTED")

    assert one.client_id().client_id == session
    assert one.exists(held).ephemeralOwner == session
    one.set(home, b"after")
    one.create(home + "/new")
    assert {one.event(), one.event()} == {("CHANGED", home), ("CHILD", home)}
    assert cluster.leader() is not leader
    one.close()

    leader.run()
    back = connected(leader.address)
    back.sync(home)
    assert back.get(home)[0] == b"after"
    back.close()
