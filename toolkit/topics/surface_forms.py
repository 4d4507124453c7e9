"""How the titles of a collection write words and phrases: capitals, hyphens, fixed phrases."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from toolkit.text.stopwords import STOP_WORDS

#: Words that may stand inside a phrase of a title: chain of thought, text to image.
INNER = frozenset({"a", "and", "by", "in", "of", "on", "the", "to"})
#: Longest phrase read from titles, in words.
_LONGEST_PHRASE = 4
#: A word is widened to a phrase that occurs in this share of the titles with the word, and in this
#: share of the topic's titles (two or three titles at least); the last is for four words.
_WIDEN, _WIDEN_OF_ALL, _WIDEN_FAR = 0.5, 0.02, 0.05
#: A word that a hyphen joins to the same other word in this share of its occurrences is half a
#: compound.
_TIED = 0.75
_TOKEN = re.compile(r"[^\W_]+(?:[-‐‑.'’][^\W_]+)*|[^\w\s]")
_JOINT = re.compile(r"([ -])")
_HYPHEN = re.compile(r"[-‐‑]")
_LETTER = re.compile(r"[^\W\d_]")
#: Capitals that belong to the word: two of them, one inside a word, or one beside a number.
_CAPITALS = re.compile(r"[A-Z].*[A-Z0-9]|[0-9].*[A-Z]|^[a-z].*[A-Z]")
#: Names in adjectives and methods; titles alone rarely distinguish them from other capitals.
_PROPER = """
Adam Arabic Bayes Bayesian Bengali Boltzmann Carlo Chebyshev Chinese Dirichlet English Euclidean
European Fourier French Gaussian Gaussians German Gibbs Hamiltonian Hessian Hilbert Hindi Italian
Jacobian Japanese Kalman Korean Langevin Laplacian Lipschitz Lyapunov Mamba Markov Markovian
Minecraft Monte Nash Newton Persian Poisson Portuguese Python Riemannian Russian Schrödinger
Shapley Sinkhorn Spanish Swahili Swedish Thai Turkish Urdu Vietnamese Wasserstein Wikipedia
"""
#: Acronyms that are frequent in abstracts and rare in titles: measures, devices, imaging.
_ACRONYMS = """
API APIs AR ASR AUC AUROC BERT BLEU CNN CNNs COCO CoT CPU CPUs CT CUDA DNA DoF DPO ECG EEG ELBO EMG
FID FLOPs fMRI FPGA FPS GAN GANs GPS GPT GPU GPUs GRPO GUI ICL IMU IMUs IoU JSON KITTI KL LiDAR LLM
LLMs LoRA LSTM MCMC MDP MLLM MLLMs MLP MLPs MoE MRI MSE MTEB NER NeRF NLI NLP NMT OCR PCA PDE PDEs
POMDP PPO PSNR RAG RGB RLHF RMSE RNA RNN RNNs ROC ROS ROUGE SDE SDEs SFT SGD SIMD SLAM SQL SSIM SVM
TTS UAV UAVs UI URL VAE VAEs ViT VLM VLMs VQA WER XML ZSL
"""
_NAMES = frozenset((_PROPER + _ACRONYMS).split())


class SurfaceForms:
    """How the titles of a collection write words and phrases.

    Parameters
    ----------
    titles : sequence of str
        Shape (n_papers,).

    Examples
    --------
    >>> forms = SurfaceForms(["A Survey of MoE Models", "MoE routing for LLMs"])
    >>> forms.word("moe"), forms.word("routing"), forms.readable("moe_routing")
    ('MoE', 'routing', 'MoE routing')
    """

    def __init__(self, titles: Sequence[str]) -> None:
        self._tokens = [_tokens(title) for title in titles]
        self._words = _written_forms(self._tokens)
        pairs = [dict(_phrases(tokens)) for tokens in self._tokens]
        self._phrases = [tuple(found) for found in pairs]
        joined: dict[str, Counter[str]] = defaultdict(Counter)
        for found in pairs:
            for key, written in found.items():
                joined[key][written] += 1
        self._joined = {key: _most_common(counts) for key, counts in joined.items()}

    def word(self, word: str) -> str:
        """Return one lower-case word as titles write it: acronyms and names in capitals."""
        return self._words.get(word, word)

    def readable(self, term: str) -> str:
        """Return a term as titles write it: ``_`` becomes a space or a hyphen."""
        key = term.replace("_", " ")
        written = self._joined.get(key, key)
        return "".join(bit if bit in " -" else self.word(bit) for bit in _JOINT.split(written))

    def widen(self, terms: Sequence[str], rows: Iterable[int]) -> list[str]:
        """Return terms widened to the phrases in which the titles of `rows` mostly use them.

        Parameters
        ----------
        terms : sequence of str
            Words joined by ``_``.
        rows : iterable of int
            Numbers of titles, a topic's, say.

        Returns
        -------
        list of str
            Words separated by spaces: ``thought`` → ``chain of thought``; the term itself where
            titles use it in no fixed phrase.
        """
        count: Counter[str] = Counter()
        rows = list(rows)
        for row in rows:
            count.update({word.lower() for word, _ in self._tokens[row]})
            count.update(self._phrases[row])
        near = min(max(2.0, _WIDEN_OF_ALL * len(rows)), 3.0)
        far = max(2.0, _WIDEN_FAR * len(rows))
        often = [
            (f" {phrase} ", n)
            for phrase, n in count.items()
            if " " in phrase and n >= (near if phrase.count(" ") < _LONGEST_PHRASE - 1 else far)
        ]
        keys = [term.replace("_", " ") for term in terms]
        wide = [_widest(key, count[key], often) for key in keys]
        first = [phrase.split(" ", 1)[0] for phrase in wide]
        tied = _tied(set(first), (self._tokens[row] for row in rows))
        return [f"{tied[a]} {phrase}" if a in tied else phrase for a, phrase in zip(first, wide)]


def _widest(key: str, held: int, phrases: Sequence[tuple[str, int]]) -> str:
    enough = [
        (len(phrase.split()), n, phrase.strip())
        for phrase, n in phrases
        if n >= _WIDEN * held and f" {key} " in phrase
    ]
    return max(enough)[2] if enough else key


def _tied(words: set[str], titles: Iterable[list[tuple[str, str]]]) -> dict[str, str]:
    """Return what a hyphen nearly always joins to a word: low to resource (low-resource)."""
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for tokens in titles:
        for at, (written, joint) in enumerate(tokens):
            word = written.lower()
            if word not in words:
                continue
            start = at
            while joint == "-":
                start -= 1
                joint = tokens[start][1]
            before[word][" ".join(bit.lower() for bit, _ in tokens[start:at])] += 1
    found = {}
    for word, counts in before.items():
        prefix, n = max(counts.items(), key=lambda item: (item[1], item[0]))
        if prefix and n >= max(3, _TIED * counts.total()):
            found[word] = prefix
    return found


def _tokens(title: str) -> list[tuple[str, str]]:
    """Return (word, what precedes it: space, hyphen or ``|`` for punctuation) of a title."""
    found: list[tuple[str, str]] = []
    before = "|"
    for token in _TOKEN.findall(title):
        if not token[0].isalnum():
            before = "|"
            continue
        bits = _HYPHEN.split(token)
        if any(not _LETTER.search(bit) for bit in bits):
            bits = ["-".join(bits)]
        for i, bit in enumerate(bits):
            found.append((bit, "-" if i else before))
        before = " "
    return found


def _phrases(tokens: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield the phrases of a title: two to four words, no punctuation, no stop word at an end."""
    lower = [word.lower() for word, _ in tokens]
    # Where a hyphen begins or ends, stop words belong to the phrase: few-shot, plug-in.
    joined = [before == "-" for _, before in tokens] + [False]
    stop = [word in STOP_WORDS and joined[i] == joined[i + 1] for i, word in enumerate(lower)]
    for start in range(len(tokens)):
        if stop[start]:
            continue
        written = lower[start]
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(tokens))):
            before = tokens[end][1]
            if before == "|" or (stop[end] and lower[end] not in INNER):
                break
            written += ("-" if before == "-" else " ") + lower[end]
            if not stop[end]:
                yield " ".join(lower[start : end + 1]), written


def _written_forms(titles: list[list[tuple[str, str]]]) -> dict[str, str]:
    """Return the written form of words with capitals of their own: acronyms, names."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for tokens in titles:
        if sum(word.isupper() for word, _ in tokens) > 0.6 * len(tokens):
            continue  # a title all in capitals shows no usual form
        for word, _ in tokens:
            counts[word.lower()][word] += 1
    found = {name.lower(): name for name in _NAMES}
    for lower, written in counts.items():
        capital = {form: n for form, n in written.items() if _means_capitals(form)}
        if sum(capital.values()) > 0.5 * sum(written.values()):
            found[lower] = _most_common(capital)
    # A plural as its singular: llms → LLMs, even where titles write LLMS now and then.
    for lower in list(counts):
        single = found.get(lower[:-1]) if lower.endswith("s") else None
        if single and lower not in found and _CAPITALS.search(single):
            found[lower] = single + "s"
    return found


def _means_capitals(word: str) -> bool:
    """Return whether capitals belong to a word; single letters: the D of RGB-D, not A."""
    return bool(_CAPITALS.search(word)) or (len(word) == 1 and word.isupper() and word != "A")


def _most_common(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda form: (-counts[form], form))
