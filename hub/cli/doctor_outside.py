"""What `hub doctor --url` proves: the hub asked at its public address, as anybody asks it."""

import http.client
import ipaddress
import json
import re
import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from hub import config
from hub.cli.doctor_findings import DoctorFinding, FindingLevel
from hub.cli.http_client import TIMEOUT_SECONDS, HubAddress, ask, place_of
from hub.config import Settings
from hub.web.csrf import FIELD

BUFFER_SECONDS = 3.0  # who passes a request on at once is answered long before
MAX_SKEW_SECONDS = 5.0  # a dynamic code lives ten seconds at least
MIN_CERTIFICATE_DAYS = 14
_TOKEN = re.compile(rf'name="{FIELD}" value="([^"]+)"')
FORGED = "203.0.113.77"  # RFC 5737: nobody's
MANY_PROXIES = 16  # nobody has so many in a row
_TOO_LARGE = 400 * 1024 * 1024  # more than the hub takes; announced, and never sent


def look(url: str, settings: Settings) -> Iterator[DoctorFinding]:
    """Run every check of the public address; the first that shows nobody at home ends them."""
    place = place_of(url)
    if place is None:
        yield _fix("address", f"{url!r} is no http(s) address", f"{url!r} 不是 http(s) 地址")
        return
    try:
        answer = ask(place, "/healthz")
    except (OSError, http.client.HTTPException) as error:
        yield _fix("reachable", f"{url} does not answer: {_why(error)}", f"{url} 无法访问：{_why(error)}")
        return
    if answer.status != http.client.OK:
        yield _fix(
            "reachable", f"{url}/healthz answers {answer.status}", f"{url}/healthz 返回 {answer.status}"
        )
        return
    yield _ok("reachable", f"{url} answers", f"{url} 可以访问")
    for check in (_own_address, _transport, _headers, _skew, _seen, _metrics, _buffering):
        try:
            yield from check(place, settings)
        except (OSError, http.client.HTTPException, ValueError) as error:
            name = check.__name__.strip("_")
            yield _fix(name, f"could not be told: {_why(error)}", f"无法判断：{_why(error)}")


def _own_address(place: HubAddress, settings: Settings) -> Iterator[DoctorFinding]:
    shown = f"{place.scheme}://{place.host}" + ("" if _is_usual(place) else f":{place.port}")
    if shown == settings.base_url:
        yield _ok("own address", "the one in HUB_BASE_URL", "与 HUB_BASE_URL 一致")
    else:
        yield _fix(
            "own address",
            f"asked at {shown}, but HUB_BASE_URL={settings.base_url} is printed on every code",
            f"访问地址为 {shown}，而码牌上印的是 HUB_BASE_URL={settings.base_url}",
        )


def _is_usual(place: HubAddress) -> bool:
    return place.port == (443 if place.is_https else 80)


def _transport(place: HubAddress, _settings: Settings) -> Iterator[DoctorFinding]:
    if not place.is_https:
        if place.is_loopback:
            yield DoctorFinding(FindingLevel.NOTE, "TLS", "none: loopback only", "无（仅限本机）")
        else:
            yield _fix("TLS", "none: put a proxy with a certificate in front", "无：请在前面配置带证书的代理")
        return
    with closing(_tls(place, ssl.create_default_context())) as connected:
        version, certificate = connected.version(), connected.getpeercert() or {}
    ends = datetime.fromtimestamp(
        ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=config.now().tzinfo
    )
    days = (ends - config.now()).days
    if days < MIN_CERTIFICATE_DAYS:
        yield _fix("certificate", f"ends in {days} days: renew it", f"证书将在 {days} 天后到期，请续期")
    else:
        yield _ok("certificate", f"believed here, {days} days left", f"证书可信，剩余 {days} 天")
    yield _ok("TLS", str(version), str(version))
    old = _old_version(place)
    if old:
        yield _fix(
            "old TLS",
            f"{old} is still taken: allow TLS 1.2 and 1.3 only",
            f"仍接受 {old}：请仅允许 TLS 1.2 和 1.3",
        )
    else:
        yield _ok("old TLS", "1.0 and 1.1 are refused", "已拒绝 TLS 1.0 和 1.1")


def _old_version(place: HubAddress) -> str:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # only the version is asked for
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # asking for an old version is the purpose
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        with closing(_tls(place, context)) as connected:
            return str(connected.version())
    except (OSError, ValueError):
        return ""


def _tls(place: HubAddress, context: ssl.SSLContext) -> ssl.SSLSocket:
    with socket.create_connection((place.host, place.port), timeout=TIMEOUT_SECONDS) as plain:
        return context.wrap_socket(plain, server_hostname=place.host)  # takes the socket over


def _headers(place: HubAddress, _settings: Settings) -> Iterator[DoctorFinding]:
    page = ask(place, "/")
    if place.is_https:
        age = page.headers.get("strict-transport-security", "")
        if "max-age=" in age:
            yield _ok("HSTS", age, age)
        else:
            yield _fix("HSTS", "missing: the proxy takes it away", "缺失：代理去掉了该响应头")
    token = _TOKEN.search(page.body.decode(errors="replace"))
    form = urlencode({FIELD: token[1] if token else ""}).encode()
    typed = {"Content-Type": "application/x-www-form-urlencoded"}
    chosen = ask(place, "/language/en", method="POST", headers=typed, body=form)
    bad = [cookie for cookie in chosen.cookies if place.is_https and "secure" not in cookie.lower()]
    if bad:
        yield _fix(
            "cookies",
            "without Secure: the hub does not know that it is served over https; set HUB_BASE_URL to https://",
            "缺少 Secure 属性：请把 HUB_BASE_URL 设为 https://",
        )
    elif chosen.cookies:
        yield _ok("cookies", "closed to scripts and other sites", "已限制脚本与跨站访问")


