"""What stops a backup from being made or put back."""

from hub.kernel.errors import ConflictError, HubError


class BackupPassphraseError(HubError):
    """The file was sealed with another passphrase."""

    reason = "BACKUP_PASSPHRASE"
    zh = "备份口令不正确。"
    en = "That is not the passphrase of this backup."


class BackupDamagedError(HubError):
    """The file is no backup, or it was cut short, reordered or changed."""

    reason = "BACKUP_DAMAGED"
    zh = "备份文件不完整或被改动，没有恢复任何内容。"
    en = "The backup is not whole: it was cut short or changed. Nothing was restored."


class BackupNewerError(HubError):
    """The backup was made by a version that this one does not know."""

    reason = "BACKUP_NEWER"
    zh = "备份由更新的版本生成，请先升级本系统。"
    en = "The backup was made by a newer version of this software; upgrade first."


class HubExistsError(ConflictError):
    """There is a hub where the backup would go."""

    reason = "HUB_EXISTS"
    zh = "目标位置已有系统，未做任何改动；确需替换请加 --replace，原有内容会移到一旁保存。"
    en = (
        "There is a hub already; nothing was changed. To put the backup in its place add --replace: "
        "what is there is set aside, not deleted."
    )


class HubInUseError(ConflictError):
    """Somebody has the database open."""

    reason = "HUB_IN_USE"
    zh = "数据库正在使用中：请先停止服务和后台任务。"
    en = "The database is in use: stop the server and the worker first."


class BackupUntrueError(HubError):
    """What the file holds does not agree with its own public log or its own keys."""

    reason = "BACKUP_UNTRUE"
    zh = "备份内容与其公开日志或密钥不符，没有恢复。"
    en = "What the backup holds does not agree with its public log or its keys; nothing was restored."


class BackupSettingsError(HubError):
    """The backup belongs to a hub with other settings."""

    reason = "BACKUP_SETTINGS"
    zh = "备份与当前配置不符，没有恢复。"
    en = "The backup does not go with these settings; nothing was restored."


class BackupFileError(ConflictError):
    """There is a file of that name."""

    reason = "BACKUP_FILE_EXISTS"
    zh = "该文件已存在，备份从不覆盖文件。"
    en = "There is a file of that name; a backup never overwrites one."
