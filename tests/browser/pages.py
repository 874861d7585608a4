"""Every page a person can open, by role, with an address filled in from the demonstration city.

A route without a row in PAGES or in NOT_PAGES fails test_every_page_is_visited.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page as Tab

from hub.kernel.actor import Role
from tests.browser.samples import Samples


@dataclass(frozen=True)
class Page:
    """One page: the endpoint, who opens it, where it is, and what else is to be known about it."""

    endpoint: str
    role: Role | None
    path: Callable[[Samples], str]
    name: str = ""
    status: int = 200
    then: Callable[[Tab], None] | None = None

    @property
    def title(self) -> str:
        return "-".join(filter(None, (self.endpoint, self.name, self.role and self.role.name.lower())))


def _at(path: str) -> Callable[[Samples], str]:
    return lambda _samples: path


def _login_at_a_bare_address(samples: Samples) -> str:
    """Where browsers offer no passkeys: the page says where they do."""
    return samples.server.url.replace("localhost", "127.0.0.1") + "/access/login"


def _waiver(samples: Samples) -> str:
    item = samples.space.missing[0].item
    place = "" if item.premises_id is None else item.premises_id
    return f"/enterprise/permits/{item.type_code}/waive?premises={place}"


def _give_a_purpose(tab: Tab) -> None:
    """Open what needs a purpose on record; within half an hour the page opens by itself."""
    purposes = tab.locator("input[name=purpose]")
    if purposes.count():
        purposes.first.check()
        tab.locator("form:has(input[name=purpose]) button").click()
        tab.wait_for_load_state()
        purposes.first.wait_for(state="detached")


OWNER, OFFICER, OFFICIAL, AUDITOR = Role.OWNER, Role.OFFICER, Role.OFFICIAL, Role.AUDITOR

ANYONE = (
    Page("home.index", None, _at("/")),
    Page("home.problem_page", None, _at("/problems/LOGIN_REQUIRED")),
    Page("access.login_page", None, _at("/access/login")),
    Page("access.login_page", None, _login_at_a_bare_address, name="bare-address"),
    Page("access.enrolment_page", None, lambda samples: samples.enrolment()),
    Page("access.link_page", None, lambda samples: samples.login_link()),
    Page("api.docs", None, _at("/docs")),
    Page("home.index", None, _at("/no-such-page"), name="not-found", status=404),
)
PUBLIC = (
    Page("public.code_page", None, lambda samples: f"/c/{samples.code}"),
    Page("public.code_page", None, lambda samples: f"/c/{samples.code}?all=1", name="all"),
    Page(
        "public.code_page", None, _at("/c/P1.91330802MA2TEXT162.7K2M9QXT4R.AAAA"), name="refused", status=404
    ),
    Page("public.place_page", None, lambda samples: f"/c/{samples.code}/place"),
    Page("public.help_page", None, _at("/c/")),
    Page("public.log_page", None, _at("/log/")),
    Page("public.thanks_page", None, lambda samples: f"/c/thanks/{samples.report.uscc}/{samples.report.id}"),
)
ENTERPRISE = (
    Page("enterprise.home", OWNER, _at("/enterprise/")),
    Page("enterprise.home", Role.AGENT, _at("/enterprise/")),
    Page("enterprise.licenses_page", OWNER, _at("/enterprise/licenses")),
    Page("enterprise.licenses_page", OWNER, _at("/enterprise/licenses?colour=red"), name="red"),
    Page(
        "enterprise.license_page",
        OWNER,
        lambda samples: f"/enterprise/licenses/{samples.space.licenses[0].id}",
    ),
    Page("enterprise.code_page", OWNER, _at("/enterprise/code")),
    Page("enterprise.permits_page", OWNER, _at("/enterprise/permits")),
    Page("enterprise.waive_page", OWNER, _waiver),
    Page("enterprise.premises_page", OWNER, _at("/enterprise/premises")),
    Page("enterprise.changes", OWNER, _at("/enterprise/business-license")),
    Page("enterprise.credit_page", OWNER, _at("/enterprise/credit")),
    Page("enterprise.looks_page", OWNER, _at("/enterprise/looks")),
    Page("enterprise.wallets_page", OWNER, _at("/enterprise/wallets")),
    Page("enterprise.log_page", OWNER, _at("/enterprise/log")),
    Page("access.account", OWNER, _at("/access/account")),
    Page("access.roles_page", OWNER, _at("/access/roles")),
    Page("access.prove_page", OWNER, _at("/access/prove")),
)
ENFORCEMENT = (
    Page("enforcement.home", OFFICER, _at("/enforcement/")),
    Page("enforcement.scanner", OFFICER, _at("/enforcement/scan")),
    Page("enforcement.certificate", OFFICER, _at("/enforcement/certificate")),
    Page("enforcement.scan_result", OFFICER, lambda samples: f"/enforcement/code/{samples.code}"),
    Page("enforcement.scan_result", OFFICER, _at("/enforcement/code/P1.NOT.OURS.AAAA"), name="refused"),
    Page("enforcement.scan_result", OFFICER, _at("/enforcement/code/D1.SHOWN"), name="shown"),
    Page("enforcement.enterprise", OFFICER, lambda samples: f"/enforcement/enterprises/{samples.stranger}"),
    Page(
        "enforcement.enterprise",
        OFFICER,
        lambda samples: f"/enforcement/enterprises/{samples.uscc}",
        name="dossier",
        then=_give_a_purpose,
    ),
)
GOVERNMENT = (
    Page("government.overview", OFFICIAL, _at("/government/")),
    Page("government.overview", AUDITOR, _at("/government/")),
    Page("government.enterprises", OFFICIAL, _at("/government/enterprises")),
    Page("government.enterprises", OFFICIAL, _at("/government/enterprises?q=zzzzzz"), name="none"),
    Page("government.enterprise", OFFICIAL, lambda samples: f"/government/enterprises/{samples.stranger}"),
    Page(
        "government.enterprise",
        OFFICIAL,
        lambda samples: f"/government/enterprises/{samples.uscc}",
        name="dossier",
        then=_give_a_purpose,
    ),
    Page("government.sources", OFFICIAL, _at("/government/sources")),
    Page("government.batch", OFFICIAL, lambda samples: f"/government/sources/{samples.batch_id}"),
    Page("government.exceptions", OFFICIAL, _at("/government/exceptions")),
    Page("government.exceptions", AUDITOR, _at("/government/exceptions?state=ended")),
    Page("government.exception", OFFICIAL, lambda samples: samples.exception()),
    Page("government.new_exception", OFFICIAL, _at("/government/exceptions/new")),
    Page("government.plates", OFFICIAL, _at("/government/plates")),
    Page("government.area", OFFICIAL, lambda samples: f"/government/plates/area?name={samples.plate.area}"),
    Page("government.plate", OFFICIAL, lambda samples: f"/government/plates/{samples.plate.plate.plate_id}"),
    Page("government.reports", OFFICIAL, _at("/government/reports")),
    Page(
        "government.report",
        OFFICIAL,
        lambda samples: f"/government/reports/{samples.report.uscc}/{samples.report.id}",
    ),
    Page("government.copies", OFFICIAL, _at("/government/copies")),
    Page("government.copy", OFFICIAL, lambda samples: samples.suspicion()),
    Page("government.scope", OFFICIAL, _at("/government/scope")),
    Page("government.passkey_doubts", OFFICIAL, _at("/government/doubts")),
    Page("government.proposals", OFFICIAL, _at("/government/proposals")),
    Page("government.proposal", OFFICIAL, lambda samples: samples.proposal()),
    Page("government.proposal", AUDITOR, lambda samples: samples.proposal()),
    Page("government.audit", AUDITOR, _at("/government/audit")),
    Page("government.audit_looks", AUDITOR, _at("/government/audit/looks")),
)
PAGES = (*ANYONE, *PUBLIC, *ENTERPRISE, *ENFORCEMENT, *GOVERNMENT)

NOT_PAGES = {  # endpoint of a GET route: what it answers with instead of a page
    "static": "file",
    "enterprise.static": "file",
    "enforcement.static": "file",
    "government.static": "file",
    "government.figures": "machine",
    "government.exported_exceptions": "file",
    "government.refused": "file",
    "government.sheets": "file",
    "government.unmatched": "file",
    "home.alive": "machine",
    "home.ready": "machine",
    "home.metrics": "machine",
    "home.whoami": "machine",
    "trust.key_set": "machine",
    "trust.key_history": "machine",
    "license_metadata.all_of_one": "machine",
    "license_metadata.one": "machine",
    "bundles.bundle": "machine",
    "bundles.shard": "machine",
    "statuses.status_list": "machine",
    "verifier.static": "file",
    "api.openapi": "machine",
    "enterprises.enterprise": "machine",
    "enterprises.licenses": "machine",
    "plates.plate_file": "file",
    "enterprise.export_licenses": "file",
    "enterprise.plate_file": "file",
    "credential-types.type_document": "machine",
    "credential-types.issuer": "machine",
    "wallets.keys": "machine",
    "credentials.credential": "machine",
    "credentials.own_licenses": "machine",
    "enterprise.credential_file": "file",
    "enterprise.log_receipt": "file",
    "enterprise.log_export": "file",
    "government.audit_receipt": "file",
    "log.checkpoint": "machine",
    "log.tile": "machine",
    "log.entries": "machine",
    "log.receipt": "machine",
    "log.witness_key": "machine",
    "log.witness_seen": "machine",
    "enterprise.code_fragment": "part of enterprise.code_page",
}
