"""Whether a text tells of a death: words of dying that are neither denied nor merely feared.

A death must be looked into at county level or above (安全生产法 73). A tip flagged in error only stays with the
district, a death overlooked is handed down to a town: what is doubtful counts as a death.
"""

import re
import unicodedata

_COUNT = r"[0-9一二两俩三四五六七八九十几多数好]{1,4}"
_PEOPLE = r"(?:人|个|名|位|工人|员工|同事|师傅|民工|工友|老乡|司机|学徒|村民)"
_BY = r"(?:砸|摔|压|电|烧|炸|毒|淹|溺|撞|轧|碾|挤|夹|烫|埋|掐|绞|闷|憋|打|坠|猝|致|触电|中毒|窒息)"

# What has happened beyond doubt; only a plain denial before it takes it back.
_CERTAIN = re.compile(
    rf"(?:身亡|坠亡|溺亡|猝死|遇难|罹难|丧生|丧命|毙命|殒命|死者|遗体|尸体|遗属|死因|不治|抢救无效|没(?:抢)?救过来)"
    rf"|死了{_COUNT}?{_PEOPLE}|{_PEOPLE}(?:当场|已经?|都|就)?死了|死过人|死{_COUNT}{_PEOPLE}?伤?"
    rf"|{_COUNT}死(?:{_COUNT}伤)?|{_BY}死了|{_COUNT}{_PEOPLE}(?:当场|已经?|不幸)?死亡"
    rf"|(?:人|命)(?:都|就|已经?)?没了|出了人命|要了命|送了命|没了命"
)
# What may as well be feared, or stand in the name of a danger.
_FEARED = re.compile(rf"死亡|伤亡|人命|死人|{_BY}死|害死|死伤|丢命|送命")
_DENIED = re.compile(
    r"(?:未|(?<!有)没有?|(?<!抢救)无|零|0|(?<!社)不会|避免了?|防止|免于|杜绝|预防|减少|防范)"
    r"(?:造成|发生|出现|导致|引起|引发|产生|闹出|出过?|有|再|任何|重大|较大|其他|人员|工人|员工|人|的|过)*$"
)
_FANCIED = re.compile(
    r"(?:差一?点|险些|几乎|早晚|迟早|可能|容易|极易|足以|会|要|将|能|怕|恐|担心|以免|免得|不然|否则|等着?|非得?|想)"
    r"(?:再|就|还|又|被|把|让|给|有|造成|发生|出现|导致|引起|引发|闹出|产生|出|工人|员工|大家|人员|重大|更大|人|的|我们"
    r"|多|很|群|死)*$"
)
_SUPPOSED = re.compile(r"万一|一旦|如果|若是|假如|要是|倘若|否则|不然")
_NAMED = re.compile(
    r"^(?:的?(?:风险|危险|隐患|威胁|可能|率|教训|警示|案例|概率|指标)|(?:人数)?[:：为是]?[0零])"
)
# Stuck, shut, figures of speech: dead, but not people.
_IDLE = re.compile(
    r"(?:焊|堵|封|卡|锁|钉|关|拧|绑|盯|累|热|冷|吓|气|急|烦|臭|呛|吵|饿|困|笑|愁|恨|认|定|装|写|管|拴|咬|拉)死了?人?|死(?:角|机|胡同|板|活|守|路|锁|扣|记|结|水|命|亡线)|半死不活|不死不|该死|找死|作死|生死"
)
_SENTENCES = re.compile(r"[。！？!?；;\n]+")
_CLAUSES = re.compile(r"[，,、\s]+")
# Further back nothing belongs to the word any more, and a long text stays cheap.
_BEFORE = 30
_BEFORE_ENGLISH = 80
_ENGLISH = re.compile(r"\b(?:died|dead|deaths?|killed|fatal(?:ity|ities|ly)?)\b")
_ENGLISH_DENIED = re.compile(
    r"\b(?:no|nobody|not|without|never|could|may|might|can|would|will|if|almost|nearly|avoid|prevent|risk of|danger of)"
    r"\b[^.;!?]*$"
)
_ENGLISH_IDLE = re.compile(r"\bdead[ -](?:end|line|lock|battery|bolt)s?\b|\bdeadlines?\b")


def mentions_death(*, text: str) -> bool:
    """Return whether the text says that somebody died, in Chinese or English."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return any(_tells(sentence) for sentence in _SENTENCES.split(plain)) or _tells_in_english(plain)


def _tells(sentence: str) -> bool:
    is_supposed = False
    for clause in _CLAUSES.split(_IDLE.sub("○", sentence)):
        is_supposed = is_supposed or _SUPPOSED.search(clause) is not None
        if _is_certain(clause) or (not is_supposed and _is_told(clause)):
            return True
    return False


def _is_certain(clause: str) -> bool:
    return any(not _is_taken_back(clause, found, _DENIED) for found in _CERTAIN.finditer(clause))


def _is_told(clause: str) -> bool:
    return any(not _is_taken_back(clause, found, _DENIED, _FANCIED) for found in _FEARED.finditer(clause))


def _is_taken_back(clause: str, found: re.Match[str], *ways: re.Pattern[str]) -> bool:
    before, after = clause[max(0, found.start() - _BEFORE) : found.start()], clause[found.end() :]
    return any(way.search(before) for way in ways) or _NAMED.match(after) is not None


def _tells_in_english(text: str) -> bool:
    plain = _ENGLISH_IDLE.sub("", text)
    ends = [found.start() for found in _ENGLISH.finditer(plain)]
    return any(not _ENGLISH_DENIED.search(plain[max(0, end - _BEFORE_ENGLISH) : end]) for end in ends)
