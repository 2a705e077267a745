"""Acts on published pages in words, as the audit log tells them: reviews, withdrawals, the duty to report cases."""

from django.utils.translation import gettext_lazy

PAGE_ACTS = {
    "submission.submitted": gettext_lazy("Submitted a case"),
    "submission.taken_back": gettext_lazy("Took a submitted case back"),
    "submission.qualified": gettext_lazy("Scored a submitted case: it qualifies"),
    "submission.not_qualified": gettext_lazy("Scored a submitted case: it does not qualify"),
    "case.find_waived": gettext_lazy("Waved a find of the checker through"),
    "case.picture_confirmed": gettext_lazy("Confirmed that a picture shows nobody"),
    "case.document_read": gettext_lazy("Confirmed that a linked document names nobody"),
    "case.withdrawal_asked": gettext_lazy("Noted that a published page is to be taken back"),
    "case.withdrawn": gettext_lazy("Took a published page back"),
    "dutyfile.sent": gettext_lazy("Sent the file of cases up"),
    "duty.reminded": gettext_lazy("Reminded a unit of the cases it owes"),
}
