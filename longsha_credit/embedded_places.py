"""Folders, locks, logs and accounts of the embedded servers, and the sentences when one cannot be used."""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import sys
from pathlib import Path

LOG_LIMIT = 10 * 1024 * 1024


class ServerError(Exception):
    """A sentence for the person at the keyboard: what is wrong and what to do."""


# Files, locks and accounts


def socket_folder(var_dir):
    """A short folder, as a socket's path holds 107 bytes; one per user and var_dir, so that clones stand side by side."""
    key = hashlib.sha256(os.fsencode(Path(var_dir).resolve())).hexdigest()[:12]
    return Path(f"/tmp/longsha-{os.geteuid()}-{key}")  # noqa: S108  private, and checked before use


def postgres_account():
    """The account PostgreSQL runs as: our own, or nobody for root, whom it refuses.

    Redis runs as ourselves: the cache holds pickles, which nobody else may write.
    """
    try:
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError as error:
        missing = "nobody" if os.geteuid() == 0 else f"（编号 {os.geteuid()}）"
        raise ServerError(f"系统中没有用户 {missing}，数据库无法启动。请先建立这个用户。") from error


def own_folder(folder):
    """The folder, made private when missing; refused when it belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        theirs, mine = user_name(owner), user_name(os.geteuid())
        raise ServerError(
            f"目录 {folder} 是用户 {theirs} 建立的，当前用户 {mine} 不能使用。\n"
            f"请改由 {theirs} 运行；或先停止运行，由管理员执行 chown -R {mine} '{folder}'，再启动。"
        )
    return folder


def user_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def lock(path, how):
    """The open file that holds the lock, or None when it is not to be had at once (LOCK_NB)."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        file.close()
        return None
    return file


def is_locked(path):
    probe = lock(path, fcntl.LOCK_SH | fcntl.LOCK_NB)
    if probe:
        probe.close()
    return probe is None


def open_log(path):
    """A log file to append to; past LOG_LIMIT the old one is kept once as .1."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def tail(path, lines=8):
    """The last lines of a log, indented, for a person to read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return "    （读不到日志）"
    return "\n".join("    " + line for line in text.splitlines()[-lines:])


def dies_with_parent(stop_signal):
    """A preexec_fn: the kernel sends the child stop_signal when the thread that started it ends (Linux only)."""
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare():
        if libc:
            libc.prctl(
                1, stop_signal
            )  # PR_SET_PDEATHSIG; a change of user would clear it, and has happened by now
        if os.getppid() != parent:
            os._exit(1)

    return prepare


# Where the programs are, and who may reach them


def package_folder(name):
    found = importlib.util.find_spec(name)
    if not found or not found.submodule_search_locations:
        raise ServerError(f"没有安装 {name}，无法启动自带的数据库和队列。请先运行 make .venv。")
    return Path(found.submodule_search_locations[0]).resolve()


def let_in(account, folder, say):
    """Let PostgreSQL's account pass through a folder and those above: only x, only where missing, and said."""
    for parent in [*reversed(folder.parents), folder]:
        info = parent.stat()
        own = (info.st_uid == account.pw_uid and info.st_mode & 0o100) or (
            info.st_gid == account.pw_gid and info.st_mode & 0o010
        )
        if not own and not info.st_mode & 0o001:
            parent.chmod(stat.S_IMODE(info.st_mode) | 0o001)
            say(f"以 root 运行：数据库改用用户 {account.pw_name}，已允许它穿过目录 {parent}（只加 x 权限）。")


def let_read(folder):
    """Programs that pip installed under a strict umask, made readable to PostgreSQL's account."""
    for path in [folder, *folder.rglob("*")] if folder.exists() else []:
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | 0o004 | (0o001 if mode & 0o100 else 0)
        if mode != wanted:
            path.chmod(wanted)


def private_sockets(folder, account):
    """The folder for sockets, ours alone and empty but for pg/, which belongs to PostgreSQL's account."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    info = folder.lstat()  # in /tmp, whose sticky bit keeps what is ours in its place
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid():
        raise ServerError(
            f"{folder} 已被别的用户（{user_name(info.st_uid)}）占用。请由管理员查明并删除它，再启动。"
        )
    folder.chmod(0o711 if account.pw_uid != os.geteuid() else 0o700)
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    hand_over(folder / "pg", account)


def hand_over(folder, account):
    """A private folder of PostgreSQL's account."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account.pw_uid != os.geteuid():
        os.chown(folder, account.pw_uid, account.pw_gid)
