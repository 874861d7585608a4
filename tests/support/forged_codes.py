"""Every class of forged code text."""

from tests.support.forged_addresses import ADDRESS_FORGERIES
from tests.support.forged_signatures import SIGNATURE_FORGERIES
from tests.support.forged_writing import WRITING_FORGERIES

CODE_FORGERIES = {**WRITING_FORGERIES, **ADDRESS_FORGERIES, **SIGNATURE_FORGERIES}
