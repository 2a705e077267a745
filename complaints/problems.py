"""What can be wrong with a field; the label is the sentence shown at the field."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Problem(TextChoices):
    """What is wrong with a field; the label is the sentence shown at the field."""

    NEEDS_MATTER = "needs_matter", _("Add a photo, or write one sentence about the danger.")
    NEEDS_PLACE = "needs_place", _("Say a place that can be found. The name of the factory is enough.")
    TOO_LONG = "too_long", _("This text is too long. Shorten it; details can follow later with the receipt.")
    BAD_CHARACTERS = (
        "bad_characters",
        _("This text holds characters that cannot be shown. Please type it again."),
    )
    UNKNOWN_CODE = "unknown_code", _("This choice does not exist. Please choose again.")
    UNKNOWN_FIELD = "unknown_field", _("This field does not exist.")
    MISSING = "missing", _("This field is needed.")
    WRONG_TYPE = "wrong_type", _("This value has the wrong form.")
    FUTURE_DATE = "future_date", _("This day lies in the future. Enter the day you saw it.")
    BAD_DATE = "bad_date", _("Write the day like 2026-03-10.")
    LONG_AGO = "long_ago", _("This day lies very far back. Please check the year.")
    BAD_NUMBER = "bad_number", _("This is not a number.")
    OUTSIDE_CITY = (
        "outside_city",
        _("This point lies outside the city. Please choose the district."),
    )
    DIVISION_MISMATCH = (
        "division_mismatch",
        _("The town does not belong to the district. Please choose again."),
    )
    BAD_CREDIT_CODE = "bad_credit_code", _("This unified social credit code is not valid. It may stay empty.")
    CODE_KNOWN = "code_known", _("Another enterprise of the register has this credit code.")
    NEEDS_PHOTO_OF_FIX = (
        "needs_photo_of_fix",
        _("Show it: this hazard is put right with a photo of how it looks now."),
    )
    POINTS_AT_SOMEBODY = (
        "points_at_somebody",
        _(
            "This holds a tip number, or what looks like a person's name or number. Leave it out: everybody reads this."
        ),
    )
    ANSWER_FINDS = (
        "answer_finds",
        _("Each place below needs a change of the words, or a reason why it leads to nobody."),
    )
    SPECIAL_NEEDS_REASON = "special_needs_reason", _("A special reward needs its reason.")
    BELOW_SCALE = (
        "below_scale",
        _(
            "Not less than your scale paid for this grade inside one's duty when it was reported, and at least 1 yuan."
        ),
    )
    BAD_DEADLINE = "bad_deadline", _("Choose a day from today on, at most a year ahead.")
    ACCOUNT_TAKEN = "account_taken", _("This account name is taken by somebody else. Choose another one.")
    MANAGER_ALREADY = "manager_already", _("This person is safety manager here already.")
    BAD_SCALE = "bad_scale", _("Enter two whole amounts; outside one's duty is not less than inside.")
    NEEDS_NAME = "needs_name", _("A real-name tip needs your name.")
    NEEDS_PHONE = "needs_phone", _("A real-name tip needs a mobile number where you can be reached.")
    BAD_PHONE = "bad_phone", _("This mobile number is not complete. It has 11 digits.")
    NAME_NOT_WANTED = "name_not_wanted", _("You chose to stay anonymous, so the name was not taken.")
    BAD_ENVELOPE = (
        "bad_envelope",
        _("Your name was not sealed correctly and was not taken. Enter it once more."),
    )
    OTHER_VAULT = (
        "other_vault",
        _("The vault has changed since this page was opened. Enter your name once more."),
    )
    VAULT_CLOSED = (
        "vault_closed",
        _("Real-name tips cannot be taken just now. Report anonymously, or call 12350."),
    )
    BAD_KEY = "bad_key", _("The form has expired. Your text is kept, please send it again.")
    KEY_USED = "key_used", _("This form was already received with other content. Please send it again.")
    CAPTCHA = "captcha", _("The check against machines did not succeed. Please answer again.")
    PHOTO_EMPTY = "photo_empty", _("This file is empty. Please choose another one.")
    PHOTO_TOO_LARGE = "photo_too_large", _("This photo is larger than 20 MB. Choose another one or crop it.")
    PHOTO_NOT_IMAGE = "photo_not_image", _("This is not a photo. Choose a JPEG, PNG, WebP or HEIC picture.")
    PHOTO_KIND = (
        "photo_kind",
        _("Photos of this kind are not taken. Choose a JPEG, PNG, WebP or HEIC picture."),
    )
    PHOTO_PIXELS = "photo_pixels", _("This photo has too many pixels. Take a smaller one.")
    PHOTO_ANIMATED = "photo_animated", _("Moving pictures are not taken. Choose a still photo.")
    PHOTO_DAMAGED = "photo_damaged", _("This photo is damaged and cannot be opened. Take it again.")
    TOO_MANY_PHOTOS = (
        "too_many_photos",
        _("At most 9 photos at once. Send the others later with the receipt."),
    )
    PHOTOS_TOO_LARGE = (
        "photos_too_large",
        _("Together the photos exceed 60 MB. Leave some out and send them later."),
    )
    TOO_MANY_RECORD_PHOTOS = (
        "too_many_record_photos",
        _("At most 9 photos in one record. Record the others in a second one."),
    )
    RECORD_PHOTOS_TOO_LARGE = (
        "record_photos_too_large",
        _("Together the photos exceed 60 MB. Record some of them in a second one."),
    )
    BEFORE_TIP = "before_tip", _("This day lies before the tip came in. Please check it.")
    UNIT_SUPERVISED = (
        "unit_supervised",
        _("This unit still has to answer a supervision on this tip. Release it once that has ended."),
    )
    NEEDS_TEXT = "needs_text", _("Nothing was sent: please write something.")
    NEEDS_REASON = "needs_reason", _("Nothing was recorded: choose a reason.")
    VISIT_AHEAD = "visit_ahead", _("The day of the visit cannot lie after today.")
    DAY_AHEAD = "day_ahead", _("This day cannot lie after today.")
    RECTIFY_BEFORE = "rectify_before", _("The time limit cannot end before the day of the decision.")
    RECTIFY_FAR = (
        "rectify_far",
        _("The time limit ends more than ten years after the decision. Please check the year."),
    )
    NEGATIVE_FINE = "negative_fine", _("A fine cannot be below 0.")
    NEEDS_TWO_INSPECTORS = (
        "needs_two_inspectors",
        _("An inspection takes at least two people: write both names with a mark between them."),
    )
    BAD_EXTENSION = (
        "bad_extension",
        _("An extension is at least one day, and not longer than the rule allows."),
    )
    PERIOD_OVER = "period_over", _("The period has already run out; it can no longer be extended.")
    RECONSIDERATION_OVER = (
        "reconsideration_over",
        _("The days for asking the police to reconsider are over."),
    )
    BEFORE_HAND_OVER = (
        "before_hand_over",
        _("The police cannot have answered before the case was handed to them."),
    )
    NEEDS_TWO_OFFICERS = (
        "needs_two_officers",
        _("A referral needs at least two officers of the unit in charge."),
    )
    NOT_A_HANDLER = "not_a_handler", _("Choose an officer or a leader of the unit in charge.")
    UNIT_UNKNOWN = "unit_unknown", _("Choose a unit that is in use.")
    UNIT_NOT_NEAR = "unit_not_near", _("Choose a unit below or beside the one in charge.")
    UNIT_HAD_IT = (
        "unit_had_it",
        _("This unit has already passed the tip on or handed it back. Choose another."),
    )
    UNIT_TOO_LOW = "unit_too_low", _("A death is involved: only county level or above may handle this tip.")
    UNIT_TAKES_PART = "unit_takes_part", _("This unit already works on the tip.")
    UNIT_NOT_PART = "unit_not_part", _("This unit is no co-unit of the tip.")
    TIP_IS_FULL = (
        "tip_is_full",
        _("One tip takes at most 60 photos in all. Write what the others show, or call 12350."),
    )
    OPEN_BLANK = "open_blank", _("A blank of the template is still open. Fill it in or take it out:")
    TOO_MANY_TODAY = "too_many_today", _("That is enough for one day. Please go on tomorrow, or call 12350.")
    NEGATIVE_AMOUNT = "negative_amount", _("An amount cannot be below 0.")
    ABSURD_AMOUNT = "absurd_amount", _("This amount is beyond anything possible. Please check it.")
    FINER_THAN_CENT = "finer_than_cent", _("An amount of yuan has two decimals at most.")
    TOO_MANY_FINES = "too_many_fines", _("Too many fines for one tip. Please add some of them up.")
    ONLY_ACCIDENT = "only_accident", _("Deaths count for a concealed or falsely reported accident only.")
    BAD_DEATHS = "bad_deaths", _("Give the number of all deaths of the accident: 1 to 9999.")
    NO_CONCEALED = "no_concealed", _("At least one concealed death has to be proven.")
    MORE_CONCEALED = "more_concealed", _("No more deaths can be concealed than there were in all.")
    LEVEL_NOT_SET = "level_not_set", _("This rule has no rate of the second level.")
    NOT_TO_CHOOSE = "not_to_choose", _("This rule leaves no amount to choose.")
    OUT_OF_RANGE = "out_of_range", _("This amount lies outside the range of the rule.")
    BAD_SIGNATORIES = "bad_signatories", _("Between 1 and 100 people can have signed a tip.")
    NO_POLICY = "no_policy", _("No reward rule was in force on this day.")
    UNKNOWN_POLICY = "unknown_policy", _("There is no such reward rule.")
    POLICIES_OVERLAP = (
        "policies_overlap",
        _(
            "Two reward rules of one region and sector would be in force on one day. End the earlier one first."
        ),
    )
    BAD_SHARE = "bad_share", _("A rate is more than 0 and at most 1: write 0.15 for 15 %.")
    ENDS_BEFORE = "ends_before", _("The last day cannot lie before the first one.")
    CAP_BELOW_FLOOR = "cap_below_floor", _("The upper limit cannot be below the lower one.")
    ABOVE_FLOOR = "above_floor", _("Without a fine no more can be paid than the lowest amount with one.")
    TOO_EARLY = "too_early", _("New reward rules begin tomorrow at the earliest.")
    ENDS_TOO_EARLY = "ends_too_early", _("A rule in force counts until tomorrow at the earliest.")
    CODE_TAKEN = (
        "code_taken",
        _("A short name stands for one region and sector, and these for one short name."),
    )
