"""Names of files and folders, and phrases of READMEs, that tell what a repository holds."""

from __future__ import annotations

import re

_I = re.IGNORECASE
README = re.compile(r"readme(?:[._-].*)?", _I)
LICENCE = re.compile(r"(?:un)?(?:licen[cs]e|copying)(?:[._-].*)?|.*[._-]licen[cs]e", _I)
LICENCE_SAID = re.compile(
    r"(?:licen[cs]ed?|released|distributed|provided|redistribute it)\b[^\n]{0,60}\b(?:under|"
    r"terms)\b"
    r"[^\n]{0,40}\b(?:MIT|BSD|Apache|A?L?GPL|GNU|MPL|CC|Creative Commons|EUPL|Unlicense|ISC|public "
    r"domain)|licen[cs]e[-:\s/*_\]]{1,8}(?:the )?\(?(?:MIT|BSD|Apache|A?L?GPL|GNU|MPL|CC|EUPL|"
    r"ISC)\b|"
    r"(?:MIT|BSD|Apache|A?L?GPL|GNU|MPL|CC|CC[- ]BY[\w. -]*|Apache[- ]2(?:\.0)?)[- \w.]{0,30}"
    r"licen[cs]ed?\b|img\.shields\.io/badge/licen[cs]e-|permission is hereby granted|"
    r"to use, copy, modify",
    _I,
)
#: Folders of what others wrote.
OTHERS = re.compile(
    r"third[_-]?party|vendor(?:ed)?|external|node_modules|site-packages|submodules|\.svn|.*-master",
    _I,
)
BUILD = re.compile(
    r"setup\.(?:py|cfg)|pyproject\.toml|package\.json|pom\.xml|cargo\.toml|cmakelists\.txt|"
    r"description|\.github",
    _I,
)
#: Files in which programs list what they need.
ENVIRONMENT = re.compile(
    r"(?:[\w.-]*[_.-])?requirements?(?:[_.-][\w.-]*)?\.(?:txt|in|yml|yaml)|"
    r"(?:[\w.-]*[_.-])?(?:conda[_-]?)?env(?:ironment)?s?(?:[_.-][\w.-]*)?\.ya?ml|"
    r"conda[\w.-]*\.(?:ya?ml|txt)|meta\.ya?ml|spec-file\.txt|setup\.(?:py|cfg)|pyproject\.toml|"
    r"pipfile(?:\.lock)?|poetry\.lock|uv\.lock|pixi\.(?:toml|lock)|pdm\.lock|conda-lock\.yml|"
    r"install(?:[_-]?(?:packages|script|deps|requirements))?\.r|packages\.r|renv\.lock|"
    r"packrat\.lock|project\.toml|manifest\.toml|require|package(?:-lock)?\.json|yarn\.lock|"
    r"pnpm-lock\.yaml|cargo\.(?:toml|lock)|go\.(?:mod|sum)|pom\.xml|ivy\.xml|"
    r"build\.gradle(?:\.kts)?|build\.sbt|cmakelists\.txt|meson\.build|configure(?:\.ac|\.in)?|"
    r"conanfile\.(?:py|txt)|vcpkg\.json|spack\.ya?ml|gemfile(?:\.lock)?|composer\.json|"
    r"stack\.yaml|.*\.(?:cabal|gemspec)|dune-project|flake\.nix|default\.nix|shell\.nix|guix\.scm|"
    r"apt\.txt|runtime\.txt|deps\.edn|project\.clj|mix\.exs|manifest\.scm|dependencies\.txt",
    _I,
)
CI = re.compile(
    r"\.(?:github|forgejo|gitea)/workflows(?:/.*\.ya?ml)?|\.travis\.yml|\.?appveyor\.yml|"
    r"\.circleci(?:/.*)?|\.gitlab-ci\.yml|azure-pipelines\.yml|jenkinsfile|\.drone\.yml|"
    r"bitbucket-pipelines\.yml|\.cirrus\.yml|\.woodpecker(?:\.yml|/.*)?|\.buildkite(?:/.*)?|"
    r"\.builds?(?:/.*)?|circle\.yml|tests\.kokoro",
    _I,
)
CI_SAID = re.compile(
    r"travis-ci\.(?:org|com)/|circleci\.com/gh|ci\.appveyor\.com/|actions/workflows/[^)\s]+badge|"
    r"/workflows/[^)\s]+/badge\.svg|badges/[^)\s]+/pipeline\.svg|dev\.azure\.com/\S+/_apis/build",
    _I,
)
CONTAINER = re.compile(
    r"dockerfile(?:[._-].*)?|.*\.dockerfile|(?:docker-)?compose(?:[._-].*)?\.ya?ml|containerfile|"
    r"(?:singularity|apptainer)(?:[._-].*)?|.*\.(?:sif|singularity)|\.devcontainer|"
    r"(?:.*[._-])?docker|containers?|cog\.ya?ml",
    _I,
)
CONTAINER_SAID = re.compile(
    r"\bdocker(?:-compose|\s+compose)?\s+(?:image\s+)?(?:pull|run|build|up|exec)\b|"
    r"\b(?:singularity|apptainer)\s+(?:pull|exec|run|build|shell)\b|hub\.docker\.com/r/",
    _I,
)
NOTEBOOK = re.compile(r".*\.(?:ipynb|rmd|qmd|mlx|nb)|(?:\w+[_-])?notebooks?", _I)
WEIGHTS = re.compile(
    r".*\.(?:pt|pth|ckpt|safetensors|onnx|tflite|gguf|ggml|caffemodel|keras|pdparams|pdmodel|"
    r"pth\.tar|pt\.tar|mlmodel|ckpt[\w.-]*\.(?:index|meta))|"
    r"(?:[\w.-]*(?:model|weight|checkpoint|ckpt|net)[\w.-]*)\.(?:h5|hdf5|pb|bin|joblib)|"
    r"(?:model|weights)[\w.-]*\.(?:pkl|npz)|model[_-]?zoo(?:\.\w+)?|"
    r"(?:download|get|fetch)[_-]?\w*(?:weights|checkpoints?|pretrained\w*)\.(?:sh|py)|"
    r"(?:pre-?trained|trained)(?:[_-](?:models?|weights?))?",
    _I,
)
#: Folders of weights: anything binary in the first, only model files in the second.
WEIGHTS_FOLDER = re.compile(r"checkpoints?|weights|pre-?trained(?:[_-]models?)?|ckpts?", _I)
MODEL_FOLDER = re.compile(r"models?|saved[_-]models?", _I)
MODEL_FILE = re.compile(r".*\.(?:pkl|h5|hdf5|hd5f|bin|model|pb|joblib|npz|rds|json\.gz)", _I)
#: Texts that no weights or data are in.
TEXT = re.compile(r"\..*|.*\.(?:md|rst|html|css|ya?ml|toml|ini|cfg|log)|__init__.*|", _I)
MODEL_LINK = re.compile(
    r"huggingface\.co/(?!datasets/|spaces/|papers/|docs/|blog/|join|settings|login|models\b|"
    r"new|pricing|learn|collections/[^)\s]*data)[\w.-]+/[\w.-]+|modelscope\.cn/models/",
    _I,
)
WEIGHTS_SAID = re.compile(
    r"\b(?:pre-?trained|fine-?tuned|our(?: best)?|trained)\s(?:[\w-]+\s){0,2}"
    r"(?:weights?|models?|networks?)\b|\bpre-?trained [\w-]+ \[|\bcheckpoints?\b|"
    r"\bmodel[ _-](?:zoo|weights|download)|\bweights (?:are|can|for|from|here)\b",
    _I,
)
DATA = re.compile(
    r".*\.(?:csv|tsv|npy|npz|mat|parquet|feather|jsonl|ndjson|rds|rda|rdata|xlsx?|ods|fasta|fa|"
    r"faa|fna|fastq|fq|bam|vcf|bed|pdb|nc|nc4|grib|tiff?|fits|wav|flac|arff|sav|dta|sas7bdat|"
    r"sqlite3?|db|shp|geojson|gpkg|edf|nii|dcm|h5ad|loom|mgf|mzml|bmp|graphml|gml|hdf5|hd5f|"
    r"mid|midi|krn|mxl|musicxml)(?:\.(?:gz|xz|bz2|zip))?|"
    r"(?:download|get|fetch)[_-]?\w*(?:data|data_?sets?)\.(?:sh|py|r)",
    _I,
)
DATA_FOLDER = re.compile(
    r"_?(?:(?:raw|sample|test|example|train(?:ing)?|input|toy)[_-]?)?(?:data|data[_-]?sets?|corpus|"
    r"corpora|benchmark_data|networks|annotations)",
    _I,
)
CODE = re.compile(
    r".*\.(?:py|pyx|r|m|jl|c|cc|cpp|cxx|cu|h|hpp|java|scala|kt|go|rs|js|ts|tsx|jsx|pl|pm|rb|sh|"
    r"f|f90|f95|for|lua|php|cs|swift|ml|hs|clj|do|ado|sas|sps|nlogo|gms|mod|stan|bugs|sql|ipynb|"
    r"rmd|qmd|nf|smk|wdl|cwl|praat|vb|bas|pas|lisp|v|sv|vhdl|tcl|awk|ps1|bat|mlx|nb|wl)",
    _I,
)
TEST_FOLDER = re.compile(
    r"(?:(?:unit|regression|integration|system)[._-]?)?tests?(?:that|ing|suite)?|__tests__|specs?",
    _I,
)
TEST_FILE = re.compile(
    r"(?:run|all)?[_-]?(?:unit|regression|doc)[_-]?tests?(?:[_-].*)?(?:\..*)?|run[_-]?tests?\..*|"
    r"tests?[_-]?(?:script|suite|all)s?\.(?:sh|py|r|m|pl)|tests?\.(?:rs|jl)|conftest\.py|"
    r"pytest\.ini|tox\.ini|noxfile\.py|.*\.(?:test|spec)\.[jt]sx?|testthat\.r|.*_test\.go",
    _I,
)
TEST_SAID = re.compile(
    r"^[^\w\n]*(?:\$\s*)?(?:python3?\s+-m\s+)?(?:pytest|nosetests|tox|nox|ctest|unittest)\b|"
    r"\bpython3?\s+-m\s+(?:pytest|unittest)\b|\bmake\s+(?:check|test)\b|devtools::test\(|"
    r"setup\.py\s+test\b|\b(?:cargo|go|npm)\s+(?:run\s+)?test\b|codecov\.io/|coveralls\.io/",
    _I | re.MULTILINE,
)
EXAMPLE = re.compile(
    r"(?:\w+[_-])*(?:examples?|demos?|tutorials?|quick[_-]?start|vignettes?|usage|howto|"
    r"getting[_-]?started|walkthrough|toy)(?:[._ -].*)?|(?:run|execute)[_-]?\w*examples?\w*\.\w+|"
    r"\d*[_-]?start[_-]?here.*|example\w*\.(?:py|r|m|jl|ipynb|sh)",
    _I,
)
_COMMANDS = (
    r"^[^\w\n]*(?:[\w./-]*python\d?(?:\.\d+)?\s+(?:-m\s+)?[\w./<\\-]+\.py|"
    r"python3?\s+-m\s+(?!pip|venv|pytest|unittest)[\w.]+|(?:bash|sh)\s+[\w./-]+\.sh|"
    r"\./[\w./-]+|rscript\s|julia\s|java\s+-|torchrun\s|accelerate launch|import\s+\w+|"
    r"from\s+[\w.]+\s+import|library\(|runapp\(|snakemake\s|nextflow run)"
)
COMMAND_SAID = re.compile(_COMMANDS, _I | re.MULTILINE)
EXAMPLE_SAID = re.compile(
    r"^[ \t>]*(?:#{1,6}\s*|[*=_]{1,3}\s*|\d+[.)]?\s+)[^\w\n]{0,8}(?:basic |example |quick )*"
    r"(?:usage|how to (?:use|run)|quick ?(?:start|guide)|getting started|running|to run|"
    r"examples?|tutorials?|demos?|inference|(?:model )?training|train|evaluation|reproduc\w+|"
    r"live demo)\b|\bto run (?:this|the) (?:code|script|program|example)|"
    r"\bpython3? [\w./-]+\.py\b|" + _COMMANDS,
    _I | re.MULTILINE,
)
#: The code is still to come.
PROMISED = re.compile(
    r"\b(?:codes?|source codes?|implementation|repo(?:sitory)?|scripts?|package|software|project|"
    r"everything|all (?:code|materials?)|models? and codes?|codes? and (?:models?|data\w*|weights))"
    r"\b[^.!?\n]{0,40}?\b(?:(?:will|shall|is going to|are going to|to) be|is being|are being|is|"
    r"are)\b[^.!?\n]{0,30}?\b(?:released?|available|uploaded|published|open[- ]?sourced|"
    r"made (?:public|available)|provided|prepared|cleaned|public|updated|added|pushed)\b"
    r"[^.!?\n]{0,40}?\b(?:soon|upon|after|once|later|shortly|when|uploaded|in the (?:near )?"
    r"(?:future|coming)|acceptance|publication|stay tuned)|"
    r"\b(?:codes?|source code|implementation|repo(?:sitory)?)\b\W{0,6}(?:is |are |will be )?"
    r"(?:coming|available|released?|to be (?:released|uploaded|added))\W{1,3}(?:very )?soon|"
    r"^[^\w\n]*(?:code |codes |source code )?(?:coming|available|release[ds]?|uploading) "
    r"(?:very )?soon\W*$|"
    r"\bwe (?:will|are going to|plan to|intend to)\b[^.!?\n]{0,20}\b(?:release|publish|upload|"
    r"open[- ]?source|make|provide|share)\b[^.!?\n]{0,20}\b(?:the |our |all |full )?(?:source )?"
    r"codes?\b|"
    r"\b(?:codes?|repo(?:sitory)?|project)\b[^.!?\n]{0,30}\bunder (?:construction|preparation)|"
    r"\b(?:codes?|repo(?:sitory)?|implementation)\b[^.!?\n]{0,20}\b(?:(?:will|to) be|(?:is|are) not"
    r"(?: yet)?|not yet) (?:released|available|uploaded|published|public|open[- ]?sourced|"
    r"made (?:publicly )?(?:available|public))\b[^\w\n]*(?:here\b[^\w\n]*)?$|"
    r"\brepo(?:sitory)? is (?:\w+ )?(?:a placeholder|left empty|empty)|"
    r"\bto be released\b[^\w\n]*$|^[^\w\n]*(?:work in progress|under construction|stay tuned|"
    r"placeholder)\W*$",
    _I,
)
#: Only a part of it, or something else.
PROMISED_PART = re.compile(
    r"\b(?:training|train|evaluation|eval|test(?:ing)?|inference|demo|data|dataset|benchmark|"
    r"collection|preprocessing|annotation|visuali[sz]ation|fine-?tuning|pre-?training|extra|"
    r"additional|more|other|remaining|rest|next|new|updated|cleaned|refactored|comfyui|web ?ui|"
    r"docker|c\+\+|matlab|tensorflow|jax|version|v?\d\.\d|notebooks?|tutorials?|documentation|"
    r"docs|app|gui|plugin)\b(?:[\s/-]+\w+)?[\s/-]+(?:codes?|scripts?|implementations?|release)\b|"
    r"\[x\]|~~",
    _I,
)
URL = re.compile(r"https?://[^\s)>\]\"']+", _I)
DATA_HOST = re.compile(
    r"huggingface\.co/datasets/|kaggle\.com/(?:datasets|c|competitions)/|figshare\.com/|"
    r"data\.mendeley\.com/|datadryad\.org/|dataverse\.|physionet\.org/|openneuro\.org/|"
    r"ncbi\.nlm\.nih\.gov/(?:geo|sra|bioproject)|archive\.ics\.uci\.edu/|image-net\.org|"
    r"cocodataset\.org|catalog\.ldc\.upenn\.edu|openslr\.org|ieee-dataport\.org|pangaea\.de/",
    _I,
)
DATA_SAID = re.compile(r"\b(?:data[ -]?sets?|corpus|corpora|data)\b|\bdownload sample", _I)
OBTAINED = re.compile(r"download|available|obtain|access", _I)
ARCHIVE_DOI = re.compile(
    r"zenodo\.org/(?:badge|records?|doi|deposit)/|10\.5281/zenodo|10\.6084/m9|10\.17605/osf|"
    r"10\.5061/dryad|10\.7910/dvn|10\.17632/|10\.21227/|10\.24433/|10\.25384/|10\.4121/|"
    r"swh:1:(?:rev|rel|dir|snp):",
    _I,
)
NO_CODE_DOI = re.compile(r"\b(?:slides?|posters?|talks?|paper|article|preprint)\b", _I)
#: Where packages are published; the name of the package is one of the groups.
PUBLISHED = re.compile(
    r"pypi\.(?:python\.)?org/(?:project|pypi|p)/([\w.-]+)|badge\.fury\.io/\w+/([\w.-]+)|"
    r"img\.shields\.io/(?:pypi|conda|cran|npm|crates)/\w+/(?:[\w-]+/)?([\w.-]+)|"
    r"cran\.r-project\.org/(?:package=|web/packages/)([\w.]+)|r-pkg\.org/badges/version/([\w.]+)|"
    r"anaconda\.org/[\w-]+/([\w.-]+)|bioconductor\.org/packages/(?:\w+/bioc/html/)?([\w.]+)|"
    r"rubygems\.org/gems/([\w-]+)|npmjs\.com/package/([\w@/.-]+)|crates\.io/crates/([\w-]+)|"
    r"install\.packages\(\s*[\"']([\w.]+)|"
    r"(?:pip3?|conda|mamba|uv pip|pipx|brew) install "
    r"(?:-\S+ \S*conda\S* |--?(?![re] )\S+ )*([\w.-]+)",
    _I,
)
#: Words of a release that is this repository's own.
RELEASED = re.compile(r"\bv?\d+(?:\.\d+)+ is released|(?:conda-forge|bioconda) channel", _I)
RELEASE_FILE = re.compile(r"cran-release|releases?(?:[_-].*)?", _I)
