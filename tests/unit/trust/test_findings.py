"""Many findings of one kind hide none of another, and how many are not shown is told."""

from hub.trust.log.findings import MAX_FINDINGS, AuditReason, Findings


def test_many_findings_of_one_kind_hide_none_of_another() -> None:
    found = Findings()
    for number in range(MAX_FINDINGS + 5):
        found.add(AuditReason.CHECKPOINT_FORGED, "trust_log_checkpoint", number)
    found.add(AuditReason.ROW_EDITED, "license", "1")

    reasons = [each.reason for each in found.kept]
    assert reasons.count(AuditReason.ROW_EDITED) == 1
    assert found.count == MAX_FINDINGS + 6


def test_what_is_not_shown_is_told_once_for_each_kind() -> None:
    found = Findings()
    for number in range(MAX_FINDINGS + 5):
        found.add(AuditReason.CHECKPOINT_FORGED, "trust_log_checkpoint", number)
    for number in range(MAX_FINDINGS):
        found.add(AuditReason.ROW_EDITED, "license", number)

    assert len(found.kept) == 2 * MAX_FINDINGS + 1
    told = found.kept[-1]
    assert (told.reason, told.table, told.key) == (AuditReason.CHECKPOINT_FORGED, "", "+5")
    assert "5 more" in told.detail
