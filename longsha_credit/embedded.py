"""PostgreSQL and Redis for one machine, from the binaries two wheels pack: where they stand and how they are shared.

`manage.py`, `portal` and the tests share the servers of a folder; `embedded_keeper.py` holds them.
"""

import contextlib
import fcntl
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from longsha_credit.embedded_keeper import READY_SECONDS, ROLE
from longsha_credit.embedded_places import (
    ServerError,
    is_locked,
    lock,
    open_log,
    own_folder,
    postgres_account,
    socket_folder,
    tail,
)

WITHOUT_SERVERS = {"check", "collectstatic", "help", "portal", "startapp", "version"}
CONNECTION_OPTIONS = frozenset(
    [
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "options",
        "passfile",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslpassword",
        "sslrootcert",
        "target_session_attrs",
        "tcp_user_timeout",
    ]
)


# What settings ask: nothing here starts anything


def parse_database_url(url):
    """The Django DATABASES entry for postgresql://user:password@host:port/name?option=value."""
    from django.core.exceptions import ImproperlyConfigured

    def wrong(why):
        return ImproperlyConfigured(
            f"环境变量 DATABASE_URL 无法使用：{why}。写法：postgresql://用户:密码@主机:5432/库名"
        )

    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise wrong("地址格式不对") from error
    if parts.scheme not in ("postgres", "postgresql"):
        raise wrong("必须以 postgresql:// 开头")
    if parts.fragment:
        raise wrong("密码中的 # @ / ? 等字符须写成百分号编码")
    login, _, address = parts.netloc.rpartition("@")
    # urlsplit().hostname would lower-case a socket folder
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:@\[\]]*))(?::(\d{1,5}))?", address)
    if not found or "@" in login or int(found[3] or 0) > 65535:
        raise wrong("主机或端口写法不对；密码中的 # @ / ? 等字符须写成百分号编码")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", "") or found[1] or unquote(found[2] or "")
    if unknown := sorted(set(options) - CONNECTION_OPTIONS):
        raise wrong(f"不认识的连接参数 {'、'.join(unknown)}")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise wrong("缺少库名，或库名中有 /")
    user, _, password = login.partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": host,
        "PORT": found[3] or "",
        "OPTIONS": options,
    }


SECRET_LOST = "请删除它后重新启动（已登录的人需要重新登录）。"  # noqa: S105 - a sentence
VAULT_LOST = "请从备份恢复它；没有它，已收到的反映内容和反映人信息打不开，不要删除。"


def local_secret(var_dir, name="secret", when_broken=SECRET_LOST):
    """A secret key of this folder, made once; several processes may ask at the same moment."""
    from django.core.exceptions import ImproperlyConfigured

    path = Path(var_dir) / name
    try:
        own_folder(Path(var_dir))
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        secret = path.read_text(encoding="ascii").strip()
    except ServerError as error:
        raise ImproperlyConfigured(str(error)) from error
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(f"读写密钥文件 {path} 失败：{error}。请检查磁盘空间和权限。") from error
    if len(secret) < 50:
        raise ImproperlyConfigured(f"密钥文件 {path} 内容不完整。{when_broken}")
    return secret


def database_settings(var_dir):
    """The Django DATABASES entry for the embedded PostgreSQL: a socket in a private folder, no TCP, no password."""
    options = {}
    with contextlib.suppress(ServerError):  # said when the server is started
        options["requirepeer"] = postgres_account().pw_name
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": ROLE,
        "USER": ROLE,
        "HOST": str(socket_folder(var_dir) / "pg"),
        "PORT": "5432",
        "OPTIONS": options,
    }


def redis_url(var_dir):
    """The address of the embedded Redis, as redis-py writes it."""
    return f"unix://{socket_folder(var_dir)}/redis.sock"


