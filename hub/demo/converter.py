"""From the generator's records to what the storing functions take. Everything is marked with the source `demo`."""

from decimal import Decimal

from hub.credit.reported import PenaltyRecord
from hub.credit.rules import PenaltyLevel
from hub.demo.records import DemoEnterprise
from hub.licenses.catalogue.rules import normalise_number
from hub.licenses.records import LicenseRecord
from hub.registry.records import EnterpriseRecord, OverlayFact, PremisesRecord

SOURCE = "demo"


def enterprise_record(enterprise: DemoEnterprise) -> EnterpriseRecord:
    face = enterprise.face
    return EnterpriseRecord(
        uscc=face.uscc,
        name=face.name,
        entity_type=face.entity_type,
        type_text=face.type_text,
        person=face.person,
        capital=face.capital,
        established_on=face.established_on,
        term_to=face.term_to,
        authority=face.authority,
        approved_on=face.established_on,
        state=face.state,
        state_text=face.state.value,
        address=enterprise.places[0].address,
        region=face.region,
        industry=face.industry,
        scope_text=face.scope_text,
        overlays=tuple(
            OverlayFact(kind=each.kind, since=each.since, source=SOURCE) for each in enterprise.listings
        ),
        is_residence=enterprise.places[0].is_residence,
    )


def premises_records(enterprise: DemoEnterprise) -> list[PremisesRecord]:
    """Return the records of the premises. The first has the registered address and becomes the main premises."""
    return [
        PremisesRecord(
            uscc=enterprise.face.uscc,
            name=place.name,
            address=place.address,
            region=enterprise.face.region,
            area=place.area,
            latitude=place.latitude,
            longitude=place.longitude,
            phone=place.phone,
            is_residence=place.is_residence,
        )
        for place in enterprise.places
    ]


def license_records(enterprise: DemoEnterprise) -> list[LicenseRecord]:
    return [
        LicenseRecord(
            uscc=enterprise.face.uscc,
            type_code=permit.type_code,
            number=normalise_number(permit.number),
            holder_name=enterprise.face.name,
            issuer=permit.issuer,
            state=permit.state,
            valid_from=permit.valid_from,
            valid_to=permit.valid_to,
            issued_on=permit.issued_on,
            address="" if permit.place is None else enterprise.places[permit.place].address,
        )
        for permit in enterprise.permits
    ]


def penalty_records(enterprise: DemoEnterprise) -> list[PenaltyRecord]:
    return [
        PenaltyRecord(
            uscc=enterprise.face.uscc,
            decision_no=each.decision_no,
            act=each.act,
            kind=each.kind,
            level=PenaltyLevel(each.level),
            decided_on=each.decided_on,
            authority=each.authority,
            fine_yuan=Decimal(each.fine_yuan) if each.fine_yuan else None,
        )
        for each in enterprise.punishments
    ]
