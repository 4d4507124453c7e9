"""Words that say nothing about a paper's subject: English ones, and function words of others."""

from __future__ import annotations

from functools import lru_cache

from stop_words import AVAILABLE_LANGUAGES, LANGUAGE_MAPPING, get_stop_words

_FUNCTION_WORDS = """
a about above according accordingly across additionally after again against al all almost along
already also although always am among amongst an and another any anyone anything are aren around
as at away be became because become becomes been before behind being below beside besides between
beyond both but by can cannot consequently considerably consistently could couldn currently
despite did didn directly do does doesn doing don done down during each easily effectively eg
eight either else enough especially et etc even ever every everything except few fewer finally
first firstly five for former four from fully further furthermore generally get gets give given
gives greatly had hadn has hasn have haven having he hence her here hers herself highly him
himself his how however i ie if importantly in increasingly indeed instead into is isn it its
itself just largely last lastly latter least less let lets like ll made mainly make makes making
many may me meanwhile might more moreover most mostly much must my myself namely near nearly need
needs neither never nevertheless nine no nor not notably nothing now of off often on once one ones
only onto or other others otherwise our ours ourselves out over own particularly per perhaps
please put quite rather re really recently remarkably respectively same second secondly see seem
seems seven several shall she should shouldn significantly simply since six so some someone
something sometimes somewhat specifically still subsequently substantially such ten than that the
their theirs them themselves then there thereby therefore these they third this those though three
through throughout thus to together too toward towards two typically under unless unlike until up
upon us usually ve versus very via vs was wasn we well were weren what whatever when where whereas
whereby wherein whether which while who whole whom whose why widely will with within without won
would wouldn yet you your yours yourself
"""
_ABSTRACT_WORDS = """
abstract achieve achieved achieves achieving addition address addressed addresses addressing aim
aims allow allowing allows appendix approach approaches article available based best better
challenge challenges challenging come comes compare compared comparing comprehensive conduct
conducted consider considered considering contribution contributions critical crucial current
demonstrate demonstrated demonstrates demonstrating describe described describes designed develop
developed developing different difficult due effective effectiveness employ employed employing
employs enable enabled enables enabling enhance enhanced enhances enhancing ensure ensures
ensuring establish evaluate evaluated exhibit exhibits existing experimental experiments explore
explored explores exploring extensive extensively facilitate facilitates find findings focus
focused focuses focusing following good great help helps http https identify important improve
improved improves include included includes including introduce introduced introduces introducing
investigate investigated investigates issue issues lack lacks lead leading leads leverage
leverages leveraging limitation limitations limited main major method methods mitigate new notable
novel numerous obtain obtained obtains offer offering offers order outperform outperformed
outperforming outperforms overall overcome paper papers particular perform performed performs
potential present presented presenting presents previous previously promising propose proposed
proposes proposing provide provided provides providing publicly recent reduce reduces reducing
release released relies rely relying remain remains require required requires requiring result
resulting results reveal reveals serve serves show showed showing shown shows significant similar
solution solutions solve solved solving sota studied studies study substantial suffer suffers
superior superiority supports tackle tackles technique techniques ultimately url urls use used
useful uses using utilise utilised utilises utilising utilize utilized utilizes utilizing validate
validated various wide work works www yield yielding yields
"""
#: English function words: without them a sentence says as much about its subject.
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
#: Words that say nothing about a paper's subject.
STOP_WORDS = frozenset(f"{_FUNCTION_WORDS} {_ABSTRACT_WORDS}".split())
#: Prefixes and the like, which have a meaning only as part of a two-word term.
_HALVES = """
anti bi co cross de full half high inter intra large long low mid multi non post pre quasi real
self semi short single small sub super tri ultra un
case improvement improvements improving key problem problems set support
"""
HALF_WORDS = frozenset(_HALVES.split())

#: What py3langid and the package of stop words call differently.
_SAME = {"no": "nb", "nn": "nb"}
#: Frequent in abstracts and missing in the package's lists.
_MISSING = {
    "de": "beim bzw dabei darüber davon hierbei sowie zudem",
    "fr": "afin ainsi alors auprès cela celui celle celles ceci lequel lorsque puis soit toutefois",
}


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing about a paper's subject.

    Parameters
    ----------
    language : str
        ISO 639-1 code.

    Returns
    -------
    frozenset of str
        Lower case. `STOP_WORDS` for English; for the languages of the package stop-words its list
        and English function words, which summaries in two languages hold; for others these alone.

    Examples
    --------
    >>> "los" in stop_words("es"), "los" in stop_words("en"), "the" in stop_words("es")
    (True, False, True)
    """
    if language == "en":
        return STOP_WORDS
    name = LANGUAGE_MAPPING.get(_SAME.get(language, language))
    words = get_stop_words(name) if name in AVAILABLE_LANGUAGES else []
    own = {word.strip("'’").lower() for word in [*words, *_MISSING.get(language, "").split()]}
    return frozenset(own | set(_FUNCTION_WORDS.split()))