def _skew(place: HubAddress, _settings: Settings) -> Iterator[DoctorFinding]:
    told = ask(place, "/healthz").headers.get("date")
    if told is None:
        yield DoctorFinding(FindingLevel.NOTE, "clock outside", "the answer has no Date", "响应中没有 Date")
        return
    seconds = abs((parsedate_to_datetime(told) - config.now()).total_seconds())
    if seconds > MAX_SKEW_SECONDS:
        yield _fix(
            "clock outside",
            f"{seconds:.0f} s apart from here: run a time service",
            f"与本机相差 {seconds:.0f} 秒：请启用时间同步",
        )
    else:
        yield _ok("clock outside", "that of this machine", "与本机一致")


def _seen(place: HubAddress, settings: Settings) -> Iterator[DoctorFinding]:
    """Whom the hub takes the asker for, honestly and with forged headers."""
    honest = json.loads(ask(place, "/whoami").body)
    chain = ", ".join([FORGED] * MANY_PROXIES)  # as many as HUB_PROXIES might wrongly count
    forged = {"X-Forwarded-For": chain, "Forwarded": f"for={FORGED}", "X-Real-IP": FORGED}
    claimed = json.loads(ask(place, "/whoami", headers=forged).body)
    if claimed["address"] == FORGED:
        yield _fix(
            "forwarding",
            "anybody can say whence he comes: HUB_PROXIES is larger than the number of proxies, or the proxy passes "
            "X-Forwarded-For on without adding the asker's address",
            "来源地址可被伪造：HUB_PROXIES 大于实际代理层数，或代理未追加 X-Forwarded-For",
        )
    else:
        yield _ok(
            "forwarding", "what the asker says of himself is not believed", "不采信访问者自报的来源地址"
        )
    if place.is_https and honest["scheme"] != "https":
        yield _fix(
            "scheme",
            "the hub sees http: the proxy must send X-Forwarded-Proto",
            "系统看到的是 http：代理须发送 X-Forwarded-Proto",
        )
    if _is_loopback(honest["address"]) and settings.is_https and not place.is_loopback:
        yield _fix(
            "asker's address",
            f"the hub takes everybody for {honest['address']}: set HUB_PROXIES, and let the proxy send X-Forwarded-For",
            f"系统把所有访问者当作 {honest['address']}：请设置 HUB_PROXIES，并让代理发送 X-Forwarded-For",
        )
    else:
        yield _ok("asker's address", f"seen as {honest['address']}", f"系统看到的来源：{honest['address']}")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _metrics(place: HubAddress, _settings: Settings) -> Iterator[DoctorFinding]:
    tries: tuple[dict[str, str], ...] = (
        {},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
    )
    is_open = [ask(place, "/metrics", headers=headers).status == http.client.OK for headers in tries]
    if not any(is_open):
        yield _ok("metrics", "closed to outside", "对外关闭")
    elif place.is_loopback and not place.is_https:
        yield DoctorFinding(
            FindingLevel.NOTE,
            "metrics",
            "open to this machine, as meant",
            "对本机开放（正常）；请用公网地址检查",
        )
    else:
        yield _fix(
            "metrics",
            "open to everybody: set HUB_PROXIES to the number of proxies, or refuse /metrics in the proxy",
            "对外开放：请把 HUB_PROXIES 设为代理层数，或在代理中拒绝 /metrics",
        )


def _buffering(place: HubAddress, _settings: Settings) -> Iterator[DoctorFinding]:
    """A body that is announced, too large and never sent: who passes the request on at once gets the hub's refusal."""
    with closing(place.connection(timeout=BUFFER_SECONDS)) as connection:
        connection.putrequest("POST", "/api/v1/verifications")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(_TOO_LARGE))
        connection.endheaders()
        try:
            answer = connection.getresponse()
        except TimeoutError:
            yield _ok("bodies", "read by the proxy before the hub is asked", "由代理读完请求体后再转发")
            return
        by_hub = answer.getheader("X-Request-ID") is not None
    if by_hub:
        yield DoctorFinding(
            FindingLevel.NOTE,
            "bodies",
            "passed on unbuffered: the hub reads them itself, with a deadline; a proxy that buffers takes that off it "
            "(nginx: proxy_request_buffering on)",
            "请求体未经代理缓冲，由系统自行限时读取；建议由代理缓冲（nginx：proxy_request_buffering on）",
        )
    else:
        yield _ok("bodies", "bounded by the proxy", "由代理限制大小")


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__


def _ok(what: str, en: str, zh: str) -> DoctorFinding:
    return DoctorFinding(FindingLevel.OK, what, en, zh)


def _fix(what: str, en: str, zh: str) -> DoctorFinding:
    return DoctorFinding(FindingLevel.FIX, what, en, zh)
