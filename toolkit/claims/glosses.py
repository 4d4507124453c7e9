"""English words in place of what other languages say about code and data, sentence by sentence.

The rules read English. A sentence in German, French, Spanish, Portuguese, Italian, Chinese or
Japanese gets the few words that they look for in English; all its other words stay.
"""

from __future__ import annotations

import re
from functools import cache

# Each language: what a sentence about availability has one of, then what becomes which words.
_LANGUAGES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "de": (
        r"verfügbar|zugänglich|quellcode|quelltext|veröffentlich|zur verfügung|abrufbar|"
        r"auf anfrage|"
        r"bereitgestellt|freigegeben|ermöglicht|herunter(?:ge|zu)?laden|erhältlich|quelloffen|begleitweb|"
        r"websei?te|homepage|forschungsdaten",
        (
            (r"\bsuchmaschine\b", "search engine"),
            (
                r"\bzugang zu[mr]?\b([^.;]{3,60}?)\bwird\b([^.;]{0,160}?)\bermöglicht\b",
                r"\1 is available online\2",
            ),
            (r"begleitweb(?:site|seite)|web(?:site|seite)|projektseite", "website"),
            (r"\bquell(?:code|text|codes)\b|\bprogramm(?:code|texte?)\b|\bcode\b", "source code"),
            (r"\bsoftware(?:paket)?\b|\bprogramm(?:e|s)?\b|\bwerkzeug(?:e|s)?\b", "software"),
            (r"\b(?:die|alle|unsere)\s(?:roh|forschungs|primär|mess)?daten\b", "the data"),
            (r"\b(?:der|ein|unser)\s(?:datensatz|korpus)\b|\bdas\skorpus\b", "the dataset"),
            (
                r"\b(?:excel-)?tabellen\b|\bdatens[aä]tze?\b|\bdatenbank\b|\b(?:roh|forschungs|mess)?daten\b",
                "data",
            ),
            (r"\b(?:unser|unsere|unseren|unserer)\b", "our"),
            (r"\b(?:der|die|das|den|dem)\b(?=\s(?:source code|software|data))", "the"),
            (
                r"\b(?:wird|werden)\b([^.;]{0,60}?\ue000\d+\ue001[^.;]{0,40}?)\b(?:bereitgestellt|"
                r"zur verfügung gestellt|angeboten)\b(?! werden)",
                r"is available\1",
            ),
            (
                r"\b(?:ist|sind)\b([^.;]{0,60}?\ue000\d+\ue001[^.;]{0,20}?)\b(?:verfügbar|zugänglich|"
                r"abrufbar|erhältlich|zu finden)\b",
                r"is available\1",
            ),
            (r"\b(?:steh(?:t|en))\b([^.;]{0,80}?)\bzur verfügung\b( gestellt)?", r"is available\1"),
            (
                r"\b(?:wird|werden)\b([^.;]{0,80}?)\b(?:veröffentlicht|bereitgestellt|freigegeben|"
                r"zugänglich gemacht|verfügbar gemacht|zur verfügung gestellt|zur verfügung stehen|"
                r"(?:verfügbar|zugänglich|abrufbar|erhältlich) sein)(?: werden)?",
                r"will be released\1",
            ),
            (
                r"\b(?:ist|sind|wurden?)\b((?:\s(?!und\b)[\w-]+){0,4}?)\s(?:online )?(?:verfügbar|"
                r"zugänglich|abrufbar|erhältlich|quelloffen|veröffentlicht|bereitgestellt|"
                r"freigegeben|zu finden|öffentlich(?!\s\w))\b(?: gemacht)?(?: worden)?",
                r"is available\1",
            ),
            (r"\bk(?:ann|önnen)\b([^.;]{0,80}?)\bheruntergeladen werden\b", r"is available\1"),
            (r"\böffentlich\b|\bfrei\b", "publicly"),
            (r"\bauf (?:\w+ )?(?:anfrage|nachfrage)\b", "on request"),
            (r"\b(?:unter|auf|bei)\b(?=\s\ue000)", "at"),
        ),
    ),
    "fr": (
        r"disponible|accessible|télécharge|à (?:la )?disposition|en ligne|sur demande|publié|"
        r"code source|open[- ]source|libre|données",
        (
            (
                r"\b(?:cet article|nous)\s(?:présent|propos|décri|introdui)\w+\s(?:une?|le|la|"
                r"notre)\b",
                "we present an",
            ),
            (
                r"\b(?:plateforme|outil|bibliothèque|système|application|logiciel|architecture|"
                r"environnement)s?\s(?:logiciel(?:le)?s?\s|informatiques?\s)?"
                r"(?:open[- ]source|libres?)\b",
                "open-source tool",
            ),
            (r"\bapplications? (?:interactives?|web|en ligne)\b", "web application"),
            (r"\bet disponibles?\b", "is available"),
            (r"\b(?:accessible|disponible)s? (?:sur|à)\b(?=\W*\ue000)", "is available at"),
            (r"\b(?:le |notre )?codes? sources?\b|\b(?:le|notre) code\b", "the source code"),
            (r"\blogiciels?\b|\bprogrammes? informatiques?\b|\bboîte à outils\b", "software"),
            (r"\bles données\b|\bnos données\b|\bl[’']ensemble des données\b", "the data"),
            (r"\b(?:le|notre|un) (?:jeu de données|corpus)\b", "the dataset"),
            (r"\bjeux? de données\b|\bdonnées\b|\bbase de données\b", "data"),
            (r"\b(?:notre|nos)\b", "our"),
            (r"\b(?:le|la|les|l’|l')(?=\s?(?:software|data|source))", "the "),
            (
                r"\b(?:sera|seront)\s(?:[\wé]+\s){0,2}?(?:disponibles?|accessibles?|publiée?s?|"
                r"téléchargeables?|mis(?:e|es)?\s(?:à\s(?:la\s|votre\s)?disposition|en ligne)|"
                r"libres?|"
                r"rendu(?:e|es|s)?\s\w+|partagée?s?|diffusée?s?|déposée?s?)\b",
                "will be released",
            ),
            (
                r"\b(?:est|sont|a été|ont été|peu(?:t|vent) être)\s(?:[\wéèêà]+\s){0,3}?"
                r"(?:disponibles?|"
                r"accessibles?|publiée?s?|téléchargeables?|téléchargée?s?|mis(?:e|es)?\s(?:à\s(?:la\s)?"
                r"disposition|en ligne)|libres?|open source|partagée?s?|diffusée?s?|déposée?s?)\b",
                "is publicly available",
            ),
            (r"\b(?:librement|publiquement|gratuitement)\b", "publicly"),
            (r"\bsur (?:simple )?demande\b|\bauprès des auteurs\b", "on request"),
            (r"\b(?:à l[’']adresse|sur|à)\b(?=\s:?\s?\ue000)", "at"),
        ),
    ),
    "es": (
        r"disponible|accesible|descarg|c[oó]digo|publicar|repositorio|petici[oó]n|solicitud|datos",
        (
            (r"\b(?:el|nuestro|todo el) c[oó]digo(?: fuente| abierto)?\b", "the source code"),
            (r"\bc[oó]digo fuente\b|\bc[oó]digo\b", "source code"),
            (r"\b(?:los|nuestros) (?:conjuntos de )?datos\b|\bel conjunto de datos\b", "the data"),
            (r"\b(?:conjuntos? de|base de) datos\b|\bdatos\b|\bel corpus\b", "the dataset"),
            (r"\b(?:nuestro|nuestra|nuestros|nuestras)\b", "our"),
            (r"\bel (?=software|programa)\b", "the "),
            (
                r"\b(?:(?:estarán?|serán?)\s(?:\w+\s){0,2}?(?:disponibles?|accesibles?|public|liberad|"
                r"compartid|abiert)\w*|se\s(?:\w+\s){0,2}?(?:publicarán?|liberarán?|compartirán?|"
                r"pondrán? a disposici[oó]n))\b",
                "will be released",
            ),
            (
                r"\b(?:est[aá]n?|es|son|ha sido|han sido|fue|fueron|"
                r"se)\s(?:\w+\s){0,3}?(?:disponibles?|"
                r"accesibles?|public(?:a|an|ad[oa]s?)|liberad[oa]s?|compartid[oa]s?|abiert[oa]s?|"
                r"pueden? (?:descargar|consultar|obtener)|encuentran? disponibles?|"
                r"ofrecen?|ponen? a disposici[oó]n|públic[oa]s?)\b",
                "is publicly available",
            ),
            (r"\b(?:públicamente|libremente|gratuitamente)\b", "publicly"),
            (r"\b(?:bajo|a|previa|por) (?:petici[oó]n|solicitud)\b", "on request"),
            (r"\ben\b(?=\s:?\s?\ue000)", "at"),
        ),
    ),
    "pt": (
        r"dispon[ií]ve(?:l|is)|disponibiliz|acess[ií]ve(?:l|is)|c[oó]digo|reposit[oó]rio|solicita|"
        r"pedido|dados",
        (
            (r"\b(?:o|nosso|todo o) c[oó]digo(?:-| )?(?:fonte|aberto)?", "the source code "),
            (r"\bc[oó]digo[- ]fonte\b|\bc[oó]digo\b", "source code"),
            (r"\b(?:os|nossos) (?:conjuntos de )?dados\b|\bo conjunto de dados\b", "the data"),
            (r"\b(?:conjuntos? de|base de|bancos? de) dados\b|\bdados\b", "data"),
            (r"\b(?:nosso|nossa|nossos|nossas)\b", "our"),
            (r"\bo (?=software|programa)\b", "the "),
            (
                r"\b(?:estarão?|estará|serão?|será)\s(?:\w+\s){0,2}?(?:dispon[ií]ve(?:l|is)|publicad[oa]s?|"
                r"disponibilizad[oa]s?|acess[ií]ve(?:l|is)|liberad[oa]s?|compartilhad[oa]s?)\b",
                "will be released",
            ),
            (
                r"\b(?:está|estão|é|são|foi|foram|encontra-se|encontram-se)\s(?:\w+\s){0,3}?"
                r"(?:dispon[ií]ve(?:l|is)|disponibilizad[oa]s?|acess[ií]ve(?:l|is)|publicad[oa]s?|"
                r"abert[oa]s?|públic[oa]s?|liberad[oa]s?|compartilhad[oa]s?)",
                "is publicly available",
            ),
            (r"\b(?:publicamente|livremente|gratuitamente)\b", "publicly"),
            (r"\b(?:mediante|sob|a|por) (?:solicitação|pedido|requisição)\b", "on request"),
            (r"\bem\b(?=\s:?\s?\ue000)", "at"),
        ),
    ),
    "it": (
        r"disponibil|accessibil|scaric|codice|richiesta|dati\b",
        (
            (r"\b(?:il|nostro) codice(?: sorgente)?\b|\bcodice sorgente\b", "the source code"),
            (r"\bi (?:nostri )?dati\b|\bil (?:dataset|corpus)\b", "the data"),
            (r"\binsieme di dati\b|\bdati\b|\bbanca dati\b", "data"),
            (r"\b(?:nostro|nostra|nostri|nostre)\b", "our"),
            (r"\bil (?=software|programma)\b", "the "),
            (
                r"\b(?:sarà|saranno|verrà|verranno)\s(?:\w+\s){0,2}?(?:disponibil[ei]|accessibil[ei]|"
                r"pubblicat[oaie]|res[oaie] disponibil[ei]|rilasciat[oaie]|condivis[oaie])",
                "will be released",
            ),
            (
                r"(?:\bè|\bsono|\bè stato|\bsono stati)\s(?:\w+\s){0,3}?(?:disponibil[ei]|"
                r"accessibil[ei]|"
                r"pubblicat[oaie]|scaricabil[ei]|rilasciat[oaie]|condivis[oaie]|pubblic[oai])",
                "is publicly available",
            ),
            (r"\b(?:pubblicamente|liberamente|gratuitamente)\b", "publicly"),
            (r"\bsu richiesta\b", "on request"),
            (r"\b(?:su|presso|all[’']indirizzo)\b(?=\s:?\s?\ue000)", "at"),
        ),
    ),
    "zh": (
        r"代码|代碼|源码|数据|數據|软件|开源|開源|公开|公開|コード|データ",
        (
            (
                r"(?:代码|代碼|源码|源代码|程序|软件)([^。；，,]{0,20}?)将([^。；]{0,20}?)(?:公开|公開|开源|"
                r"開源|发布|發布|提供|开放)",
                " The source code will be released ",
            ),
            (
                r"(?:数据集?|數據集?)([^。；，,]{0,20}?)将([^。；]{0,20}?)(?:公开|公開|开源|发布|發布|提供|开放)",
                " The data will be released ",
            ),
            (
                r"(?:代码|代碼|源码|源代码|程序|软件)([^。；，,]{0,12}?)(?:可[^。；，,]{0,8}(?:索取|申请|联系))",
                " The source code is available on request ",
            ),
            (
                r"(?:数据集?|數據集?)([^。；，,]{0,12}?)(?:可[^。；，,]{0,8}(?:索取|申请|联系))",
                " The data are available on request ",
            ),
            (
                r"(?:代码|代碼|源码|源代码|程序|软件)(?:和数据集?)?([^。；，,]{0,12}?)(?:公开|公開|开源|開源|"
                r"发布|發布|可[^。；，,]{0,6}(?:获取|下载|得)|开放|见|在)",
                " The source code is publicly available ",
            ),
            (
                r"(?:数据集?|數據集?)([^。；，,]{0,12}?)(?:已[^。；，,]{0,4}(?:公开|公開|开源|发布)|可[^。；，,]{0,6}"
                r"(?:获取|下载|得))",
                " The data are publicly available ",
            ),
            (
                r"(?:ソース)?コード[はを]([^。]{0,40}?)公開(?:予定|する予定|される)",
                " The source code will be released ",
            ),
            (
                r"(?:ソース)?コード[はを]([^。]{0,40}?)(?:公開|入手|利用可能)",
                " The source code is publicly available ",
            ),
            (
                r"データ(?:セット)?[はを]([^。]{0,40}?)(?:公開|入手|利用可能)",
                " The data are publicly available ",
            ),
        ),
    ),
}


