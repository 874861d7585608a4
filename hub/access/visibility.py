"""Who is which audience of the matrix (`hub.access.matrix`)."""

from hub.access.matrix import Audience
from hub.kernel.actor import ENTERPRISE_ROLES, Role


def audience_of(role: Role) -> Audience:
    """Return the audience of a logged-in reader; auditors read acts, and see what the government sees."""
    if role in ENTERPRISE_ROLES:
        return Audience.ENTERPRISE
    return Audience.ENFORCEMENT if role is Role.OFFICER else Audience.GOVERNMENT
