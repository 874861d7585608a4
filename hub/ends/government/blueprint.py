from flask import Blueprint

from hub.kernel.actor import Role

blueprint = Blueprint(
    "government", __name__, url_prefix="/government", template_folder="templates", static_folder="static"
)

READERS = (Role.OFFICIAL, Role.AUDITOR)  # who may see figures and where data came from
PAGE = 50  # rows of a list on one page
