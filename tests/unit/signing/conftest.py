import pytest

from tests.support.forger import Workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop.open(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="session")
def national(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The same workshop with SM2 keys where the national profile has them."""
    return Workshop.open(tmp_path_factory.mktemp("national"), profile="national")
