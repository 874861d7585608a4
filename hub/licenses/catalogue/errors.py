"""What is refused about rows of the catalogue: one class for each fault, with the column that has it."""

from hub.kernel.errors import ConflictError, InvalidInputError

MAX_CODE_CHARS = 40  # as licenses keep it
MAX_TEXT_CHARS = 200  # the longest of a name, a department or a legal basis
MAX_ALIASES = 20  # other spellings of one kind's name; the shipped rows have three at most
MAX_MONTHS = 600  # fifty years: longer is "no usual end"
MAX_DAYS = 400  # before the end of validity: a window that opens earlier is a year's slip
MAX_WAYS = 10_000  # in which a pattern may be tried on one number: tens of thousands of rows come at once


class LicenseTypeError(InvalidInputError):
    """A row of the catalogue is not acceptable."""

    reason = "TYPE"
    field = "code"
    zh = "目录行有误。"
    en = "The row of the catalogue is not acceptable."


class TypeCodeError(LicenseTypeError):
    reason = "TYPE_CODE"
    zh = f"类别代码应为 2 至 {MAX_CODE_CHARS} 位小写字母、数字和连字符，以字母开头；business-license 专指营业执照。"
    en = (
        f"A code is 2 to {MAX_CODE_CHARS} small letters, digits and hyphens and begins with a letter; "
        "business-license is the business license alone."
    )


class TypeTextError(LicenseTypeError):
    reason = "TYPE_TEXT"
    zh = f"该栏必填，不超过 {MAX_TEXT_CHARS} 字，不得含看不见的字符；别名至多 {MAX_ALIASES} 个。"
    en = (
        f"This column is needed, has at most {MAX_TEXT_CHARS} characters and none that cannot be seen; "
        f"at most {MAX_ALIASES} aliases."
    )


class TypeValueError(LicenseTypeError):
    reason = "TYPE_VALUE"
    zh = "该栏的取值不在允许范围内：数字、true/false、YYYY-MM-DD 日期或规定的词。"
    en = "Not a value of this column: a number, true or false, a date YYYY-MM-DD, or one of its words."


class TypeRenewalError(LicenseTypeError):
    reason = "TYPE_RENEWAL"
    field = "opens"
    zh = "延续申请期应先开始后截止，单位为 days、working_days 或 months，且不早于期满前 400 天（60 个月）。"
    en = "A renewal window opens before it closes, in days, working_days or months, at most 400 days (60 months) ahead."


class TypePatternError(LicenseTypeError):
    reason = "TYPE_NUMBER_PATTERN"
    field = "number_pattern"
    zh = r"编号规则应为以 \Z 结尾的正则表达式，重复次数有上限；校验码须有编号规则。"
    en = r"A number pattern is a regular expression that ends with \Z and repeats within bounds; a check digit needs one."


class TypeAuthorityError(LicenseTypeError):
    reason = "TYPE_AUTHORITY"
    field = "authority_uscc"
    zh = "定义机构的统一社会信用代码应有效，顺序号为三位数字（GB/T 36904）。"
    en = "The defining authority has a valid credit code, the sequence three digits (GB/T 36904)."


class TypePeriodError(LicenseTypeError):
    reason = "TYPE_PERIOD"
    field = "valid_to"
    zh = "失效日期不得早于生效日期。"
    en = "A row does not end before it begins."


class TypeColumnsError(LicenseTypeError):
    reason = "TYPE_COLUMNS"
    field = "columns"
    zh = "文件不是目录表：应为 UTF-8 编码的 CSV，栏目与 hub catalogue list --csv 的输出一致。"
    en = "The file is no catalogue: CSV in UTF-8 with the columns that hub catalogue list --csv writes."


class TypeTwiceError(LicenseTypeError):
    reason = "TYPE_TWICE"
    zh = "同一类别同一生效日期的行出现了两次。"
    en = "Two rows have the same code and the same first day."


class TypeNameTakenError(ConflictError):
    """Two kinds would have one name or alias on some day, so that a department's word would mean either."""

    reason = "TYPE_NAME_TAKEN"
    zh = "该名称或别名在同一时期已属于另一类证照。"
    en = "The name or an alias belongs to another kind of license at the same time."


class CatalogueNotBegunError(ConflictError):
    reason = "CATALOGUE_NOT_BEGUN"
    zh = "证照目录尚未入库，请先运行 hub init。"
    en = "The catalogue is not in the database yet: run hub init first."
