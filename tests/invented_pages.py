"""Invented pages in the shapes that dead, closed and living pages have, with their state.

Titles, headings and markup follow what servers, hosts and registrars send; names, texts and
addresses are invented. Each entry is (URL asked for, URL answered from, status, headers, HTML).
"""

from __future__ import annotations

PROSE = (
    "We measure how lanterns drift over a lake at night and give the tables, the scripts and the "
    "settings of every run, so that each figure can be drawn again on another machine. "
)
LONG = PROSE * 20
HOME = "https://lab.example/tools/oak"


def page(title: str, heading: str = "", text: str = "", *, more: str = "", head: str = "") -> str:
    shown = f"<h1>{heading}</h1>" if heading else ""
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head>"
        f"<body>{shown}<p>{text}</p>{more}</body></html>"
    )


def at(
    html: str, *, url: str = HOME, final: str = "", status: int = 200, **headers: str
) -> tuple[str, str, int, dict[str, str], str]:
    return url, final or url, status, {k.replace("_", "-"): v for k, v in headers.items()}, html


FORM = '<form><input name="user"><input type="password" name="pw"><button>Go</button></form>'
MENU = "Home About People Publications Teaching Contact " * 4

GONE = [
    at(page("404 Not Found", "Not Found", "The requested URL was not found on this server.")),
    at(page("Page not found | Lantern Lab", "Page not found", MENU)),
    at(page("Page not found (404) • oakr", "Page not found (404)", "Content not found. " + MENU)),
    at(page("Error 404 (Not Found)!!1", "", "404. The requested URL was not found")),
    at(page("404 – File or directory not found.", "Server Error", "404 - File not found.")),
    at(page("Object not found!", "Object not found!", "The requested URL was not found.")),
    at(page("Lantern Lab – Nothing found", "Nothing Found", "It seems we can’t find it. " + MENU)),
    at(page("Seite nicht gefunden – Institut für Laternen", "Seite nicht gefunden", MENU)),
    at(page("Page introuvable | Laboratoire", "Page introuvable", MENU)),
    at(page("Página no encontrada - Universidad", "Página no encontrada", MENU)),
    at(page("Pagina non trovata | Dipartimento", "Pagina non trovata", MENU)),
    at(page("页面不存在", "", "您访问的页面不存在")),
    at(page("Страница не найдена — Лаборатория", "Страница не найдена", MENU)),
    at(page("Oops! Page not found", "Oops!", "We could not find that page. " + MENU)),
    at(page("Lantern Lab", "404", "Sorry, nothing is here.")),
    at(page("Lantern Lab", "This page doesn't exist", MENU)),
    at(page("Lantern Lab", "Page Not Found", MENU)),
    at(page("", "", "The file you requested has been removed or is no longer available.")),
    at(page("Dataset not found", "", "No dataset with this identifier.")),
    at(page("Error", "Repository not found", "Nothing here.")),
    at(page("Missing page", "", "")),
    at(page("Error 404 - Lantern Lab", "Error 404", MENU)),
    at(page("Record not found :: Archive", "Record not found", MENU)),
    at(page("Lantern Lab", "Sorry, the page you are looking for could not be found", MENU)),
    at(page("Lantern Docs", "404 - Not found", MENU * 30)),
    at(page("art", "PAGE 404", "Go back")),
    at(page("Welcome", "Start", LONG), final="https://lab.example/404.html"),
    at(page("Welcome", "Start", LONG), final="https://lab.example/errors/not-found"),
    at(page("Apache2 Ubuntu Default Page: It works", "Apache2 Default Page", "It works!")),
    at(page("Welcome to nginx!", "Welcome to nginx!", "If you see this page, nginx is installed.")),
    at(page("IIS Windows Server", "", "")),
    at(page("Default Web Site Page", "Sorry!", "If you own this web site, contact your host.")),
    at(page("Account Suspended", "Account Suspended", "Contact your hosting provider.")),
    at(page("This account has been suspended", "", "")),
    at(page("Service discontinued", "Service discontinued", "The server closed in May.")),
    at(
        page("CRAN: Package oakr", "", "Package ‘oakr’ was removed from the CRAN repository. "
             "Formerly available versions can be obtained from the archive."),
        url="https://cran.r-project.org/package=oakr",
        final="https://cran.r-project.org/web/packages/oakr/index.html",
    ),
]  # fmt: skip

