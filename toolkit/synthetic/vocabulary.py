"""Words and sentence patterns of synthetic papers; all of them invented.

Each field has a name, nouns and adjectives, the most frequent first. In a pattern N stands for a
noun of the field, A for one of its adjectives, C for a word that all fields share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

FIELDS: tuple[tuple[str, str, str], ...] = (
    (
        "speech",
        "speech audio speaker recognition transcripts phonemes acoustics voice utterances "
        "microphones prosody waveforms spectrograms vocoders accents pronunciation whisper "
        "diarization pitch syllables listeners recordings dialects noise",
        "spoken acoustic phonetic multilingual vocal tonal noisy conversational audible",
    ),
    (
        "grasping",
        "robot grasping manipulation gripper arm joints actuators torque contact fingers "
        "trajectories kinematics teleoperation demonstrations dexterity policies tactile "
        "assembly bimanual payload wrists pegs drawers kitchens",
        "robotic dexterous tactile mechanical embodied compliant articulated motorised",
    ),
    (
        "proteins",
        "proteins molecules ligands docking residues enzymes binding amino folding antibodies "
        "sequences peptides genomics chemistry drugs cells assays backbone helices mutations "
        "solvents crystals receptors therapeutics",
        "molecular biological enzymatic chemical genomic cellular evolutionary structural",
    ),
    (
        "diffusion",
        "diffusion images denoising generation textures photographs inpainting prompts pixels "
        "style latents guidance editing faces portraits canvases sharpness noise schedules "
        "brushes painters colours resolution aesthetics",
        "visual photorealistic generative textured artistic colourful stylised pixelwise",
    ),
    (
        "graphs",
        "graphs nodes edges neighbourhoods networks communities adjacency spectra subgraphs "
        "embeddings paths walks homophily oversmoothing hubs cliques motifs knowledge links "
        "triangles degrees isomorphism lattices trees",
        "relational spectral heterogeneous sparse neighbouring connected bipartite directed",
    ),
    (
        "driving",
        "driving vehicles lidar lanes pedestrians traffic roads cars planning collisions "
        "sensors intersections cameras highways detection fog parking braking pedestrian "
        "cyclists maps occupancy weather steering",
        "autonomous vehicular urban roadside oncoming lane-level foggy congested",
    ),
    (
        "recommendation",
        "recommendation users items clicks ratings sessions preferences catalogues retailers "
        "purchases popularity exposure feedback shoppers playlists ranking engagement churn "
        "advertising auctions bids feeds novelty cold-start",
        "personalised sequential collaborative commercial implicit popular clickable",
    ),
    (
        "medical",
        "patients radiology scans tumours diagnosis segmentation clinicians hospitals lesions "
        "tissue organs pathology ultrasound anatomy biopsies ventricles screening prognosis "
        "retinas bones surgeons contrast wards triage",
        "clinical medical anatomical pathological diagnostic cardiac histological",
    ),
    (
        "privacy",
        "privacy clients federation leakage attackers encryption gradients budgets membership "
        "anonymity aggregation devices secrets auditing consent eavesdroppers noise backdoors "
        "poisoning trust ledgers keys regulators servers",
        "private federated encrypted adversarial confidential decentralised anonymous",
    ),
    (
        "programs",
        "programs compilers bugs functions developers repair repositories tests debugging "
        "syntax refactoring vulnerabilities commits loops libraries types patches editors "
        "interpreters binaries exceptions verification pointers stacks",
        "executable syntactic compiled buggy symbolic typed recursive",
    ),
    (
        "games",
        "agents rewards games exploration players opponents environments episodes actions "
        "policies self-play boards levels value bandits regret strategies equilibria curiosity "
        "chess maps returns simulators tournaments",
        "strategic rewarding episodic competitive optimal cooperative playable",
    ),
    (
        "translation",
        "translation languages sentences corpora morphology grammar vocabulary bilingual "
        "parallel subtitles dictionaries fluency idioms translators scripts alignment "
        "tokens lexicons proverbs dialects word-order glosses orthography speakers",
        "linguistic bilingual grammatical low-resource lexical morphological fluent",
    ),
)

COMMON = (
    "method approach model framework study benchmark evaluation training analysis accuracy "
    "results performance baseline system design scale cost robustness experiments quality "
    "efficiency generalization architecture objective"
)

TITLES = (
    "A N for N",
    "N and N: a C of A N",
    "learning A N from N",
    "A N without N",
    "on the C of N in A N",
    "towards A N with N",
    "how N shape A N",
    "rethinking N for A N",
)

SENTENCES = (
    "A N remain hard when N and N interact.",
    "we study how N depend on A N and on N.",
    "earlier work treats N as a C of N, which leaves A N aside.",
    "our C joins N with A N in one C.",
    "the N are first split into N, then matched with A N.",
    "on three collections of N our C improves the C of A N.",
    "the C of N falls by a third while N stay unharmed.",
    "we find that A N explain most of the C in N.",
    "an ablation shows that N matter more than N.",
    "A N are weighted by their N before the C is computed.",
    "it needs no labelled N and works with any A C.",
    "in a C with N and A N it holds its C under shift.",
)

ENDINGS = (
    "together this makes A N practical.",
    "these findings suggest a simpler C for N.",
    "we discuss where A N still fail.",
    "the C opens a way to N at larger C.",
)

LINKED = (
    "Code is available at URL.",
    "Our implementation can be found at URL.",
    "We release the source code at URL.",
    "The code is publicly available: URL",
)

CLAIMED = (
    "We release our code and trained models.",
    "Our implementation is open-source.",
    "All code is made publicly available.",
)

PROMISED = (
    "Code will be released upon publication.",
    "We will open-source our code soon.",
    "The implementation will be made available.",
)


def draw_word(words: Sequence[str], rng: np.random.Generator) -> str:
    """Return a random word; as in Zipf's law, the first words are the most frequent."""
    return str(words[int(len(words) * rng.uniform() ** 1.7)])


def fill_pattern(pattern: str, draw: Callable[[str], str]) -> str:
    """Return a pattern with each N, A and C replaced by a word, and a capital at the start.

    Examples
    --------
    >>> fill_pattern("A N for C.", {"A": "spoken", "N": "audio", "C": "scale"}.__getitem__)
    'Spoken audio for scale.'
    """
    words = [
        draw(word[0]) + word[1:] if word.rstrip(".,:") in ("N", "A", "C") else word
        for word in pattern.split()
    ]
    text = " ".join(words)
    return text[0].upper() + text[1:]
