from flask import Blueprint

blueprint = Blueprint(
    "enforcement", __name__, url_prefix="/enforcement", template_folder="templates", static_folder="static"
)