LOGIN = [
    at(page("Sign in", "Sign in", "", more=FORM)),
    at(page("Lantern Lab: Log in", "Log in", MENU, more=FORM)),
    at(page("Web Login Service", "Lantern University", "Username Password", more=FORM)),
    at(page("Login | Lantern Portal", "Login", "", more=FORM)),
    at(page("Anmelden – Cloud", "", "", more=FORM)),
    at(page("Shibboleth Authentication Request", "", "You must press Continue once to proceed.")),
    at(page("Select your identity provider", "Where are you from?", "University of Lanterns")),
    at(page("Welcome", "", "x"), final="https://idp.lanterns.example/idp/profile/SAML2/SSO?e=1"),
    at(page("Hello", "", LONG), final="https://sso.lanterns.example/auth/realms/x/protocol/y"),
    at(
        page("Google Drive: Sign-in", "Sign in", "to continue to Google Drive"),
        url="https://drive.google.com/drive/folders/1AbC",
        final="https://accounts.google.com/v3/signin/identifier?continue=x",
    ),
    at(
        page("Sign in to your account", "", ""),
        url="https://lanterns.sharepoint.com/:f:/s/oak/Ab",
        final="https://login.microsoftonline.com/common/oauth2/authorize?client_id=x",
    ),
    at(
        page("Oak", "", ""),
        url="https://lanterns.sharepoint.com/:f:/s/oak/Ab",
        final="https://lanterns.sharepoint.com/_layouts/15/AccessDenied.aspx",
    ),
    at(page("Request access", "You need access", "Ask for access, or switch accounts.")),
    at(page("CAS – Central Authentication Service", "", "", more=FORM)),
    at(page("Oak server", "", "user password", more=FORM)),
    at(page("Connexion - Nuage", "Connexion", "", more=FORM)),
    at(page("ログイン", "", "", more=FORM)),
]

PARKED = [
    at(page("oak-tool.example is for sale", "oak-tool.example", "Buy now for 2,995 dollars.")),
    at(page("Buy oaktool.example - great names", "", "This name can be yours.")),
    at(page("oaktool.example", "", "oaktool.example Related searches Oak Furniture Garden Trees")),
    at(page("oaktool.example - Parked", "", "This domain is parked.")),
    at(page("Domain for sale", "", "Make an offer.")),
    at(page("Oak", "", "", more='<script src="https://img.sedoparking.com/x.js"></script>')),
    at(page("Oak", "", "", more='<iframe src="https://www.hugedomains.com/p"></iframe>')),
    at('<html><head><script>window.onload=function(){window.location.href="/lander"}</script>'),
    at(page("Welcome", "", ""), final="https://www.hugedomains.com/domain_profile.cfm?d=oak"),
    at(page("Oak", "", "The domain oaktool.example may be for sale. Inquire about this domain.")),
    at(page("Domain expired", "This domain has expired", "Is it yours? Renew it now.")),
    at(page("oaktool.example domain is registered", "", "")),
    at(page("Diese Domain steht zum Verkauf", "", "")),
]

SOON = [
    at(page("Coming soon", "Coming soon", "We are working on it.")),
    at(page("Oak | Coming Soon", "COMING SOON", "")),
    at(page("Under construction", "This site is under construction", "")),
    at(page("Oak project", "Code coming soon!", "")),
    at(page("Site en construction", "", "")),
]

UNKNOWN = [
    at(page("Just a moment...", "", "Enable JavaScript and cookies to continue"), status=403),
    at(page("Just a moment...", "oak.example", "Checking your browser"), status=200),
    at(page("Attention Required! | Cloudflare", "Sorry, you have been blocked", ""), status=403),
    at(page("", "", ""), status=202),
    at(page("Oak", "", LONG), status=200, cf_mitigated="challenge"),
    at(page("Client Challenge", "", "A required part of this site couldn’t load."), status=200),
    at(page("Making sure you're not a bot!", "", "Calculating..."), status=200),
    at(page("Robot Check", "", "Enter the characters you see below"), status=200),
    at(page("Oak", "", "", more='<script src="https://geo.captcha-delivery.com/c.js"></script>')),
    at(page("Access Denied", "Access Denied", "You don't have permission. Reference #18"),
       status=403),
    at(page("Pardon Our Interruption", "", "Something made us think you might be a bot.")),
]  # fmt: skip