def broker_url(url):
    """The same Redis as Celery writes it: only the address of a socket differs."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return f"redis+socket://{login}{parts.path}?virtual_host={options.get('db', '0')}"


# Using the servers


class Servers:
    """One user's share in the running servers of a folder."""

    def __init__(self, var_dir, share, keeper, *, fast, say):
        self.var_dir, self.share, self.keeper, self.fast, self.say = var_dir, share, keeper, fast, say
        self.run = var_dir / "run"

    def revive(self):
        """Start a new keeper when the old one was killed (it restarts its servers itself); True when that was so."""
        if is_locked(self.run / "keeper.lock"):
            return False
        with lock(self.run / "start.lock", fcntl.LOCK_EX):
            self.keeper = _join_keeper(self.var_dir, self.fast, self.say)
        return True

    def leave(self):
        """Give the share back; when it was the last one, wait until both servers have stopped."""
        self.share.close()
        while is_locked(self.run / "keeper.lock"):
            if self._others():
                return
            time.sleep(0.05)
        if self.keeper:
            self.keeper.wait()

    def _others(self):
        """Does somebody else work with the servers? The keeper holds the lock alone while it stops them."""
        with lock(
            self.run / "start.lock", fcntl.LOCK_EX
        ):  # else two who leave together take each other for others
            if nobody := lock(self.run / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
                nobody.close()
                return False
            if shared := lock(self.run / "users.lock", fcntl.LOCK_SH | fcntl.LOCK_NB):
                shared.close()
            return shared is not None


def _to_stderr(line):
    with contextlib.suppress(OSError):
        sys.stderr.write(line + "\n")


def ensure_servers(var_dir, *, fast=False, say=_to_stderr):
    """Start the servers of var_dir, or share those already running; fast gives up safety on power loss, for tests.

    Returns a `Servers` whose leave() must be called; raises ServerError.
    """
    var_dir = Path(var_dir).resolve()
    try:
        own_folder(var_dir)
        run = own_folder(var_dir / "run")
        with lock(run / "start.lock", fcntl.LOCK_EX):  # one starter at a time
            share = lock(run / "users.lock", fcntl.LOCK_SH)  # waits while a keeper is stopping
            try:
                keeper = _join_keeper(var_dir, fast, say)
            except BaseException:
                share.close()
                raise
    except OSError as error:
        raise ServerError(f"无法使用数据目录 {var_dir}：{error}。请检查磁盘空间和权限。") from error
    return Servers(var_dir, share, keeper, fast=fast, say=say)


@contextlib.contextmanager
def running(var_dir, *, fast=False, say=_to_stderr):
    """The servers of var_dir for the length of a with block."""
    servers = ensure_servers(var_dir, fast=fast, say=say)
    try:
        yield
    finally:
        servers.leave()


@contextlib.contextmanager
def for_command(argv):
    """What manage.py wraps a command in: servers when none are configured, and sentences instead of tracebacks."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    command = argv[1] if len(argv) > 1 else "help"
    alone = command.startswith("-") or command in WITHOUT_SERVERS or "--help" in argv or "-h" in argv
    try:
        servers = None if settings.ON_SERVERS or alone else ensure_servers(settings.VAR_DIR)
    except (ServerError, ImproperlyConfigured) as error:
        sys.exit(str(error))
    try:
        yield
    finally:
        if servers:
            servers.leave()


def _join_keeper(var_dir, fast, say):
    """With start.lock held: see that a keeper runs; returns its process when it is ours.

    A keeper killed this very moment still holds its lock, so its word counts only when its servers answer.
    """
    run, until = var_dir / "run", time.monotonic() + READY_SECONDS
    while is_locked(run / "keeper.lock") and time.monotonic() < until:
        _wait_for_keeper(run)
        if _answer(var_dir):
            return None
        time.sleep(0.1)
    return _start_keeper(var_dir, fast, say)


def _answer(var_dir):
    """Whether something listens on both sockets."""
    for name in ("pg/.s.PGSQL.5432", "redis.sock"):
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(socket_folder(var_dir) / name))
            except OSError:
                return False
    return True


def _start_keeper(var_dir, fast, say):
    """Run this file as the keeper and pass on what it says until it is ready."""
    log = var_dir / "log" / "keeper.log"
    command = [
        sys.executable,
        "-m",
        "longsha_credit.embedded_keeper",
        str(var_dir),
        "fast" if fast else "safe",
    ]
    with open_log(log) as errors:
        keeper = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            cwd=Path(__file__).resolve().parent.parent,
        )
    with keeper.stdout:
        for line in keeper.stdout:
            kind, _, text = line.decode("utf-8").rstrip("\n").partition(" ")
            if kind == "ready":
                return keeper
            text = text.replace("\\n", "\n")
            if kind == "fail":
                keeper.wait()
                raise ServerError(text)
            say(text)
    keeper.wait()
    raise ServerError(f"数据库和队列没有启动成功。日志：{log}\n{tail(log)}")


def _wait_for_keeper(run):
    """Wait for a keeper that somebody else started and perhaps did not live to see ready."""
    until = time.monotonic() + READY_SECONDS
    while (run / "keeper.lock").read_text() != "ready":
        if time.monotonic() > until or not is_locked(run / "keeper.lock"):
            raise ServerError(f"本目录的数据库正在由另一个程序启动，但没有成功。日志：{run.parent / 'log'}")
        time.sleep(0.1)


def _write_once(path, text):
    """Whoever links first wins; nobody ever reads half a file."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
