"""The whole portal on one machine, from an empty folder to an address that answers, and back."""

import contextlib
import fcntl
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from longsha_credit.directory.models import Organisation
from longsha_credit.embedded import ensure_servers
from longsha_credit.embedded_places import ServerError, dies_with_parent, lock, open_log, own_folder, tail
from longsha_credit.home.demo import ACCOUNTS, PASSWORD

ANSWER_SECONDS = 90
STOP_LADDER = ((signal.SIGTERM, 10), (signal.SIGQUIT, 3), (signal.SIGKILL, 3))  # warm, cold, at once


class Command(BaseCommand):
    help = "在一台机器上启动门户的全部程序；按 Ctrl-C 停止，数据保留。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="数据库为空时载入演示数据，并列出演示账号")

    def handle(self, *args, demo, **options):
        self.children, self.force = [], False
        on_stop_signals(self.interrupt)
        try:
            self.run(demo)
        except KeyboardInterrupt:
            self.say("已停止，数据保留。")
        except ServerError as error:
            sys.exit(str(error))
        except OperationalError as error:
            sys.exit(f"连接不上数据库，或数据库拒绝了操作：{error}")
        except RedisError as error:
            sys.exit(f"连接不上队列（Redis）：{error}")

    def interrupt(self, number, frame):
        raise KeyboardInterrupt

    def hurry(self, number, frame):
        self.force = True

    def say(self, line=""):
        with contextlib.suppress(OSError):  # the terminal may be gone
            self.stdout.write(line)
            self.stdout.flush()

    def run(self, demo):
        host, port = address_from_environment()
        run = own_folder(own_folder(settings.VAR_DIR) / "run")
        with contextlib.ExitStack() as stack:
            alone = lock(run / "portal.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not alone:
                raise ServerError(f"本目录的门户已经在运行（数据目录 {settings.VAR_DIR}）。请先停止它。")
            stack.enter_context(alone)
            refuse_taken_port(host, port)
            servers = None
            if not settings.ON_SERVERS:
                self.say("正在启动数据库和队列……")
                servers = ensure_servers(settings.VAR_DIR, say=self.say)
                stack.callback(servers.leave)
            self.prepare(demo)
            stack.callback(self.stop)
            self.start(host, port)
            self.wait_for_answer(host, port)
            self.welcome(host, port, demo)
            self.watch(servers)

    # Before the first visitor

    def prepare(self, demo):
        """What must be in the database and on the disk; a second start finds it there."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("正在更新数据库结构……")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_reference", stdout=self.stdout)
        if demo and not Organisation.objects.exists():
            self.say("正在载入演示数据……")
            call_command("load_demo", stdout=self.stdout)
        stamp, now = settings.VAR_DIR / "run" / "static.stamp", static_fingerprint()
        if not stamp.exists() or stamp.read_text() != now or not settings.STATIC_ROOT.exists():
            self.say("正在整理样式和脚本……")
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(now)
        cache.get("portal")  # raises when Redis cannot be reached
        connections.close_all()

    def start(self, host, port):
        self.say("正在启动网站、后台任务和定时任务……")
        celery = "celery -A longsha_credit.celery:app"
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        web = f"gunicorn longsha_credit.wsgi:application --bind {bind} --worker-class gthread --workers 2 --threads 4"
        web += " --preload --limit-request-line 8190"  # a line as long as the proxy before it lets through
        worker = f"{celery} worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle"
        beat = f"{celery} beat --loglevel INFO --pidfile= --schedule"
        self.children = [
            Child("网站", "web", f"{web} --timeout 60 --graceful-timeout 8 --no-control-socket".split()),
            Child("后台任务", "worker", worker.split()),
            Child("定时任务", "beat", [*beat.split(), str(settings.VAR_DIR / "run" / "beat-schedule")]),
        ]
        for child in self.children:
            child.start()

    def wait_for_answer(self, host, port):
        web = self.children[0]
        until = time.monotonic() + ANSWER_SECONDS
        while (answer := answer_of(host, port)) != 200:
            self.revive_children()
            if web.deaths > 2 or time.monotonic() > until:
                why = f"健康检查回答 {answer}" if answer else "网站没有启动成功"
                raise ServerError(f"{why}，门户已停止。日志：{web.log}，最后几行：\n{tail(web.log)}")
            time.sleep(0.2)

    def welcome(self, host, port, demo):
        shown = {"0.0.0.0": "本机地址", "::": "本机地址"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        self.say(f"\n门户已就绪：http://{shown}:{port}{settings.PREFIX}")
        if demo:
            self.say(f"演示账号（密码都是 {PASSWORD}）：")
            for username, role, organisation in ACCOUNTS:
                self.say(f"  {username:<16}{role}　{organisation}")
        self.say(f"日志：{settings.VAR_DIR / 'log'}。按 Ctrl-C 停止，数据保留。")

    # Until the end

    def watch(self, servers):
        next_look = 0.0
        while True:
            self.revive_children()
            if servers and time.monotonic() > next_look:
                next_look = time.monotonic() + 1
                try:
                    if servers.revive():
                        self.say("数据库和队列意外停止，已重新启动。")
                except ServerError as error:
                    self.say(f"{error}\n30 秒后再试。")
                    next_look += 30
            time.sleep(0.3)

    def revive_children(self):
        for child in self.children:
            if said := child.revive():
                self.say(said)

    def stop(self):
        """Ask all, then insist; whoever is left of a child's group goes with it. A second Ctrl-C skips the asking."""
        on_stop_signals(self.hurry)
        self.say("\n正在停止（再按一次 Ctrl-C 立即停止）……")
        for number, seconds in STOP_LADDER:
            for child in self.children:
                child.send(number)
            until = time.monotonic() + seconds
            while any(child.is_alive() for child in self.children) and time.monotonic() < until:
                if self.force and number != signal.SIGKILL:
                    break
                time.sleep(0.1)
        for child in self.children:
            child.send_group(signal.SIGKILL)


class Child:
    """A program of the portal in a process group of its own, so that Ctrl-C reaches only us."""

    def __init__(self, label, name, arguments):
        self.label, self.arguments = label, arguments
        self.log = settings.VAR_DIR / "log" / f"{name}.log"
        self.process, self.deaths, self.started, self.next_try = None, 0, 0.0, None

    def start(self):
        # Settings read VAR_DIR against the working folder, and ours may differ from the children's
        environment = os.environ | {"VAR_DIR": str(settings.VAR_DIR), "PYTHONUNBUFFERED": "1"}
        with open_log(self.log) as log:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", *self.arguments],
                cwd=settings.BASE_DIR,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        self.started, self.next_try = time.monotonic(), None

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def revive(self):
        """Start again what has died, later each time it dies soon after; returns what to say."""
        if self.is_alive():
            return None
        if self.next_try is None:
            self.send_group(signal.SIGKILL)
            lived = time.monotonic() - self.started
            self.deaths = 1 if lived > 60 else self.deaths + 1
            wait = min(2 ** (self.deaths - 1), 30)
            self.next_try = time.monotonic() + wait
            return f"{self.label}意外退出（{self.process.returncode}），{wait} 秒后重新启动。日志：{self.log}"
        if time.monotonic() >= self.next_try:
            self.start()
        return None

    def send(self, number):
        if self.is_alive():
            self.process.send_signal(number)

    def send_group(self, number):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def on_stop_signals(handler):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def address_from_environment():
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ServerError(f"环境变量 PORT 应是 1 到 65535 的数字，现在是“{port}”。")
    return host, int(port)


def refuse_taken_port(host, port):
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except PermissionError as error:
        raise ServerError(
            f"没有权限使用端口 {port}。请换一个 1024 以上的端口，如 PORT=8080 make run。"
        ) from error
    except OSError as error:
        raise ServerError(
            f"{host} 的端口 {port} 不能使用（{error.strerror}）。请停止占用它的程序，或换一个：PORT={port + 1} make run。"
        ) from error


def answer_of(host, port):
    """The status of /healthz under the prefix, None while nobody answers."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    allowed = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    client = http.client.HTTPConnection(near, port, timeout=5)
    try:
        client.request(
            "GET", f"{settings.PREFIX}healthz", headers={"Host": allowed, "X-Forwarded-Proto": "https"}
        )
        return client.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        client.close()


def static_fingerprint():
    """Changes when a file that collectstatic would copy changes."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            info = os.stat(storage.path(path))
            digest.update(f"{path} {info.st_size} {info.st_mtime_ns}\n".encode())
    return digest.hexdigest()
