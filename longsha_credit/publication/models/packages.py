"""What was made at night of everything public: a set of files, good as long as nothing was taken down since."""

from django.db import models
from django.db.models import Q


class DataPackageQuerySet(models.QuerySet):
    def public(self, withdrawn):
        """Packages without anything that was taken down since: `withdrawn` is how many withdrawals there are now."""
        return self.filter(withdrawn=withdrawn).exclude(finished_at=None)

    def newest_first(self):
        return self.order_by("-day", "-id")


class DataPackage(models.Model):
    """开放数据整包：某一天现在公开的全部内容，每类几个文件；之后撤下过任何内容的包不再提供。"""

    day = models.DateField("日期")
    begun_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("做好时间", null=True)
    # what the ledger said before the first row was read
    head = models.BigIntegerField("账上的序号")
    withdrawn = models.BigIntegerField("撤下过几次")

    objects = DataPackageQuerySet.as_manager()

    class Meta:
        verbose_name = "开放数据整包"
        ordering = ["-day", "-id"]

    def __str__(self):
        return f"{self.day} 开放数据"


class PackageFileQuerySet(models.QuerySet):
    def public(self, withdrawn):
        """Files of packages without anything that was taken down since."""
        return self.filter(package__withdrawn=withdrawn).exclude(package__finished_at=None)


class PackageFile(models.Model):
    """整包里的一个文件：一类内容的一种格式，或者它的栏目说明。"""

    package = models.ForeignKey(
        DataPackage, on_delete=models.CASCADE, related_name="files", verbose_name="整包"
    )
    resource = models.CharField("哪一类", max_length=40)
    label = models.CharField("名称", max_length=40)
    form = models.CharField("格式", max_length=10)
    rows = models.PositiveIntegerField("条数")
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("校验值", max_length=64)
    stored = models.CharField("存放位置", max_length=200)

    objects = PackageFileQuerySet.as_manager()

    class Meta:
        verbose_name = "整包文件"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_file_per_form", fields=["package", "resource", "form"]),
            models.CheckConstraint(
                name="package_file_has_a_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name under which it is saved: what, of which day."""
        ending = "fields.csv" if self.form == "fields" else self.form
        return f"{self.resource}-{self.package.day:%Y%m%d}.{ending}"
