"""Outputs that say which model wrote them, and what they look like with the names masked.

An output reveals its model where it speaks of itself: “As ChatGPT, I ...”, “I am Claude, made by Anthropic”,
“我是通义千问”. Speaking about models (“Claude was made by Anthropic”, “what I like about ChatGPT”) reveals nothing
and is left alone. Names are those of well-known models and makers, and those that the project itself gives as the
sources of the outputs. The list and the phrases are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

Span = tuple[int, int]
"""Start and end of a name, in code points."""

MASK: Final = "█"
LONGEST: Final = 100_000  # characters of a text in which it is expected to speak of itself

_MODELS: Final = (
    r"chat[ -]?gpt(?:[ -]?\d(?:\.\d)?)?",
    r"(?:open ?ai )?gpt[ -]?[2-9](?:\.\d)?(?:o|[ -](?:turbo|mini|nano|pro))?",
    r"instruct ?gpt",
    r"text-davinci-\d+",
    r"claude(?:[ -](?:\d(?:\.\d)?|instant|v\d|opus|sonnet|haiku))*",
    r"(?:google )?bard",
    r"(?:google )?gemini(?:[ -](?:\d(?:\.\d)?|pro|ultra|flash|nano|advanced))*",
    r"(?:code ?)?gemma(?:[ -]?\d)?",
    r"palm[ -]?2",
    r"lamda",
    r"(?:meta )?(?:code ?)?llama(?:[ -]?\d(?:\.\d)?)?(?:[ -]chat)?",
    r"meta ai",
    r"(?:le chat|mistral(?:[ -](?:7b|small|medium|large|nemo))?|mixtral(?:[ -]8x\d+b)?)",
    r"(?:tongyi )?qwen(?:[ -]?\d(?:\.\d)?)?(?:[ -](?:max|plus|turbo|chat))?",
    r"tongyi qianwen",
    r"ernie(?: bot)?(?:[ -]?\d(?:\.\d)?)?",
    r"wenxin yiyan",
    r"deep ?seek(?:[ -](?:v\d(?:\.\d)?|r1|chat|coder|llm))*",
    r"chat ?glm(?:[ -]?\d(?:-\d+b)?)?|glm-\d(?:\.\d)?",
    r"kimi(?:[ -]k\d(?:\.\d)?)?",
    r"doubao|hunyuan|minimax|baichuan(?:[ -]?\d)?|internlm(?:[ -]?\d)?|skywork|moss|sparkdesk|yi-\d+b",
    r"grok(?:[ -]?\d)?",
    r"(?:microsoft |github )?copilot|bing chat|sydney",
    r"vicuna(?:-\d+b)?|alpaca(?:-\d+b)?|koala(?:-\d+b)?|dolly(?: \d(?:\.\d)?)?|wizardlm|guanaco|tulu(?: \d)?|zephyr",
    r"open ?assistant|stable ?lm|stable ?vicuna|falcon(?:[ -]\d+b)?|mpt-\d+b|oasst\w*|pythia(?:-[\d.]+b)?|phi-\d(?:\.\d)?",
    r"command[ -](?:r\+?|a|xlarge)|coral|jurassic-\d|luminous|inflection-\d|olmo(?:[ -]?\d)?|nemotron",
)
_MAKERS: Final = (
    r"open ?ai",
    r"anthropic",
    r"google(?: deepmind| ai| brain| research)?",
    r"deepmind",
    r"meta(?: ai)?",
    r"microsoft(?: research)?",
    r"alibaba(?: cloud| group)?|tongyi lab",
    r"baidu|tencent|bytedance|iflytek|sensetime|huawei",
    r"zhipu(?: ?ai)?|z\.ai|moonshot(?: ?ai)?|deep ?seek(?:[ -]ai)?|minimax|baichuan",
    r"mistral(?: ?ai)?|cohere|x\.?ai|inflection(?: ai)?|stability(?: ?ai)?|databricks|eleuther ?ai|laion",
    r"lmsys(?: org)?|hugging ?face|ai21(?: labs)?|the allen institute for ai|ai2|nvidia|ibm|amazon|apple",
)
_MODELS_ZH: Final = (
    "通义千问", "通义", "千问", "文心一言", "文心大模型", "文心", "讯飞星火", "星火大模型", "星火认知大模型", "智谱清言",
    "腾讯混元", "混元", "豆包", "盘古", "百川", "书生·浦语", "书生浦语", "深度求索", "天工", "日日新", "海螺", "元宝",
)  # fmt: skip
_MAKERS_ZH: Final = (
    "阿里巴巴", "阿里云", "阿里", "通义实验室", "达摩院", "百度", "腾讯", "字节跳动", "科大讯飞", "讯飞", "商汤", "华为",
    "智谱", "清华大学", "月之暗面", "深度求索", "百川智能", "昆仑万维", "上海人工智能实验室", "复旦大学", "谷歌", "微软",
)  # fmt: skip

_MODEL: Final = (
    rf"(?P<{{}}>{'|'.join(_MODELS)})(?![\w+]|[-’'.]\w| (?!Opus|Sonnet|Haiku|Instant)(?-i:[A-Z][a-z]))"
)
_MAKER: Final = rf"(?P<{{}}>{'|'.join(_MAKERS)})(?!\w)"
_ZH_END: Final = r"(?!的(?!(?:人工智能|智能|对话|聊天|语言|大)?(?:助手|模型|机器人)))"
_MODEL_ZH: Final = rf"(?P<{{}}>{'|'.join(_MODELS_ZH)}|(?:{'|'.join(_MODELS)})(?![a-z0-9])){_ZH_END}"
_MAKER_ZH: Final = rf"(?P<{{}}>{'|'.join(_MAKERS_ZH)}|(?:{'|'.join(_MAKERS)})(?![a-z0-9]))"

_GAP: Final = r"[ \t]{1,3}"
_SELF: Final = rf"(?:I{_GAP}am|I[’']m|I{_GAP}was)"
_HOW: Final = rf"(?:{_GAP}(?:actually|just|only|simply|called|named|known{_GAP}as|indeed|in{_GAP}fact))?"
_WHAT_LIKE: Final = (
    r"(?:very|large|advanced|artificial|intelligence|intelligent|AI|language|virtual|digital|helpful|harmless|honest|"
    r"friendly|safe|conversational|multimodal|generative|pre-?trained|neural|network|machine|learning|deep|computer|"
    r"transformer|chat|based|-?based|text|text-based|open-source|open|source|smart|new|personal|powerful|latest|trained)"
)
_THING: Final = r"(?:model|assistant|AI|chatbot|bot|LLM|program|system|agent|companion|version|instance)"
_KIND: Final = rf"(?:an?|the){_GAP}(?:{_WHAT_LIKE}{_GAP}){{0,8}}{_THING}"
_MADE: Final = r"(?:made|created|developed|trained|built|designed|provided|released|programmed|powered|produced|fine-?tuned)"
_BY: Final = (
    rf"{_MADE}(?:{_GAP}and{_GAP}{_MADE})?{_GAP}(?:by|at){_GAP}(?:the{_GAP})?"
    rf"(?:(?:team|people|researchers|engineers|company|folks){_GAP}(?:at|of|from|called){_GAP})?"
)
_WHICH: Final = rf"(?:,?{_GAP}(?:that|which|who){_GAP}(?:was|is|has{_GAP}been|were))?"
_AS: Final = rf"(?:^|[.!?,;:—\n\"“(][ \t]?|\b(?:and|but|because|since|that|so|sorry){_GAP})as"
_AND_I: Final = rf",?{_GAP}(?:I\b|my\b|me\b)"
_ZH_KIND: Final = (
    r"(?:一[个款种名位])?(?:先进的|强大的)?(?:超?大规模|超?大型?|预训练|人工智能|AI|智能|语言|对话|聊天|生成式|多模态|的){0,6}"
    r"(?:模型|助手|机器人|助理|程序|系统)?"
)
_ZH_MADE: Final = r"(?:自主|独立|共同|精心)?(?:开发|研发|训练|推出|创建|创造|打造|设计|提供|研制|构建|发布)"


# `{m}` and `{o}` stand for a model's and a maker's name, `{zm}` and `{zo}` for those in a Chinese text.
_PHRASES: Final = (
    rf"\b{_SELF}{_HOW}{_GAP}{{m}}",
    rf"\bmy{_GAP}name{_GAP}is{_GAP}{{m}}",
    rf"\b(?:you{_GAP}can|please){_GAP}call{_GAP}me{_GAP}{{m}}",
    rf"\b(?:you{_GAP}are|you[’']re){_GAP}(?:talking|chatting|speaking){_GAP}(?:to|with){_GAP}{{m}}",
    rf"{_AS}{_GAP}{{m}}{_AND_I}",
    rf"\b{_SELF}{_GAP}{_KIND}{_WHICH},?{_GAP}(?:called|named|known{_GAP}as){_GAP}{{m}}",
    rf"{_AS}{_GAP}{_KIND}{_WHICH},?{_GAP}(?:called|named|known{_GAP}as){_GAP}{{m}}{_AND_I}",
    rf"\b{_SELF}{_GAP}(?:an?|the){_GAP}(?:{_WHAT_LIKE}{_GAP}){{0,8}}{{m}}(?:[ -]{_WHAT_LIKE}){{0,4}}{_GAP}{_THING}",
    rf"{_AS}{_GAP}an?{_GAP}(?:{_WHAT_LIKE}{_GAP}){{0,8}}{{m}}(?:[ -]{_WHAT_LIKE}){{0,4}}{_GAP}{_THING}{_AND_I}",
    rf"\b{_SELF}{_GAP}(?:based{_GAP}on|powered{_GAP}by){_GAP}(?:the{_GAP})?(?:[a-z]+[’']s?{_GAP})?{{m}}",
    rf"\b{_SELF}{_GAP}(?:{_KIND}{_WHICH},?{_GAP})?{_BY}{{o}}",
    rf"{_AS}{_GAP}{_KIND}{_WHICH},?{_GAP}{_BY}{{o}}{_AND_I}",
    rf"\bmy{_GAP}(?:creators?|developers?|makers?|engineers){_GAP}(?:is|are|at){_GAP}{{o}}",
    rf"\b{{o}}{_GAP}{_MADE}{_GAP}me\b",
    rf"\b{_SELF}{_HOW}{_GAP}{{m}},?{_GAP}(?:{_KIND}{_WHICH},?{_GAP})?{_BY}{{o}}",
    rf"我(?:的名字)?(?:是|叫|就是|名叫|叫做){_ZH_KIND}[，,]?(?:名叫|名为|叫做|叫|称为)?[ “「]?{{zm}}",
    rf"我(?:的名字)?(?:是|叫)(?:[来出]自|由|是由)?{{zo}}(?:公司|集团|团队|旗下)?(?:{_ZH_MADE})?的?[^，。！？；\n]{{0,12}}?[ “「]?{{zm}}",
    rf"我(?:是|叫){_ZH_KIND}[ “「]?{{zm}}[^，。！？；\n]{{0,8}}[，,][^，。！？；\n]{{0,8}}由[ ]?{{zo}}(?:公司|集团|团队)?{_ZH_MADE}",
    rf"作为{_ZH_KIND}[ “「]?{{zm}}[”」]?[，,]?[ ]?我",
    rf"我是?(?:一[个款种名位][^，。！？；\n]{{0,12}})?(?:由|被|是由|来自)[ ]?{{zo}}(?:公司|集团|团队)?[^，。！？；\n]{{0,12}}?{_ZH_MADE}",
    rf"我是[ ]?{{zo}}(?:公司|集团|团队)?(?:自主|独立)?{_ZH_MADE}的",
    rf"作为[^，。！？；\n]{{0,8}}由[ ]?{{zo}}(?:公司|集团|团队)?{_ZH_MADE}的[^，。！？；\n]{{0,16}}[，,]我",
    rf"{{zo}}(?:公司|集团|团队)?{_ZH_MADE}了?我(?![们的国])",
)
_STEMS: Final = (
    "gpt", "davinci", "claude", "bard", "gemini", "gemma", "palm", "lamda", "llama", "meta", "le chat", "stral", "qwen",
    "tongyi", "ernie", "wenxin", "seek", "glm", "kimi", "doubao", "hunyuan", "minimax", "baichuan", "internlm", "skywork",
    "moss", "spark", "yi-", "grok", "copilot", "bing", "sydney", "vicuna", "alpaca", "koala", "dolly", "wizardlm",
    "guanaco", "tulu", "zephyr", "openassistant", "open assistant", "stablelm", "stable lm", "stablevicuna", "falcon", "mpt-", "oasst", "pythia", "phi-", "command", "coral",
    "jurassic", "luminous", "inflection", "olmo", "nemotron", "openai", "open ai",
    "xai", "x.ai", "z.ai", "ai2", "allen institute", "laion", "eleuther", "stability", "anthropic", "google", "deepmind", "microsoft",
    "alibaba", "baidu", "tencent", "bytedance", "iflytek", "sensetime", "huawei", "zhipu", "moonshot", "cohere",
    "databricks", "lmsys", "hugging", "nvidia", "ibm", "amazon", "apple",
)  # fmt: skip
_ME: Final = re.compile(r"\b(?:I|me|my)\b|you(?: are|['’]re)|我", re.IGNORECASE)
_CHINESE: Final = (*_MODELS_ZH, *_MAKERS_ZH)
_CALLS_ITSELF: Final = re.compile(
    rf"(?:\b{_SELF}{_HOW}{_GAP}|\bmy{_GAP}name{_GAP}is{_GAP}|\bas{_GAP}|我(?:的名字)?(?:是|叫)[ ]?|作为[ ]?)"
    r"[“\"'「]?(?P<name>[\w./+-]{1,60}(?: [\w./+-]{1,40}){0,2})",
    re.IGNORECASE,
)
_AFTER_AS: Final = re.compile(rf"(?:{_AND_I}|[，,]?[ ]?我)", re.IGNORECASE)
_NO_NAMES: Final = frozenset(
    (
        "human", "humans", "model", "models", "openassistant", "open assistant", "ai", "bot", "chatbot", "machine", "system", "baseline",
        "base", "sft", "reference", "gold", "chosen", "rejected", "response", "output", "answer", "expert", "writer",
        "user", "person", "people", "student", "teacher", "other", "none", "unknown", "good", "bad", "new", "old",
    )
)  # fmt: skip
_SOURCE_LEAST: Final = 3  # characters of a source's name that can give it away
_FOLD: Final = re.compile(r"[\s_./+-]+")


def revealing_spans(text: str, *, sources: Iterable[str] = ()) -> list[Span]:
    """Where the names stand by which a text says what wrote it; empty for a text that does not.

    Every mention of a name that the text claims for itself is given, in order and without overlaps: masking the
    first alone would hide nothing. `sources` are the project's own names for the models of this prompt.

    >>> revealing_spans("I am Claude. Ask Claude anything!")
    [(5, 11), (17, 23)]
    >>> revealing_spans("Claude was made by Anthropic.")
    []
    """
    names: set[str] = set()
    head = text[:LONGEST]
    if _ME.search(head) and _may_name(head):
        for phrase in _phrases():
            for match in phrase.finditer(head):
                names.update(name for name in match.groupdict().values() if name)
    own = _folded_sources(sources)
    if own:
        names |= _own_names(text, own)
    return _mentions(text, names)


def masked(text: str, spans: Sequence[Sequence[int]]) -> str:
    """The text with a block for each code point of the spans, so that every offset stays what it was.

    >>> masked("I am Claude.", [(5, 11)])
    'I am ██████.'
    """
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += [text[end:start], MASK * (stop - start)]
        end = stop
    return "".join([*parts, text[end:]])


@cache
def _phrases() -> list[re.Pattern[str]]:
    """The patterns of `_PHRASES` with the names in them; making them takes longer than the web process may."""
    names = {
        "{m}": _MODEL.format("model"),
        "{o}": _MAKER.format("maker"),
        "{zm}": _MODEL_ZH.format("model"),
        "{zo}": _MAKER_ZH.format("maker"),
    }
    found = []
    for pattern in _PHRASES:
        whole = pattern
        for mark, name in names.items():
            whole = whole.replace(mark, name)
        found.append(re.compile(whole, re.IGNORECASE | re.MULTILINE))
    return found


def _may_name(text: str) -> bool:
    """Whether it is worth looking for phrases: some name may stand in the text."""
    folded = text.casefold()
    return any(stem in folded for stem in _STEMS) or any(name in text for name in _CHINESE)


def _folded_sources(sources: Iterable[str]) -> set[str]:
    """The names by which the sources could call themselves: whole, and without the publisher before a slash."""
    names = {part for source in sources for part in (source, source.rsplit("/", 1)[-1])}
    folded = {_fold(name) for name in names}
    return {name for name in folded if len(name) >= _SOURCE_LEAST and name not in _NO_NAMES}


def _fold(name: str) -> str:
    return _FOLD.sub("", name).casefold()


def _own_names(text: str, own: set[str]) -> set[str]:
    """The project's names that a text gives itself, as they are written there."""
    found: set[str] = set()
    for match in _CALLS_ITSELF.finditer(text[:LONGEST]):
        words = match["name"].split(" ")
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).rstrip(".")
            if _fold(name) not in own:
                continue
            after = match.start("name") + len(name)
            if match[0][:2].casefold() not in ("as", "作为") or _AFTER_AS.match(text, after):
                found.add(name)
            break
    return found


def _mentions(text: str, names: set[str]) -> list[Span]:
    """All places where one of the names stands by itself, the longest name first."""
    if not names:
        return []
    ordered = sorted({name.casefold(): name for name in names}.values(), key=lambda name: (-len(name), name))
    one = "|".join(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" for name in ordered)
    return [match.span() for match in re.finditer(one, text, re.IGNORECASE)]
