"""Does the work of the day: counts periods again, raises supervisions, sends notices. Safe at any time, also twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.services.daily import run_daily

NAMES = {
    "take_down_cases": "到期下线的案例",
    "tidy_words": "整理案例检索",
    "withdraw_cases": "到期撤回的案例",
    "recount_periods": "因日历变动重算的期限",
    "supervise_overdue": "逾期督办",
    "supervise_whistles": "吹哨逾时督办",
    "close_periods": "定稿的统计期",
    "purge": "期满销毁的举报",
    "daily_sums": "重算的每日汇总",
    "sweep": "清除的残留文件",
    "settle_evidence": "时间改为只到日的照片文件",
    "clear_sessions": "清除的过期登录",
    "vault_alarm": "发出的保险箱警报信",
    "expire_openings": "过期的启封",
    "refresh_planner": "更新数据库索引统计",
    "audit_checkpoint": "签存审计日志",
    "send_notices": "发出的工作提醒",
}


class Command(BaseCommand):
    """`manage.py daily`: once a day from a timer; after days off once is enough."""

    help = "Do the daily work and print how much was done. Running it again does nothing more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every job; the exit code is not zero when one broke off."""
        report = run_daily(today=timezone.localdate(), now=timezone.now())
        self.stdout.write(f"每日任务 {report.day.isoformat()}")
        for name, count in report.counts.items():
            self.stdout.write(f"  {NAMES.get(name, name)}：{count}")
        if report.failed:
            raise CommandError(
                "未完成，请查看日志：" + "、".join(NAMES.get(name, name) for name in report.failed)
            )
