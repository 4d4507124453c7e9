"""What a page that was answered is: the work itself, or a dead page in disguise.

Decided by the host, the title and the first headings; words in the text count only on pages with
hardly any text. So a page that is about '404', parking or signing in stays alive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from toolkit.linkcheck.page_text import PageText
from toolkit.linkcheck.rate_limits import Answer, host_of

#: Pages with fewer characters of text than this have hardly any.
_SHORT, _MEDIUM = 700, 2500
_I = re.IGNORECASE


@dataclass(frozen=True)
class Verdict:
    """What a page is: a state of `check_links`, and why."""

    state: str
    why: str = ""


# ------------------------------------------------------------------------------------ challenges
_CHALLENGE_TITLE = re.compile(
    r"just a moment\W*|attention required!.*|checking (?:your|the) (?:browser|connection).*|"
    r"ddos-guard|client challenge|security (?:check|verification|challenge).*|"
    r"(?:please )?verify(?:ing)? (?:that )?you are (?:a )?human.*|are you (?:a )?(?:human|"
    r"robot)\W*|"
    r"robot (?:check|challenge screen)|pardon our interruption\W*|human verification|"
    r"making sure you.re not a bot\W*|one moment, please\W*|radware .*|bot (?:check|"
    r"verification).*|"
    r"request unsuccessful.*|access (?:to this page has been )?(?:denied|blocked)|.*\bcaptcha\b.*|"
    r"please wait\W*|browser check|vérification de sécurité.*|sicherheitsüberprüfung.*",
    _I,
)
_CHALLENGE_HOSTS = re.compile(
    r"challenges\.cloudflare\.com|.*captcha-delivery\.com|.*perimeterx\.net|.*px-cdn\.net|"
    r"hcaptcha\.com|.*\.hcaptcha\.com|.*awswaf\.com|.*queue-it\.net",
    _I,
)

# ---------------------------------------------------------------------------------------- sign-in
_LOGIN_HOST = re.compile(
    r"accounts\.google\.com|login\.(?:microsoftonline|live|windows)\.(?:com|net)|"
    r".*\.b2clogin\.com|accounts\.osf\.io|orcid\.org/(?:signin|oauth).*|.*\.okta\.com|"
    r".*\.auth0\.com|(?:idp|sso|login|signin|wayf|shibboleth|shib|cas|auth|adfs|weblogin|openid|"
    r"keycloak|webauth|saml)[\w-]*\.[\w.-]+",
    _I,
)
_LOGIN_PATH = re.compile(
    r".*/(?:sign[_-]?in|log[_-]?in|logon|signon|servicelogin|wp-login\.php|login\.\w{2,5}|"
    r"shibboleth\.sso/.*|idp/profile/.*|saml2?/.*|cas/login|oauth2?/authorize|authenticate|"
    r"accessdenied\.aspx|_layouts/15/(?:authenticate|guestaccess|accessdenied).*|"
    r"user/login|users/login|account/login|auth/.*|adfs/ls.*|realms/[\w-]+/protocol/.*)/?",
    _I,
)
_LOGIN_TITLE = re.compile(
    r"(?:please )?(?:sign|log)[ -]?(?:in|on)(?: (?:to|with|using)\b.{0,40}| required| page)?|"
    r"(?:\w+ )?(?:sign|log)[ -]?in|login(?: page| required)?|(?:web|user|account|single) ?"
    r"(?:login|sign-?on)(?: service)?|authentication(?: required)?|shibboleth.*|"
    r"(?:shibboleth )?(?:identity provider|authentication request|discovery service)|"
    r"select your (?:identity provider|institution|home organi[sz]ation)|where are you from\W?|"
    r"anmelden|anmeldung|einloggen|connexion|se connecter|identification|(?:iniciar|inicio de) "
    r"sesi[oó]n|đăng nhập|ورود|"
    r"acceder|accedi|entrar|inloggen|logga in|przihlášení|přihlášení|вход|登录|用户登录|ログイン|"
    r"로그인|access denied|you need (?:access|permission)|request access|no access|"
    r"central authentication service|cas . central .*|.* identity provider|sign in to your account",
    _I,
)

# --------------------------------------------------------------------------------------- soft 404
_MISSING = re.compile(
    r"(?:(?:whoops|oops|sorry|uh[ -]?oh|(?:http |error |status )*4(?:04|10)(?: error)?|error)\W+)?"
    r"(?:"
    r"4(?:04|10)|(?:the |this |that |requested |web |your |sorry |oops |we |could |can.?t |"
    r"couldn.?t |"
    r"cannot |seem to |find )*(?:page|file|url|resource|site|document|content|repository|project|"
    r"object|record|item|article|entry|dataset|data ?set|model|node|content|link|address|web "
    r"?site)?"
    r"[ ,]?(?:you(?:.?re| are| were)? (?:looking for|requested)|requested)? ?(?:is |was |were |"
    r"has |"
    r"been |could |can |can.?t |cannot |couldn.?t |does |doesn.?t |no |not |be |longer |currently |"
    r"isn.t |aren.t |wasn.t |un)*(?:found|exist|exists|available|here|removed|deleted|moved|gone|"
    r"missing|unavailable)"
    r"(?: on this server)?|"
    r"page 404|"
    r"(?:page|file|link|site|content|object|document) (?:missing|gone|removed|deleted|expired|"
    r"error)|"
    r"(?:nothing|not|no (?:such )?(?:page|file|results?|posts?|content|object|record|user|project)|"
    r"no longer) (?:found|available|here|exists?)(?: here)?|(?:missing|unknown|invalid|deleted|"
    r"removed|broken|dead) (?:page|file|link|url|record|object|item|doi|dataset|project|"
    r"repository)|"
    r"no such (?:page|file|record|project|repository|object|item|dataset)|"
    r"seite (?:wurde )?nicht gefunden|nicht gefunden|diese seite existiert nicht.*|"
    r"(?:page|cette page) (?:non trouv[ée]e|introuvable|n.existe (?:pas|plus))|"
    r"erreur 404.{0,30}|fehler 404.{0,30}|error 404.{0,30}|errore 404.{0,30}|"
    r"p[áa]gina (?:web )?(?:no|n[ãa]o) (?:encontrada|existe|disponible)|"
    r"pagina non (?:trovata|esistente)|pagina niet gevonden|sidan (?:kunde inte )?hitta(?:de)?s.*|"
    r"siden (?:blev )?ikke funnet|siden findes ikke|sivua ei l[öo]ydy|str[aá]nka nebyla nalezena|"
    r"nie znaleziono strony|strona nie (?:istnieje|została znaleziona)|страница не найдена|"
    r"sayfa bulunamad[ıi]|.{0,12}页面(?:不存在|未找到|没有找到|找不到).*|没有找到内容.*|"
    r"找不到(?:页面|网页|頁面).*|"
    r"ページが見つかりません.*|페이지를 찾을 수 없습니다.*|الصفحة غير موجودة"
    r")\W*(?:error|404)?\W*(?:error)?\W*",
    _I,
)
_MISSING_PATH = re.compile(
    r"/(?:.*/)?(?:errors?/)?(?:404|410|not[_-]?found|page[_-]?not[_-]?found|error[_-]?404|"
    r"404[_-]?error|missing|error)(?:\.\w{2,5})?/?",
    _I,
)
#: Headings that no page with a menu of any length has by chance.
_EXPLICIT = re.compile(r"^(?=.*\b404\b)(?=.*\bnot found\b)", _I)
#: Addresses of pages that are about missing pages.
_ABOUT = re.compile(r"404|not[-_ ]?found|status", _I)
#: On pages with hardly any text, a sentence is enough.
_MISSING_SENTENCE = re.compile(
    r"\b(?:page|file|url|resource|document|site|project|repository|item|dataset|link)s?\b.{0,60}"
    r"\b(?:(?:was|were|is|could|can|does|do|has)\s?(?:not|n.t)|cannot|can.t|couldn.t|doesn.t|"
    r"no longer|has been)\s(?:be\s|been\s)?(?:found|exist|available|removed|deleted|located|"
    r"taken down)\b|\bnot found on this server\b",
    _I,
)
_SERVER_TITLE = re.compile(
    r"apache2? (?:\w+ )?(?:ubuntu |debian |centos )?default page.*|welcome to nginx!?|iis "
    r"windows.*|"
    r"test page for (?:the )?(?:apache|nginx|http).*|welcome to (?:centos|caddy|plesk).*|"
    r"default (?:web ?site |web ?page|page|server page|plesk page).*|it works!?|"
    r"domain default page|web server.s default page|http server test page.*|apache tomcat.*",
    _I,
)
_SUSPENDED_TITLE = re.compile(
    r"(?:this )?(?:account|site|web ?site|domain|hosting account) (?:has been |is |was )?"
    r"(?:suspended|disabled|deactivated|expired|closed|terminated|blocked)|"
    r"(?:account|site|contact) suspended|(?:we.?re )?sorry.{0,40}discontinued.*|service "
    r"discontinued|"
    r"(?:this )?(?:service|site|project|server|web ?site) (?:has been |was |is )?"
    r"(?:discontinued|shut ?down|retired|decommissioned|closed|no longer available)",
    _I,
)

# ----------------------------------------------------------------------------------------- parked
_PARKING_HOST = re.compile(
    r"(?:.*\.)?(?:sedo(?:parking)?|parkingcrew|bodis|above|afternic|dan|hugedomains|parklogic|"
    r"domainmarket|undeveloped|buydomains|cashparking|domainactive|parking-page|parkingpage|"
    r"skenzo|smartname|fabulous|voodoo|uniregistry|domainsponsor|namedrive|domainname|brandbucket|"
    r"squadhelp|atom|perfectname|domainnamesales|spaceship|domaineasy|parkweb|giantpanda|"
    r"trafficz|rook-?media|tonic|dynadot-?parking|ztomy|consumersearchhq|"
    r"d38psrni17bvxu\.cloudfront|d1lxhc4jvstzrp\.cloudfront)\.(?:com|net|org|io|xyz|biz)",
    _I,
)
_PARKED_TITLE = re.compile(
    r"(?:the )?(?:domain|this domain|[\w-]+(?:\.[\w-]+)+)(?: name)?,? (?:\w+ )?(?:is|may be|"
    r"might be) "
    r"(?:for sale|parked|expired|registered|reserved).*|"
    r"(?:buy|purchase|get|acquire) (?:the domain|this domain|[\w-]+(?:\.[\w-]+)+)(?: name)?.*|"
    r"(?:premium )?domain(?: name)? (?:for sale|parking|parked|expired|available).*|"
    r"parked (?:domain|page|at|by|with|free).*|(?:[\w-]+(?:\.[\w-]+)+) ?[-–|:]? ?(?:parked|for "
    r"sale|"
    r"domain (?:for sale|expired|parking)|this website is for sale!?).*|"
    r"(?:this )?(?:web ?site|domain)(?: name)? (?:is|has)? ?(?:for sale|expired|been registered|"
    r"been parked).*|domain (?:zu verkaufen|steht zum verkauf|à vendre)|.*steht zum verkauf.*|"
    r"域名出售.*|.*domain is registered.*|future home of .*|"
    r".* (?:hugedomains|sedo|afternic|dan\.com|godaddy domains|namecheap parking).*",
    _I,
)
_PARKED_SENTENCE = re.compile(
    r"(?:this|the) domain(?: name)? .{0,60}(?:is|may be|might be) (?:for sale|parked)|"
    r"buy this domain|domain (?:has|is) expired|this (?:domain|web page) is parked|"
    r"inquire about (?:this|purchasing this) domain|related searches|"
    r"courtesy of (?:godaddy|namecheap|dynadot|porkbun)|get this domain|"
    r"domain name registration and web hosting|this domain is registered",
    _I,
)
_SOON_TITLE = re.compile(
    r"(?:(?:web ?site|site|page|project|code|data ?set) )?(?:is )?(?:coming|available|launching|"
    r"live|"
    r"opening) (?:very )?soon\W*|(?:(?:this )?(?:site|page|web ?site) )?(?:is )?(?:currently "
    r")?under "
    r"(?:construction|development).*|in (?:construction|aufbau|arbeit)|en construction|"
    r"en construcci[óo]n|em constru[çc][ãa]o|in costruzione|stay tuned\W*|maintenance mode|"
    r"site en (?:construction|maintenance)|建设中|敬请期待.*|準備中",
    _I,
)
_CRAN_REMOVED = re.compile(
    r"package\s\W?[\w.]+\W?\s(?:was|has been) (?:removed from the CRAN|archived)", _I
)
_SEPARATORS = re.compile(r"(?<!\s)\s+[|–—·:•»«/-]+\s+|(?<!\s)\s*[|–—·•»«]+\s*|:\s+|\s-\s")


def judge_page(target: str, answer: Answer, page: PageText) -> Verdict:
    """Return what an answer with status 2xx is: alive, gone, login, parked, coming soon, unknown.

    Parameters
    ----------
    target : str
        The URL that was asked for; `answer.url` is the one at the end of the redirects.
    answer : Answer
        Status and headers.
    page : PageText
        What the page shows.
    """
    host, parts = host_of(answer.url), urlsplit(answer.url)
    moved = (host_of(target), urlsplit(target).path) != (host, parts.path)
    if why := challenge(answer, page):
        return Verdict("unknown", f"a challenge for robots ({why})")
    if leads_to_login(target, answer) or _is_login(moved, page):
        return Verdict("login", "asks to sign in: private or gone")
    if host == "cran.r-project.org" and _CRAN_REMOVED.search(page.text[:600]):
        return Verdict("gone", "removed from CRAN; older versions are in its archive")
    if why := _parked(host, page):
        return Verdict("parked", why)
    if moved and _MISSING_PATH.fullmatch(parts.path):
        return Verdict("gone", f"leads to {parts.path[:60]}")
    return _by_words(page, about=_ABOUT.search(urlsplit(target).path) is not None)


def challenge(answer: Answer, page: PageText) -> str:
    """Return by what a page keeps robots out; an empty string for other pages."""
    headers = answer.headers
    if headers.get("cf-mitigated") or headers.get("x-amzn-waf-action"):
        return "Cloudflare" if headers.get("cf-mitigated") else "AWS"
    heading = page.headings[0] if page.headings else ""
    if answer.status == 202 and len(page.text) < _SHORT:
        return "HTTP 202"
    if len(page.text) < _MEDIUM:
        for words in (page.title, heading):
            if words and _CHALLENGE_TITLE.fullmatch(words):
                return f"'{words[:60]}'"
    if len(page.text) < _SHORT and any(_CHALLENGE_HOSTS.fullmatch(host) for host in page.hosts):
        return "its scripts"
    return ""


def _is_login(moved: bool, page: PageText) -> bool:
    if page.password and len(page.text) < 300:
        return True
    if any(_LOGIN_TITLE.fullmatch(words) for words in _segments(page.title)):
        return page.password or moved or len(page.text) < _SHORT
    headings = page.headings[:1]
    short = len(page.text) < _SHORT and (page.password or moved)
    return short and any(_LOGIN_TITLE.fullmatch(words) for words in headings)


def leads_to_login(target: str, answer: Answer) -> bool:
    """Return whether a link leads elsewhere, to where one signs in."""
    host, path = host_of(answer.url), urlsplit(answer.url).path
    moved = (host_of(target), urlsplit(target).path) != (host, path)
    return moved and bool(_LOGIN_HOST.fullmatch(host) or _LOGIN_PATH.fullmatch(path))


def _parked(host: str, page: PageText) -> str:
    if _PARKING_HOST.fullmatch(host):
        return f"a parked domain (at {host})"
    if page.script_target.rstrip("/") == "/lander":
        return "a parked domain"
    if len(page.text) < _MEDIUM:
        for other in page.hosts:
            if _PARKING_HOST.fullmatch(other):
                return f"a parked domain (at {other})"
        for words in [page.title, *page.headings]:
            if _PARKED_TITLE.fullmatch(words):
                return f"a parked domain ('{words[:60]}')"
    if len(page.text) < _SHORT and _PARKED_SENTENCE.search(page.text):
        return "a parked domain"
    return ""


def _by_words(page: PageText, *, about: bool) -> Verdict:
    """Decide by title and headings, which must agree unless there is hardly any text.

    `about` says that the address itself speaks of missing pages: then a long text is an article.
    """
    title, heading = _segments(page.title), page.headings[0] if page.headings else ""
    headings = [words for words in page.headings[:2] if len(words) <= 120]
    bare = len(page.text) < _MEDIUM
    for pattern, state, why in (
        (_MISSING, "gone", "says that it is not there"),
        (_SUSPENDED_TITLE, "gone", "suspended or shut down"),
        (_SERVER_TITLE, "gone", "the default page of a server"),
        (_SOON_TITLE, "coming soon", "a page that only says so"),
    ):
        if pattern is _MISSING and about and len(page.text) > _SHORT:
            continue
        in_title = next((words for words in title if pattern.fullmatch(words)), "")
        in_heading = next((words for words in headings if pattern.fullmatch(words)), "")
        alone = in_heading or len(page.text) < _SHORT or (bare and not heading)
        if in_title and alone and _rest_is_site(title, in_title):
            return Verdict(state, f"{why} ('{in_title[:60]}')")
        if in_heading and _EXPLICIT.search(in_heading):
            return Verdict(state, f"{why} ('{in_heading[:60]}')")
        if in_heading and bare and (pattern is not _SOON_TITLE or len(page.text) < _SHORT):
            return Verdict(state, f"{why} ('{in_heading[:60]}')")
    if len(page.text) < 300 and _MISSING_SENTENCE.search(page.text):
        return Verdict("gone", f"says that it is not there ('{page.text[:60]}')")
    return Verdict("alive")


def _segments(title: str) -> list[str]:
    """Return the parts of a title, which often ends with the name of the site."""
    parts = [title, *_SEPARATORS.split(title)] if title else []
    return [part for part in parts if 0 < len(part) <= 120]


def _rest_is_site(segments: list[str], found: str) -> bool:
    """Return whether what stands beside an error in a title is short enough for a site's name."""
    if found == segments[0]:
        return True
    return len(segments[0].replace(found, "").split()) <= 7
