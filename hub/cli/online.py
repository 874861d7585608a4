"""What a text is worth by the live records: a code, a credential or a receipt, told apart by its form."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hub.access.matrix import MATRIX
from hub.cli.context import HubContext
from hub.codes.verification.service import Verification
from hub.codes.verification.verdicts import CodeVerdict
from hub.credentials.verdicts import CredentialVerdict
from hub.credentials.verification import CredentialVerification, PresentedCredential
from hub.kernel.verdicts import Verdict
from hub.licenses.colours.rules import face_of
from hub.trust.keys.algorithms import accepted
from hub.trust.receipts import judge_receipt
from keys import Algorithm
from signing import Form, form_of, trimmed


@dataclass(frozen=True)
class LiveVerifier:
    """`audience` and `nonce`: for whom a presentation must have been signed; both or neither."""

    hub: HubContext
    algorithms: frozenset[Algorithm] | None
    audience: str | None
    nonce: str | None

    def judge(self, text: str) -> Verdict:
        match form_of(trimmed(text)):
            case Form.CREDENTIAL:
                presented = PresentedCredential(text, self.audience, self.nonce, self.algorithms)
                return self._credentials.verify(presented, now=self.hub.now())
            case Form.RECEIPT:
                return self._receipt(text)
            case Form.CODE:
                return self._codes.verify(text, now=self.hub.now(), algorithms=self.algorithms)

    def _receipt(self, text: str) -> Verdict:
        hub, settings = self.hub, self.hub.settings
        return judge_receipt(
            text,
            issuer=hub.issuer(),
            base_url=settings.base_url,
            now=hub.now(),
            db=hub.db,
            algorithms=accepted(self.algorithms, policy=settings.algorithms),
        )

    @cached_property
    def _codes(self) -> Verification:
        settings = self.hub.settings
        return Verification(
            self.hub.db,
            issuer=self.hub.issuer(),
            origins=[settings.base_url],
            today=settings.today,
            scans=None,
            matrix=MATRIX,
            tables=self.hub.tables,
            algorithms=settings.algorithms,
        )

    @cached_property
    def _credentials(self) -> CredentialVerification:
        settings = self.hub.settings
        return CredentialVerification(
            self.hub.db,
            issuer=self.hub.issuer(),
            base_url=settings.base_url,
            today=settings.today,
            tables=self.hub.tables,
            algorithms=settings.algorithms,
        )


def terminal_text(verdict: Verdict) -> str:
    """Return the verdict for a person at a terminal, in both languages."""
    lines = [f"{verdict.outcome.value.upper()}  {verdict.message.zh}  {verdict.message.en}"]
    match verdict:
        case CodeVerdict():
            lines += _of_code(verdict)
        case CredentialVerdict(credential=Mapping() as told):
            disclosed = told["disclosed"]
            if isinstance(disclosed, Mapping):
                lines += [
                    f"  {name}: {'长期' if value is None else value}" for name, value in disclosed.items()
                ]
    return "\n".join(lines)


def _of_code(verdict: CodeVerdict) -> list[str]:
    lines = []
    if verdict.enterprise is not None:
        face = face_of(verdict.enterprise.colour).name
        lines.append(f"  {verdict.enterprise.name}  {verdict.enterprise.uscc}")
        lines.append(f"  {verdict.enterprise.state or ''}  {face.zh} {face.en}")
    if verdict.premises is not None:
        lines.append(f"  {verdict.premises.name}  {verdict.premises.address}")
    for each in verdict.licenses:
        until = "长期" if each.valid_to is None else each.valid_to.isoformat()
        lines.append(
            f"  {face_of(each.colour).name.zh}  {each.type_name.zh}  {each.number}  {until}  {each.reason}"
        )
    return lines
