"""Which files stand behind a record and behind what its subject asked; nobody exchanges them afterwards."""

import pgtrigger
from django.db import models

from longsha_credit.audit.triggers import append_only, not_truncated, refuse
from longsha_credit.files.models import StoredFile
from records.models.records import Record
from records.models.requests import Objection, Repair


class Attached(models.Model):
    """附件：哪一份文件属于它。"""

    storedfile = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="文件"
    )

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.storedfile)


class RecordFile(Attached):
    """证据：这条记录凭的是哪一份文件。草稿可以换，提交核实以后不增、不换、不减。"""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name="诚信记录")

    class Meta:
        verbose_name = "记录的证据"
        db_table = "records_record_files"
        unique_together = [("record", "storedfile")]
        triggers = [
            pgtrigger.Trigger(
                name="evidence_changes_only_as_draft",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (
                  SELECT FROM records_record
                  WHERE id IN (OLD.record_id, NEW.record_id) AND state NOT IN ('draft', 'returned')
                ) THEN
                  {refuse("evidence_changes_only_as_draft", "what was submitted keeps the files it was submitted with")}
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
                """,
            ),
            not_truncated(),
        ]


def _come_with(word: str) -> list[pgtrigger.Trigger]:
    """The files of a request are handed in with it; neither who handles nor who decides it adds or takes any."""
    rule = f"{word}_files_come_with_it"
    return [
        pgtrigger.Trigger(
            name=rule,
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            func=f"""
            IF EXISTS (SELECT FROM records_{word} WHERE id = NEW.{word}_id AND state <> 'filed') THEN
              {refuse(rule, "no file is added to what is being handled or is decided")}
            END IF;
            RETURN NEW;
            """,
        ),
        *append_only(),
    ]


class ObjectionFile(Attached):
    """异议的证明材料：随异议一起提出，以后不增、不换、不减。"""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="+", verbose_name="异议")

    class Meta:
        verbose_name = "异议的证明材料"
        db_table = "records_objection_files"
        unique_together = [("objection", "storedfile")]
        triggers = _come_with("objection")


class RepairFile(Attached):
    """履行完毕的证明：随修复申请一起提出，以后不增、不换、不减。"""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="+", verbose_name="信用修复")

    class Meta:
        verbose_name = "履行完毕的证明"
        db_table = "records_repair_files"
        unique_together = [("repair", "storedfile")]
        triggers = _come_with("repair")
