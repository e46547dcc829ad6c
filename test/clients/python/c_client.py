"""ZooKeeper's C client by ctypes: the synchronous calls of its multi-threaded library, and a watcher."""

import ctypes
import queue
import threading
from ctypes import POINTER, byref, c_char, c_char_p, c_int, c_int32, c_int64, c_void_p

lib = ctypes.CDLL("libzookeeper_mt.so.2")

PERSISTENT, EPHEMERAL, PERSISTENT_SEQUENTIAL, EPHEMERAL_SEQUENTIAL, CONTAINER, PERSISTENT_WITH_TTL = range(6)
WATCH_CHILD, WATCH_DATA, WATCH_ANY = 1, 2, 3
EVENTS = {1: "CREATED", 2: "DELETED", 3: "CHANGED", 4: "CHILD", -1: "SESSION", -2: "NOTWATCHING"}
STATES = {1: "CONNECTING", 2: "ASSOCIATING", 3: "CONNECTED", 5: "READONLY", 999: "NOTCONNECTED", -112: "EXPIRED", -113: "AUTH_FAILED"}
ERRORS = {
    -4: "CONNECTIONLOSS",
    -6: "UNIMPLEMENTED",
    -8: "BADARGUMENTS",
    -101: "NONODE",
    -102: "NOAUTH",
    -103: "BADVERSION",
    -108: "NOCHILDRENFOREPHEMERALS",
    -110: "NODEEXISTS",
    -111: "NOTEMPTY",
    -112: "SESSIONEXPIRED",
    -114: "INVALIDACL",
    -115: "AUTHFAILED",
    -121: "NOWATCHER",
    -123: "RECONFIGDISABLED",
}
BUFFER_SIZE = 1 << 20


class Stat(ctypes.Structure):
    _fields_ = [
        ("czxid", c_int64),
        ("mzxid", c_int64),
        ("ctime", c_int64),
        ("mtime", c_int64),
        ("version", c_int32),
        ("cversion", c_int32),
        ("aversion", c_int32),
        ("ephemeralOwner", c_int64),
        ("dataLength", c_int32),
        ("numChildren", c_int32),
        ("pzxid", c_int64),
    ]

    def values(self):
        return {name: getattr(self, name) for name, _type in self._fields_}


class Id(ctypes.Structure):
    _fields_ = [("scheme", c_char_p), ("id", c_char_p)]


class Acl(ctypes.Structure):
    _fields_ = [("perms", c_int32), ("id", Id)]


class AclVector(ctypes.Structure):
    _fields_ = [("count", c_int32), ("data", POINTER(Acl))]


class StringVector(ctypes.Structure):
    _fields_ = [("count", c_int32), ("data", POINTER(c_char_p))]


class ClientId(ctypes.Structure):
    _fields_ = [("client_id", c_int64), ("passwd", c_char * 16)]


class Op(ctypes.Structure):
    """zoo_op_t: opaque, filled by the library; only its size matters."""

    _fields_ = [("words", c_int64 * 9)]


class OpResult(ctypes.Structure):
    _fields_ = [("err", c_int), ("value", c_void_p), ("valuelen", c_int), ("stat", c_void_p)]


WatcherFn = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_int, c_char_p, c_void_p)
VoidCompletion = ctypes.CFUNCTYPE(None, c_int, c_void_p)
StringCompletion = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p)

lib.zookeeper_init.restype = c_void_p
lib.zookeeper_init.argtypes = [c_char_p, WatcherFn, c_int, POINTER(ClientId), c_void_p, c_int]
lib.zoo_client_id.restype = POINTER(ClientId)
lib.zoo_deterministic_conn_order(1)
lib.zoo_set_debug_level(0)


class ZooKeeperError(Exception):
    def __init__(self, code):
        super().__init__(ERRORS.get(code, str(code)))


def check(code):
    if code != 0:
        raise ZooKeeperError(code)


def acl_vector(*entries):
    """Entries are (perms, scheme, id). The array is kept alive by the vector that points to it."""
    array = (Acl * len(entries))(*[Acl(perms, Id(scheme, id)) for perms, scheme, id in entries])
    vector = AclVector(len(entries), ctypes.cast(array, POINTER(Acl)))
    vector.array = array
    return vector


OPEN = acl_vector((0x1F, b"world", b"anyone"))


