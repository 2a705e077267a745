"""Sentences the scripts of the key pages show: what goes on, and each refusal of the bundle by its code."""

from django.utils.translation import gettext as _


def words_for_scripts() -> dict[str, str]:
    """Return the sentences by the names and codes the scripts use; {braces} are filled in there."""
    return {**_progress(), **_refusals(), **_sheet_refusals(), **_reseal()}


def _progress() -> dict[str, str]:
    return {
        "working": _("Working in this browser. This takes several seconds; please leave the page open."),
        "saved": _("Saved as {name}. Put it on two media that stay offline."),
        "checkWord": _("Sheet {sheet}, word {word}"),
        "show": _("Show sheet {n} to copy it by hand"),
        "hide": _("Hide sheet {n}"),
    }


def _refusals() -> dict[str, str]:
    return {
        "insecure-context": _(
            "This page is not reached over HTTPS. Keys are made and opened over HTTPS only."
        ),
        "short-passphrase": _("The passphrase needs at least 15 characters, five different ones among them."),
        "differs": _("The two passphrases are not the same. Type both again."),
        "same-passphrase": _(
            "This is the passphrase of your own key file. The other custodian chooses one that you do not know."
        ),
        "no-file": _("Choose a key file first."),
        "bad-key-file": _("This file is no key file of the vault, or it was changed."),
        "wrong-passphrase": _("The passphrase does not open this key file, or the file was changed."),
        "other-vault": _("This key file belongs to another version of the vault."),
        "other-key": _("This opens another key than the one registered for this version."),
        "other-file": _("This is not the key file that was saved a moment ago."),
        "wrong-words": _("At least one word is not the one on the sheet. Look at the paper again."),
        "no-person": _("Choose who is handed the key file."),
        "reauth": _("Please give your password and code once more, then press the button again."),
        "signed-out": _("You have been signed out. Sign in again, then press the button again."),
        "giveIt": _("Give them in a new tab"),
        "offline": _(
            "The server could not be reached. What was made is still in this tab; press the button again."
        ),
        "no-answer": _(
            "The server did not answer as it should. What was made is still in this tab and nothing is lost: wait a "
            "minute, then press the button again. If it stays so, keep the tab open and call the system administrator."
        ),
        "gone": _("This is not possible any more. Load the list of the keys again in a new tab."),
        "unexpected": _("This browser could not do it. Nothing was recorded. Try a current browser."),
    }


def _sheet_refusals() -> dict[str, str]:
    return {
        "unknown-word": _("One word is on no sheet. Check the spelling."),
        "bad-sheet": _("The words of one sheet do not fit together: one is mistyped, missing or too many."),
        "too-few-sheets": _("One sheet is not enough. Type the words of two different sheets."),
        "too-many-sheets": _("Two sheets are enough. Type two, not three."),
        "same-sheet": _("This is the same sheet twice. Type the words of another one."),
        "sheets-differ": _(
            "These sheets belong to two different sets. Both must come from the same ceremony."
        ),
    }


def _reseal() -> dict[str, str]:
    return {
        "moved": _("{moved} moved, {left} left."),
        "movedAll": _("Everything has been moved. The earlier key opens nothing here any more."),
        "stuck": _("{n} could not be opened with this key file and stay as they are."),
        "heldBack": _(
            "{n} do not belong to the tip they lie at. They were not handed out and stay as they are. "
            "Please tell the system administrator at once."
        ),
        "filesGone": _(
            "{n} originals are missing: their sealed files are not stored. Tell the system administrator."
        ),
        "movedRest": _("{moved} moved. {left} stay with the earlier key; below it says why."),
        "stopped": _("Stopped at {moved} moved. Nothing is lost; start again to go on."),
    }
