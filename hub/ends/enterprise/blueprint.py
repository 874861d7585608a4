from flask import Blueprint

from hub.kernel.actor import Role

blueprint = Blueprint(
    "enterprise", __name__, url_prefix="/enterprise", template_folder="templates", static_folder="static"
)

EVERYONE = (Role.OWNER, Role.MANAGER, Role.AGENT)
KEEPERS = (Role.OWNER, Role.MANAGER)  # who may change something or see who looked