@cache
def _rules(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    _, rules = _LANGUAGES[language]
    return tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in rules)


_SIGNS = {name: re.compile(sign, re.IGNORECASE) for name, (sign, _) in _LANGUAGES.items()}
#: Frequent words by which a sentence is of a language; English has none of them.
_FUNCTION_WORDS = {
    "de": re.compile(r"\b(?:der|die|das|und|ist|sind|wird|werden|für|ein|eine|auf|unter)\b"),
    "fr": re.compile(r"\b(?:le|les|des|est|sont|sera|seront|une|du|aux|et|nous)\b"),
    "es": re.compile(r"\b(?:el|los|las|del|está|están|es|son|una|se|para|y)\b"),
    "pt": re.compile(r"\b(?:os|está|estão|é|são|uma|dos|das|em|para|foi|será|serão|o|e)\b"),
    "it": re.compile(r"\b(?:il|gli|è|sono|della|dei|una|di|sarà|saranno|per)\b"),
}
_ENGLISH = re.compile(r"\b(?:the|is|are|was|were|of|and|this|that|with|we)\b", re.IGNORECASE)


def is_english(text: str) -> bool:
    """Return whether a text has frequent English words and none of Chinese or Japanese; fast."""
    english = " the " in text or " of " in text or " and " in text
    return english and (text.isascii() or not _SIGNS["zh"].search(text))


def gloss(sentence: str) -> str:
    """Return a sentence with the English for what another language says about availability.

    Parameters
    ----------
    sentence : str
        One sentence; its links may be marked.

    Returns
    -------
    str
        The sentence itself where it is English or says nothing of the kind.

    Examples
    --------
    >>> gloss("Der Quellcode ist öffentlich verfügbar.")
    'the source code is available publicly.'
    >>> gloss("Le code source sera mis à disposition.")
    'the source code will be released.'
    """
    if is_english(sentence):
        return sentence
    if not sentence.isascii() and _SIGNS["zh"].search(sentence):
        return " ".join(_apply("zh", sentence).split())
    if _ENGLISH.search(sentence):
        return sentence
    lower = sentence.lower()
    votes = {
        name: len(set(pattern.findall(lower)))
        for name, pattern in _FUNCTION_WORDS.items()
        if _SIGNS[name].search(lower)
    }
    best = max(votes, key=lambda name: votes[name], default="")
    return _apply(best, sentence) if best and votes[best] else sentence


def _apply(language: str, sentence: str) -> str:
    for pattern, words in _rules(language):
        sentence = pattern.sub(words, sentence)
    return sentence
