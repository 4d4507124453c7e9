"""Words around a link that tell what it holds: the name of each sign, the part, and the pattern.

The parts are cut by `link_signs.link_signs`; the names are those of `link_weights.csv`.
"""

from __future__ import annotations

_WEB = r"web[- ]?(?:based|server|service|app\w*|tool|interface|calculator|gui)|webserver"
#: Each sign: its name, the part that it stands in, and what stands there.
TABLE = (
    ("web application", "near",
     rf"\b(?:{_WEB}|webanwendung|on-?line (?:tool|calculator|interface|version|user|application|"
     r"service)|interactive|calculator|server|services?)\b"),
    ("web application in sentence", "sentence",
     rf"\b(?:{_WEB}|webanwendung|on-?line (?:tool|calculator|interface)|interactive (?:tool|web|"
     r"online)|such ?maschine|search engine)\b"),
    ("web application after", "after",
     rf"\b(?:{_WEB}|webanwendung|on-?line tool|mobile app|server|application)\b"),
    ("shown", "near",
     r"\b(?:play(?:ed|able)?|listen\w*|heard|viewed|watch\w*|video\w*|audio|samples?|demo\w*|"
     r"movies?|animations?|images?|sounds?|screencast|examples)\b"),
    ("shown in clause", "clause",
     r"\b(?:played|listen\w*|heard|video\w*|audio|demo\w*|movies?|animations?|screencast)\b"),
    ("online", "near", r"\b(?:on-?line|browser|runn?able|accessible|website)\b"),
    ("software", "clause",
     r"\b(?:software|packages?|codes?|program(?:me|s)?|implement\w+|librar(?:y|ies)|"
     r"tool(?:box|kit)|scripts?|matlab|python|java|binaries|routine|modules?|notebook)\b"),
    ("software near", "near",
     r"\b(?:software|packages?|codes?|program(?:me|s)?|implement\w+|librar(?:y|ies)|"
     r"tool(?:box|kit)|scripts?|routine|module)\b"),
    ("software before", "previous",
     r"\b(?:software|packages?|program(?:me)?|implement\w+|library|tool(?:box|kit)|python|java|"
     r"open[- ]source)\b"),
    ("software in title", "title",
     r"\b(?:software|packages?|code|program|implementation|library|tool(?:box|kit)|python|matlab|"
     r"open[- ]source)\b"),
    ("download", "clause", r"\bdown-?load\w*|\binstall\w*|\blicen[cs]ed?\b|\bGPL\b"),
    ("tool", "clause",
     r"\b(?:tools?|framework|pipeline|algorithms?|methods?|plug-?in|simulator|solver|engine|"
     r"(?<!information )system|application|app)\b"),
    ("data", "clause",
     r"\b(?:data-?(?:sets?|bases?)?|corpus|corpora|korpus|catalogue?|line lists?|lists?|"
     r"annotations?|benchmarks?|tables?|maps?|archives?|measurements|spectra|index|records|"
     r"collections?|atlas|snapshots|tracks|norms|daten\w*)\b"),
    ("data near", "near",
     r"\b(?:data-?(?:sets?|bases?)?|corpus|corpora|korpus|catalogue?|lists?|annotations?|"
     r"benchmarks?|maps?|archive|measurements|spectra|index|collection|atlas|datenbank|daten)\b"),
    ("data before", "previous",
     r"\b(?:data-?(?:sets?|bases?)|corpus|corpora|catalogue?|line lists?|annotations?)\b"),
    ("data in title", "title",
     r"\b(?:data-?(?:sets?|bases?)|corpus|catalogue?|line lists?|archive|atlas|survey|collection|"
     r"index|release|repository|norms|datenbank|korpus)\b"),
    ("results", "clause",
     r"\b(?:results|answers|polynomials|explicit|tables|values|calculations|predictions|"
     r"tabulat\w+|list)\b"),
    ("page", "near",
     r"\b(?:web-?\s?sites?|web-?\s?pages?|home-?\s?pages?|portal|internet-?\w*seite|sites?|pages?|"
     r"blog|plat+form|weboberfläche)\b"),
    ("project", "near",
     r"\b(?:project\w?s?|projekt\w*|\w+projekt\w*|projet|proyecto|consortium|verbund\w*)\b"),
    ("project in bracket", "left",
     r"(?:project\w?s?|projekte?s?|projet|proyecto|network|consortium|platt?form|portal|"
     r"initiative)\W{1,3}(?:[\"“„»][^()\"”]{3,120}[\"”“«]\s?|(?:[\w-]+\s){0,3})?\(\s*"
     r"(?:siehe |see |[\w ]{3,40}[;:,]\s*)?$"),
    ("funded project in bracket", "left",
     r"\b(?:research project|COST Action|network project|EU project)\b[^()]{0,100}"
     r"\((?:[\w./ -]{2,30},\s)?\s*$"),
    ("see the page", "near",
     r"\b(?:see|visit|check)\s(?:out\s)?(?:the|our)\s(?:[\w-]+\s){0,2}(?:web-?\s?site|web-?\s?page|"
     r"page|home-?\s?page)\b"),
    ("material", "clause",
     r"\b(?:materials?|supplement\w*|solutions?|exercises?|resources?|companion|accompan\w+|"
     r"slides?|additional|online course|answers|instructors?|complements?|tutorials?|"
     r"documentation|manuals?|guide)\b"),
    ("material in German", "clause",
     r"lösung|übung|material|zusatz|zusätzlich|checklist|begleit|lern|lehr|aktualisierung|ergänz|"
     r"glossar|kalkulation|kurs\b|beispiel|zum buch|buchtitel|download|weiterführend|errata"),
    ("material after", "after",
     r"lösung|übung|material|zusatz|lern|exercis|solution|resource|slide|student|instructor|"
     r"bietet|provides|offers|enthält|contains|dozent|test ?bank|companion"),
    ("book", "title",
     r"\b(?:introduction|introducing|handbook|handbuch|lehrbuch|grundlagen|einführung|textbook|"
     r"principles|understanding|history of|kompakt|für bachelor|mit übung\w*|third edition|"
     r"analysis of|guide)\b"),
    ("more information", "clause",
     r"\b(?:more|further|additional|detailed|updated|weitere|mehr|ergänzende)\b[^.]{0,30}\b"
     r"(?:infos?|information\w*|details?)\b|\b(?:details|description)\b[^.]{0,30}$"),
    ("see", "near", r"\b(?:see|siehe|visit|check|vgl|cf|voir)\b[^.]{0,25}$"),
    ("such as", "near", r"\b(?:such as|including|includes?|e\.\s?g\.?|z\.\s?B\.?|like|wie)\b"
     r"[^.]{0,25}$"),
    ("quoted", "left", r"[“\"»”]\s?\(\s*$|-{2}\s*$|[“\"»”]\s?$"),
    ("quoted sentence", "left", r"[.!?][“\"»”]?\s?\(?\s*$"),
    ("event", "clause",
     r"\b(?:conference|workshop|symposium|proceedings|meeting|colloquium|colloque|tagung|"
     r"held (?:at|in|on)|school on|series|recorded at)\b"),
    ("event in title", "title",
     r"\b(?:conference|workshop|symposium|proceedings|colloquium|congress|meeting|bulletin|"
     r"abstracts)\b"),
    ("person", "clause",
     r"\b(?:her|his|ihrer|seiner|contact|artist|composer|blogs?|personal|autor(?:in)?|coach|"
     r"herself|himself)\b"),
    ("paper", "clause",
     r"\b(?:paper|article|preprint|thesis|chapter|lecture|version|reprint|pdf|postscript|"
     r"manuscript|monograph|(?:e-?)?book|edition|publication|originally|published|abstracts)\b"),
    ("open access", "clause",
     r"\b(?:open access|ebook|e-book|creative commons|copyright|free of charge)\b"),
    ("label", "near",
     r"\b(?:codes?|software|packages?|demos?|videos?|data-?(?:sets?|bases?)?|web-?\s?sites?|"
     r"web-?\s?pages?|page|repository|supplement\w*|materials?|implementations?|corpus|toolbox)"
     r"(?:\s?[:=]|\s\(|\sare at|\sis at|\shere|\sat)?\s*$"),
    ("citation", "left",
     r"\bet al\b|\(\d{4}[a-z]?\)|\b(?:19|20)\d\d[,;.)]|\[\d+\]|\barxiv\b|\bdoi\b"),
    ("preposition", "near",
     r"\b(?:from|using|used|via|on|with|by|as|in|of|to)\s(?:the\s)?(?:[\w-]+\s){0,3}\(?\s*$"),
    ("with", "clause", r"(?:^|\s)(?:with|using|by|via|mit)\s(?:[^\s,;:()]+\s){1,5}\(\s*$"),
    ("from", "left", r"\bfrom:?\W*$"),
    ("at", "left", r"\b(?:at|unter)\W*$"),
    ("on", "left", r"\b(?:on|auf)\W*$"),
    ("in", "left", r"\bin\W*$"),
    ("via", "left", r"\b(?:via|through|under|by)\W*$"),
    ("colon", "left", r":\s*$"),
    ("bracket", "left",
     r"[(\[<]\s*(?:(?:see|siehe|cf|s|vgl|url|website|webseite)\W{0,3})?$"),
    ("available", "clause",
     r"\b(?:availab\w+|accessib\w+|accessed|downloadable|verfügbar|abrufbar|zugänglich|erhältlich|"
     r"released?|hosted|retrieved|finden|found|viewed|disponible)\b"),
    ("available near", "near",
     r"\b(?:availab\w+|accessib\w+|accessed|downloadable|download\w*|found|hosted|released|"
     r"provided|obtained|published|shared|verfügbar|abrufbar|finden|shown|seen)\b"),
    ("we", "clause", r"\b(?:we|our|ours|us|wir|unser\w*|nous|notre)\b"),
    ("we make", "clause",
     r"\b(?:we|i|authors?)\s(?:[\w,-]+\s){0,4}?(?:releas|shar|provid|publish|mak|made|host|offer|"
     r"develop|buil[dt]|creat|design|present|introduc|propos|describ|implement|open|collect|"
     r"report)\w*"),
    ("this paper", "sentence",
     r"\b(?:this|the|present|vorliegende\w*)\s(?:paper|article|study|work|talk|contribution|"
     r"poster|beitrag|vortrag)\b"),
    ("organisation", "near",
     r"\b(?:society|association|institut\w*|universit\w+|cent(?:er|re)|agency|service|"
     r"program(?:me)?|initiative|foundation|ministry|department|office|council|museum|library|"
     r"bibliothek|company|inc|gmbh|committee|group|school|gesellschaft|verlag\w*|press|"
     r"journal)\b"),
    ("is a", "after",
     r"^\W*(?:is|are|ist|sind|was|were|has been|have been|provides?|hosts?|contains?|offers?|"
     r"includes?|develop\w*|allows?|enables?|which|that|bietet|enthält|entstand|expands)\b"),
    ("bracket closes", "after", r"^\s?\)"),
    ("sentence ends", "after", r"^\W*$"),
    ("was used", "after",
     r"^\W*(?:was|were|is|are)\s(?:\w+\s){0,2}(?:used|employed|searched|applied|consulted|chosen|"
     r"selected)\b|^\W*(?:erfolgreich )?(?:eingesetzt|herangezogen|verwendet|genutzt)\b"),
    ("university", "url",
     r"\.edu(?:/|$|\.)|\.ac\.\w\w|//(?:[\w-]+\.)*(?:uni|univ|tu|fh|hu)-|\.mpg\.de"),
    (".org", "url", r"\.org(?:/|$)"),
    (".com", "url", r"\.com(?:/|$)|\.co\.\w\w"),
    (".gov", "url", r"\.gov(?:/|$|\.)"),
    ("country", "url", r"//[\w.-]+\.(?:de|at|ch|fr|eu|ca|it|nl)(?:/|$)"),
    ("somebody's pages", "url", r"~|/people/|/users?/|/homes?/|homepages?"),
    ("article", "url",
     r"10\.\d{4,}/|arxiv|/abs/|/article|abstract|publication|/pubs?/|stable/|eprint"),
    ("software in address", "url",
     r"software|download|/code|\.tgz|\.zip|/tools?(?:/|$)|package|script"),
    ("data in address", "url", r"data|corpus|catalog|archive"),
    ("book in address", "url", r"/978|97\d{8}|/cw/|buch|book|textbook|companion"),
    ("event in address", "url",
     r"(?:19|20)\d\d|workshop|conf|event|meeting|symposium|seminar"),
    ("application in address", "url",
     r"herokuapp|shinyapps|streamlit|huggingface\.co/spaces|\.app/|cgi-bin|webserver|/server|demo|"
     r"youtu|vimeo|soundcloud"),
)  # fmt: skip