class Client:
    """One handle. Events arrive as (event, state, path) in `events`; of the session alone in `session_events`."""

    def __init__(self, hosts, timeout_ms=10_000, client_id=None, flags=0):
        self.events = queue.Queue()
        self.session_events = queue.Queue()
        self.watcher = WatcherFn(self._on_event)  # kept: the library calls it as long as the handle lives
        own = byref(client_id) if client_id is not None else None
        self.handle = c_void_p(lib.zookeeper_init(hosts.encode(), self.watcher, timeout_ms, own, None, flags))
        assert self.handle, "zookeeper_init"

    def _on_event(self, _handle, event, state, path, _context):
        target = self.session_events if EVENTS[event] == "SESSION" else self.events
        target.put(STATES.get(state, state) if EVENTS[event] == "SESSION" else (EVENTS[event], path.decode()))

    def await_state(self, wanted, within=20):
        while True:
            state = self.session_events.get(timeout=within)
            if state == wanted:
                return

    def event(self, within=10):
        return self.events.get(timeout=within)

    def client_id(self):
        found = lib.zoo_client_id(self.handle).contents
        return ClientId.from_buffer_copy(found)

    def timeout_ms(self):
        return lib.zoo_recv_timeout(self.handle)

    def close(self):
        return lib.zookeeper_close(self.handle)

    def create(self, path, value=b"", acl=OPEN, mode=PERSISTENT, ttl=-1):
        buffer = ctypes.create_string_buffer(1024)
        size = -1 if value is None else len(value)
        ttl = c_int64(ttl)
        check(lib.zoo_create_ttl(self.handle, path.encode(), value, size, byref(acl), mode, ttl, buffer, len(buffer)))
        return buffer.value.decode()

    def create2(self, path, value=b"", acl=OPEN, mode=PERSISTENT):
        buffer, stat = ctypes.create_string_buffer(1024), Stat()
        check(lib.zoo_create2(self.handle, path.encode(), value, len(value), byref(acl), mode, buffer, len(buffer), byref(stat)))
        return buffer.value.decode(), stat

    def delete(self, path, version=-1):
        check(lib.zoo_delete(self.handle, path.encode(), version))

    def exists(self, path, watch=False):
        stat = Stat()
        code = lib.zoo_exists(self.handle, path.encode(), int(watch), byref(stat))
        if ERRORS.get(code) == "NONODE":
            return None
        check(code)
        return stat

    def get(self, path, watch=False):
        """The data, None where it is null, and the Stat."""
        buffer, size, stat = ctypes.create_string_buffer(BUFFER_SIZE), c_int(BUFFER_SIZE), Stat()
        check(lib.zoo_get(self.handle, path.encode(), int(watch), buffer, byref(size), byref(stat)))
        return (None if size.value == -1 else buffer.raw[: size.value]), stat

    def get_config(self):
        buffer, size, stat = ctypes.create_string_buffer(BUFFER_SIZE), c_int(BUFFER_SIZE), Stat()
        check(lib.zoo_getconfig(self.handle, 0, buffer, byref(size), byref(stat)))
        return buffer.raw[: size.value].decode()

    def reconfig(self, joining=None, leaving=None, members=None, version=-1):
        buffer, size, stat = ctypes.create_string_buffer(BUFFER_SIZE), c_int(BUFFER_SIZE), Stat()
        check(lib.zoo_reconfig(self.handle, joining, leaving, members, c_int64(version), buffer, byref(size), byref(stat)))
        return buffer.raw[: size.value].decode()

    def set(self, path, value, version=-1):
        stat = Stat()
        check(lib.zoo_set2(self.handle, path.encode(), value, -1 if value is None else len(value), version, byref(stat)))
        return stat

    def get_children(self, path, watch=False):
        strings = StringVector()
        check(lib.zoo_get_children(self.handle, path.encode(), int(watch), byref(strings)))
        return sorted(strings.data[at].decode() for at in range(strings.count))

    def get_children2(self, path, watch=False):
        strings, stat = StringVector(), Stat()
        check(lib.zoo_get_children2(self.handle, path.encode(), int(watch), byref(strings), byref(stat)))
        return sorted(strings.data[at].decode() for at in range(strings.count)), stat

    def get_acl(self, path):
        acls, stat = AclVector(), Stat()
        check(lib.zoo_get_acl(self.handle, path.encode(), byref(acls), byref(stat)))
        return [(each.perms, each.id.scheme, each.id.id) for each in acls.data[: acls.count]], stat

    def set_acl(self, path, acl, version=-1):
        check(lib.zoo_set_acl(self.handle, path.encode(), version, byref(acl)))

    def remove_all_watches(self, path, kind=WATCH_ANY):
        check(lib.zoo_remove_all_watches(self.handle, path.encode(), kind, 0))

    def sync(self, path):
        return self._await(StringCompletion, lambda done: lib.zoo_async(self.handle, path.encode(), done, None))

    def add_auth(self, scheme, auth):
        return self._await(VoidCompletion, lambda done: lib.zoo_add_auth(self.handle, scheme, auth, len(auth), done, None))

    def _await(self, completion_type, call, within=10):
        """Calls an asynchronous function; the first argument of its completion is the code."""
        completed, codes = threading.Event(), []

        def complete(code, *_rest):
            codes.append(code)
            completed.set()

        done = completion_type(complete)
        check(call(done))
        assert completed.wait(within), "no completion"
        check(codes[0])

    def multi(self, *operations):
        """Operations are ("create", path, value), ("delete", path, version), ("set", path, value, version), ("check", path, version).

        Returns the error names of all, None where there was none.
        """
        ops, results = (Op * len(operations))(), (OpResult * len(operations))()
        buffers = [ctypes.create_string_buffer(1024) for _ in operations]
        for op, buffer, (kind, path, *rest) in zip(ops, buffers, operations):
            name = path.encode()
            if kind == "create":
                lib.zoo_create_op_init(byref(op), name, rest[0], len(rest[0]), byref(OPEN), PERSISTENT, buffer, len(buffer))
            elif kind == "delete":
                lib.zoo_delete_op_init(byref(op), name, rest[0])
            elif kind == "set":
                lib.zoo_set_op_init(byref(op), name, rest[0], len(rest[0]), rest[1], None)
            else:
                lib.zoo_check_op_init(byref(op), name, rest[0])
            buffer.path = name  # the op holds a pointer to it
        lib.zoo_multi(self.handle, len(operations), ops, results)
        return [ERRORS.get(result.err, result.err) if result.err != 0 else None for result in results]
