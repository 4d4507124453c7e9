"""The names that columns of tables have: of databases, tools and interface languages.

Facts alone, as lower-case words; `toolkit.formats.columns` uses them. To teach a new export, add
its words to a line.
"""

from __future__ import annotations

#: Other names of each column; the first that has a value counts, row by row.
ALIASES: dict[str, tuple[str, ...]] = {
    "paper_id": ("paper id",),
    "arxiv_id": (
        "arxiv id", "arxiv", "arxivid", "eprint", "arxiv number", "arxiv url", "ids arxiv",
        "external ids arxiv", "externalids arxiv",
    ),
    "id": ("id",),
    "title": (
        "title", "document title", "item title", "article title", "paper title", "display name",
        "titles", "primary title", "work title", "paper", "title of paper", "title of article",
        "study title", "reference title", "citation title", "original title", "main title",
        "names", "article name", "paper name", "titel", "titre", "título", "titulo", "titolo",
        "título del artículo", "titre du document", "título do documento", "titel des dokuments",
        "dokumenttitel", "название", "заглавие", "название статьи", "название документа",
        "заголовок", "标题", "题名", "書名", "文獻標題", "文獻名稱", "title primary", "文献标题",
        "论文标题", "篇名", "題名", "標題", "タイトル", "論文タイトル", "文献タイトル", "제목",
        "논문명", "tytuł", "başlık",
    ),
    "abstract": (
        "abstract", "abstract note", "summary", "summaries", "abstracts", "abstract text",
        "paper abstract", "article abstract", "abstract inverted index", "resume",
        "zusammenfassung", "kurzfassung", "résumé", "resumen", "resumo", "riassunto", "sommario",
        "краткое описание", "аннотация", "реферат", "резюме", "摘要", "文摘", "抄録", "要約",
        "要旨", "アブストラクト", "초록", "요약", "streszczenie", "özet",
    ),
    "terms": ("terms",),
    "authors": (
        "author full names", "authors primary", "authors", "author", "author names", "author s",
        "creators", "creator", "authors full", "author list", "contributors", "author name s",
        "authors list", "authorships author display name", "authorships raw author name",
        "authorships author", "authorships", "author authors", "autoren", "autor", "verfasser",
        "auteurs", "auteur", "autores", "autor es", "autori", "autore", "авторы", "автор", "作者",
        "著者", "著者名", "저자", "autorzy", "yazarlar", "first authors", "first author",
    ),
    "keywords": (
        "keywords", "author keywords", "index keywords", "keyword", "ieee terms",
        "inspec controlled terms", "mesh terms", "mesh headings", "mesh heading", "keywords plus",
        "keywords display name", "identifier keywords", "identifierkeywords", "tags",
        "manual tags", "automatic tags", "subject terms", "subjects", "keywords author",
        "descriptors", "major subjects", "minor subjects", "emtree drug index terms major focus",
        "emtree medical index terms major focus", "keyphrases", "thesaurus terms", "topic terms",
        "palabras clave", "palabras clave de autor", "palabras clave del autor",
        "palabras clave de índice", "palabras clave indexadas", "mots clés",
        "mots clés de l auteur", "mots clés d auteur", "mots clés auteur", "mots clés de l index",
        "mots clés d index", "mots clés indexés", "schlagwörter", "schlüsselwörter",
        "autorenschlüsselwörter", "schlagwörter des autors", "autoren schlagwörter", "stichwörter",
        "stichworte", "autorenstichwörter", "index schlüsselwörter", "indexschlüsselwörter",
        "palavras chave", "palavras chave do autor", "palavras chave de autor",
        "palavras chave do índice", "palavras chave indexadas", "parole chiave",
        "parole chiave dell autore", "parole chiave autore", "parole chiave dell indice",
        "ключевые слова", "ключевые слова автора", "ключевые слова авторов",
        "ключевые слова указателя", "作者关键字", "作者关键词", "关键词", "关键字", "索引关键字",
        "索引关键词", "作者關鍵字", "索引關鍵字", "著者キーワード", "キーワード", "索引キーワード",
        "키워드", "저자 키워드", "색인 키워드", "anahtar kelimeler", "słowa kluczowe",
    ),
    "affiliations": (
        "affiliations", "authors with affiliations", "author affiliations", "affiliation",
        "addresses", "author address", "author addresses", "institutions", "institution",
        "authors affiliations", "authors raw affiliation", "authorships institutions display name",
        "authorships raw affiliation strings", "research organizations standardized",
        "institution names", "afiliaciones", "afiliación", "filiación", "filiaciones",
        "afiliaciones de los autores", "affiliations des auteurs", "zugehörigkeiten",
        "affiliationen", "afiliações", "afiliação", "affiliazioni", "организации", "место работы",
        "принадлежность к организации", "аффилиации", "аффилиация", "归属机构", "机构", "所属机构",
        "歸屬機構", "所属機関", "소속",
    ),
    "countries": (
        "countries", "country", "authorships countries", "author countries", "country region",
        "country of research organization", "countries of research organizations", "países",
        "país", "pays", "land", "länder", "paesi", "страны", "страна", "国家", "国",
    ),
    "references": (
        "references", "cited references", "reference list", "referenced works", "bibliography",
        "referencias", "références", "literaturangaben", "referenzen", "referências",
        "riferimenti", "bibliografia", "пристатейные ссылки", "список литературы",
        "источники ссылок", "ссылки", "参考文献", "引用文献", "參考文獻", "참고문헌",
    ),
    "published": (
        "published", "publication date", "date published", "published date", "published at",
        "publishedat", "publicationdate", "online date", "issue date", "cover date", "coverdate",
        "date", "created", "pub date", "pubdate", "date of publication", "submitted",
        "release date", "issued", "publication date online", "publication date print", "fecha",
        "fecha de publicación", "date de publication", "veröffentlichungsdatum", "datum",
        "data de publicação", "data di pubblicazione", "дата публикации", "出版日期", "出版日",
        "发表时间",
    ),
    "published_precision": ("published precision",),
    "year": (
        "year", "publication year", "pub year", "pubyear", "publicationyear", "year published",
        "published year", "year of publication", "copyright year", "date year", "yr", "jahr",
        "erscheinungsjahr", "publikationsjahr", "année", "annee", "année de publication", "año",
        "ano", "año de publicación", "ano de publicação", "anno", "anno di pubblicazione", "год",
        "год публикации", "год издания", "年份", "年", "年度", "出版年", "发表年份", "出版年份",
        "発行年", "연도", "발행연도", "rok", "yıl",
    ),
    "month": ("month", "published month", "publication month", "mes", "mois", "monat", "mês"),
    "external_ids": ("externalids", "external ids"),
    "added": ("date added to xplore",),
    "listed": ("listed", "submitted on daily at", "date listed"),
    "categories": (
        "categories", "category", "arxiv categories", "primary category", "subject category",
        "web of science categories", "wos categories", "research areas", "fields of study",
        "fieldsofstudy", "primary topic display name", "topics display name", "tasks",
        "subject areas",
    ),
    "venue": (
        "venue", "source title", "publication title", "journal", "conference", "booktitle",
        "container title", "journal title", "journal name", "journal book",
        "primary location source display name", "host venue display name",
        "locations source display name", "journal ref", "source name", "conference name",
        "conference title", "book title", "proceedings title", "publication name",
        "publicationname", "journal conference", "secondary title", "pubtitle", "proceeding",
        "title of source", "periodical title", "periodical full", "title secondary",
        "source title anthology title", "source title publication title", "journal full title",
        "host publication", "proceedings", "published in", "publication venue",
        "título de la fuente", "título fuente", "nombre de la fuente", "revista",
        "titre de la source", "titre source", "nom de la source", "revue", "quellentitel",
        "titel der quelle", "quelle", "zeitschrift", "titel der zeitschrift", "título da fonte",
        "título da publicação", "periódico", "titolo della fonte", "titolo fonte", "rivista",
        "название источника", "источник", "журнал", "来源出版物名称", "源出版物名称", "来源标题",
        "来源名称", "来源", "刊名", "期刊", "期刊名称", "文献来源", "來源出版物名稱", "來源標題",
        "期刊名稱", "出版物名", "収録物名", "情報源", "情報源タイトル", "ソースタイトル", "掲載誌",
        "掲載誌名", "雑誌名", "출처 제목", "저널", "학술지명", "dergi",
    ),
    "kind": (
        "kind", "document type", "publication type", "item type", "doc type",
        "document identifier", "type", "reference type", "ref type", "doctype",
        "subtype description", "content type", "document types", "type of work", "material type",
        "work type", "entry type", "article type", "articletype", "doctypes", "tipo de documento",
        "type de document", "dokumententyp", "dokumenttyp", "tipo di documento", "тип документа",
        "文献类型", "文獻類型", "文献タイプ", "ドキュメントタイプ", "문서 유형",
    ),
    "comments": ("comments", "comment", "arxiv comment"),
    "doi": (
        "doi", "item doi", "digital object identifier", "doi number", "doi link", "doi url",
        "doi book doi", "article doi", "publication doi", "dois", "external ids doi",
        "externalids doi", "ids doi", "document object identifier",
    ),
    "url": (
        "url", "link", "links", "pdf link", "abs url", "paper url", "landing page url",
        "primary location landing page url", "article url", "articleurl", "url abs", "urls",
        "source url", "dimensions url", "publisher item url", "landing page", "external url",
        "full text link", "documenturl", "document url", "plink", "paper link", "web link",
        "enlace", "lien", "enlaces", "verknüpfung", "collegamento", "ссылка", "链接", "連結",
        "リンク",
    ),
    "code_url": (
        "code url", "github", "code", "github repo", "githubrepo", "repository", "code link",
        "repo url", "code repository", "github link", "github url", "official code",
    ),
    "project_url": ("project url", "project", "project page", "projectpage", "project website"),
    "upvotes": ("upvotes", "likes"),
    "stars": ("stars", "github stars", "githubstars"),
    "cited_by": (
        "cited by", "cited by count", "citation count", "citationcount", "citedby count",
        "times cited", "times cited wos core", "times cited wos core collection",
        "times cited all databases", "total times cited count", "citations", "cites",
        "citing works count", "article citation count", "cited count", "number of citations",
        "num citations", "citation number", "citedby", "scopus citation count",
        "is referenced by count", "times cited by", "total citations", "citado por", "citas",
        "cité par", "citations reçues", "zitiert von", "zitiert durch", "zitationen",
        "citado por n", "citações", "citato da", "citazioni", "цитирования", "цитировано",
        "число цитирований", "количество цитирований", "被引用次数", "被引频次", "施引文献",
        "引用次数", "被引用次數", "施引文獻", "被引用数", "被引用回数", "被引用", "피인용 횟수",
        "atıf",
    ),
    "source": (),
    "origin": (),
}  # fmt: skip
#: Two-letter names, of Web of Science and of RIS; only where a table has several of them.
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "T1"), "abstract": ("AB", "N2"), "authors": ("AF", "AU", "A1"),
    "keywords": ("DE", "ID", "KW"), "affiliations": ("C1", "AD"), "references": ("CR",),
    "published": ("PD", "DA"), "year": ("PY", "Y1"), "categories": ("WC",),
    "venue": ("SO", "JO", "JF", "T2"), "kind": ("DT", "PT", "TY"), "doi": ("DI", "DO"),
    "url": ("UR", "UL"), "cited_by": ("Z9", "TC"),
}  # fmt: skip
#: Columns of which all are used, not the first that has a value.
GATHERED = ("keywords",)
#: Names that mean the venue only where nothing else does, and the databases they name elsewhere.
LOOSE_VENUE = ("source", "fuente", "fonte", "publication")
DATABASES = frozenset(
    "scopus|pubmed|medline|embase|web of science|wos|web of science core collection|arxiv|crossref|"
    "openalex|semantic scholar|google scholar|ieee|ieee xplore|acm|acm digital library|springer|"
    "psycinfo|apa psycinfo|cinahl|cochrane|central|ebsco|proquest|lens|dimensions|europe pmc|dblp|"
    "sciencedirect|science direct|wiley|biorxiv|medrxiv|core|doaj|eric|zotero|mendeley|manual|"
    "pubmed central|pmc|cochrane library|science citation index|scielo|jstor|other|hf|kaggle|"
    "snowballing|hand search|handsearch|wos core collection|isi|engineering village|inspec".split(
        "|"
    )
)
