"""Every setting as it stands, for `hub doctor`: values as they are, secrets only as set or not set."""

from collections.abc import Iterator

from hub.cli.doctor_findings import DoctorFinding, FindingLevel
from hub.config import Settings
from hub.kernel.messages import Message

_SET, _NOT_SET = Message("已设置", "set"), Message("未设置", "not set")
_LOGGED = Message(
    "标准错误输出；hub serve 写入 HUB_HOME 下的 requests.jsonl",
    "standard error; hub serve: requests.jsonl in HUB_HOME",
)


def shown_settings(settings: Settings) -> Iterator[DoctorFinding]:
    """Name every setting."""
    shown: dict[str, object] = {
        "HUB_HOME": settings.home,
        "HUB_DATABASE_URL": settings.database_url.split("@")[-1],  # no password on a screen
        "HUB_BASE_URL": settings.base_url,
        "HUB_KEYS": settings.keys_uri.split("?", maxsplit=1)[0],
        "HUB_PROFILE": settings.profile,
        "HUB_PDF_CERTIFICATE": settings.pdf_certificate
        or Message("未设置：文件由演示机构签名", "not set: the demonstration authority signs documents"),
        "HUB_PDF_KEY": settings.pdf_key or _NOT_SET,
        "HUB_LOG": settings.request_log or _LOGGED,
        "HUB_PDF_KEY_PASSPHRASE": _SET if settings.pdf_key_passphrase else _NOT_SET,
        "HUB_ALGORITHMS": ",".join(sorted(settings.algorithms or ()))
        or Message("未设置：密钥所有的算法均可", "not set: all that the keys have"),
        "HUB_DEMO": int(settings.demo),
        "HUB_REDIS_URL": _SET
        if settings.redis_url
        else Message("未设置：各进程分别限流", "not set: rate limits count per process"),
        "HUB_TIMEZONE": settings.timezone.key,
        "HUB_LOCALE": settings.locale,
        "HUB_DYNAMIC_SECONDS": settings.dynamic_seconds,
        "HUB_RATE_FACTOR": settings.rate_factor,
        "HUB_PROXIES": settings.proxies,
        "HUB_SPOOL_FILES": settings.spool_files,
        "HUB_SPOOL_MB": settings.spool_megabytes,
        "HUB_KEY_LEAD_SECONDS": settings.key_lead_seconds,
        "HUB_BACKUP_PASSPHRASE": _SET
        if settings.backup_passphrase
        else Message("未设置：使用时询问", "not set: asked for"),
        "HUB_METRICS_TOKEN": _SET
        if settings.metrics_token
        else Message("未设置：指标仅限本机访问", "not set: metrics answer on loopback only"),
    }
    for name, value in shown.items():
        if isinstance(value, Message):
            yield DoctorFinding(FindingLevel.NOTE, name, value.en, value.zh)
        else:
            yield DoctorFinding(FindingLevel.NOTE, name, str(value))
