"""Words around the address of a repository that tell whose it is and what it holds."""

from __future__ import annotations

import re

#: The authors give something.
GIVES = re.compile(
    r"\b(?:we|our|ours|us)\b[^.;]{0,120}?\b(?:releas|avail|provid|open|publish|shar|develop|host|"
    r"implement(?:s|ed)?\b(?! (?:in|by|with)\b)|creat|wr[io]te|written|built|present|introduc|"
    r"deposit|made|make|found|at\b)",
    re.IGNORECASE,
)
#: Something can be had.
AVAILABLE = re.compile(
    r"\b(?:avail\w*|accessible|accessed|found|hosted|released?|open[- ]?sourced?|download\w*|"
    r"deposited|archived|published|provided (?:at|in|on|as|with|through|here|via)|shared|"
    r"obtained)\b",
    re.IGNORECASE,
)
#: It is code.
CODE = re.compile(
    r"\b(?:codes?|scripts?|software|implementations?|packages?|repositor(?:y|ies)|notebooks?|"
    r"source|programs?|toolbox|toolkit|library|pipelines?|github)\b",
    re.IGNORECASE,
)
#: It belongs to this paper.
THIS_PAPER = re.compile(
    r"\b(?:(?:this|the present|our) (?:paper|work|study|article|manuscript|project|research|"
    r"analys[ie]s|publication)|reproduc\w+|replicat\w+|all (?:of the |our |the )?(?:code|data|"
    r"scripts|software|analys\w+)|custom(?:[- ](?:written|made|built|developed))? (?:\w+ )?"
    r"(?:scripts?|codes?|software|routines?|programs?)|in-house|herein|presented here|"
    r"supporting this)\b",
    re.IGNORECASE,
)
#: It was used, not made.
USES = re.compile(
    r"\b(?:us(?:ed(?! (?:in|for|here)\b)|ing|es?)|"
    r"adopt\w*|via(?! (?:the )?(?:osf|open science|github|zenodo))|"
    r"based (?:up)?on|built on|adapted|derived|modified|fork\w*|implemented (?:in|with)|"
    r"with the help of|thanks to|run with|trained (?:using|with)|applied|relies|leverag\w+|"
    r"employ\w*|taken from|baselines?|compar\w+|such as|e\.g\.|existing|official|original|"
    r"third[- ]party|integrat\w+|plugins?|requires?|see also|"
    r"(?:aligned|mapped|processed|analy[sz]ed|segmented|quantified|called|estimated|visuali[sz]ed|"
    r"generated|performed|conducted|carried out|normali[sz]ed|fitted|registered|identified|trimmed|"
    r"assembled|annotated|clustered|calculated|computed|extracted|detected|tracked|preprocessed)\b"
    r"[^.;]{0,80}\b(?:with|by|in|through))\b",
    re.IGNORECASE,
)
#: It is of others.
OF_OTHERS = re.compile(
    r"\b(?:provided|written|developed|released|maintained|published|created|implemented) by "
    r"(?!us\b)|\bpublicly available (?:\w+ ){0,2}(?:packages?|tools?|implementations?|software|"
    r"datasets?)\b|\bby the (?:original )?authors\b|"
    r"\btheir (?:code|implementation|github|repository)\b",
    re.IGNORECASE,
)
#: A copy is kept.
ARCHIVED = re.compile(r"\b(?:copy |copies )?archived (?:at|in|on|as|under|by)\b", re.IGNORECASE)
#: A reference stands beside it.
CITES = re.compile(
    r"\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]|\bet al\b|\b(?:19|20)\d\d[a-z]?\)"
    r"|;\s?[A-Z]\w+,? (?:19|20)\d\d"
)
#: A deposit holds code.
DEPOSITED_CODE = re.compile(
    r"\b(?:codes?|scripts?|software|notebooks?|syntax|r ?markdown|rmd|artifacts?|programs?|"
    r"implementations?|source files|toolbox|analysis files|reproduc\w+)\b",
    re.IGNORECASE,
)
#: A title of a paper on the work of others.
REVIEW = re.compile(
    r"\b(?:a|an|systematic|literature|critical|scoping|comprehensive|brief|short) "
    r"(?:[\w-]+ ){0,2}(?:reviews?|survey|overview|tutorial)\b(?! data)|"
    r"\b(?:reviews?|survey|overview) (?:of|on|and)\b(?! (?:the )?(?:sky|galax|star))|"
    r"\b(?:perspectives? on|state[- ]of[- ]the[- ]art (?:review|and|in))\b",
    re.IGNORECASE,
)