ALIVE = [
    at(page("Oak: drifting lanterns", "Oak", LONG)),
    at(page("How to write a custom 404 page", "How to write a custom 404 page", LONG)),
    at(page("404 Not Found: a study of link rot", "404 Not Found: a study of link rot", LONG)),
    at(page("HTTP status codes: 404, 410 and 451", "Status codes", LONG)),
    at(page("404 Not Found - HTTP | Web docs", "404 Not Found", LONG),
       url="https://docs.example/http/status/404"),
    at(page("Not found in translation – Lantern Lab", "Not found in translation", LONG)),
    at(page("Missing data in ecology", "Missing data", LONG)),
    at(page("Missing and exploited: a data set", "A data set", PROSE)),
    at(page("Page", "Dead links and where they go", "Page not found is what most say. " + LONG)),
    at(page("Parked domains at scale", "Parked domains at scale", "it is for sale " + LONG)),
    at(page("A study of domain parking", "Domain parking", LONG)),
    at(page("DomainShop: code and data", "Code and data", PROSE * 8)),
    at(page("Login attempts on honeypots: data", "Login attempts", LONG)),
    at(page("Sign language recognition", "Sign language recognition", LONG)),
    at(page("Sign in the wild", "Sign in the wild", LONG)),
    at(page("Oak portal", "Oak portal", LONG, more=FORM)),
    at(page("Lantern Wiki", "Main page", LONG + " Log in", more=FORM)),
    at(page("Captcha solving with attention", "Captcha solving", LONG)),
    at(page("Coming soon to a lake near you", "Coming soon to a lake near you", LONG)),
    at(page("Oak – news", "News", "Version 3 is coming soon. " + LONG)),
    at(page("Oak", "Oak", "Code and data. Video coming soon. " + PROSE * 4)),
    at(page("Construction of lanterns", "Construction", LONG)),
    at(page("Under construction: cities and growth", "Cities and growth", LONG)),
    at(page("Index of /oak", "Index of /oak", "Parent Directory oak-1.0.tar.gz 2021 1.2M")),
    at(page("Error analysis of parsers", "Error analysis", LONG)),
    at(page("Errors", "Errors in surveys", LONG)),
    at(page("Gone with the wind: particle transport", "Gone with the wind", LONG)),
    at(page("", "", LONG)),
    at(page("Oak", "", PROSE)),
    at("plain text: download oak.tar.gz and run make", content_type="text/plain"),
    at(page("Welcome to Oak!", "Welcome to Oak!", PROSE)),
    at(page("The robot challenge 2024", "The robot challenge 2024", LONG)),
    at(page("Security check of smart meters", "Security", LONG)),
    at(page("Oak", "Oak", LONG, more='<script src="https://www.google.com/recaptcha/x.js"></script>')),
    at(page("Human verification of labels: the data", "Human verification of labels", LONG)),
    at(page("Oak", "Moved", LONG), final="https://oak.example/"),
    at(page("Lost in the middle", "Lost in the middle", PROSE)),
    at(page("Oops: an ontology checker", "Oops: an ontology checker", PROSE)),
    at(page("Not available: missing values in trials", "Missing values", PROSE * 6)),
    at(page("Access denied? Paywalls in medicine", "Paywalls", LONG)),
    at(page("登录行为数据集", "登录行为数据集", LONG)),
    at(page("Package oakr", "oakr", "This package was removed from the kitchen. " + PROSE)),
    at(page("Suspended sediment data", "Suspended sediment", PROSE * 3)),
    at(page("Account of the lantern festival", "Account", PROSE * 3)),
    at(page("The domain is available: ontologies", "Ontologies", PROSE * 3)),
]  # fmt: skip

PAGES = [
    (state, *entry)
    for state, entries in (
        ("gone", GONE), ("login", LOGIN), ("parked", PARKED), ("coming soon", SOON),
        ("unknown", UNKNOWN), ("alive", ALIVE),
    )
    for entry in entries
]  # fmt: skip
