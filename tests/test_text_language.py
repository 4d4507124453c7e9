"""Which texts the bundled model cannot read. Every sentence here is made up."""

from __future__ import annotations

import subprocess
import sys

import pytest

from toolkit.text.language import other_languages

TEXTS = {
    "de": "Wir beobachten, wie Honigbienen einander den Weg zu den Blumen zeigen, und finden, dass "
    "ihr Tanz im Stock mehr enthält als nur die Richtung.",
    # Dutch without accents, with "of", "in", "is", "we" and "on" in it.
    "nl": "In dit artikel meten we hoe bijen in de korf dansen en of de duur van een loop in de "
    "zon is af te lezen; we vergelijken dat met waarnemingen van een imker.",
    "fr": "Nous observons comment les abeilles se montrent le chemin des fleurs, et nous trouvons "
    "que leur danse contient plus que la seule direction.",
    "es": "Observamos como las abejas se muestran el camino hacia las flores y encontramos que su "
    "danza contiene algo mas que la direccion del vuelo.",
    "it": "Osserviamo come le api si mostrano la strada verso i fiori e troviamo che la loro danza "
    "contiene qualcosa in piu della sola direzione del volo.",
    "da": "Vi ser, hvordan honningbier viser hinanden vejen til blomsterne, og finder, at dansen i "
    "stadet rummer mere end retningen for den, der kan tyde den.",
    "pl": "Pokazujemy, jak pszczoły wskazują sobie drogę do kwiatów, i stwierdzamy, że to ich "
    "taniec w ulu zawiera znacznie więcej niż sam kierunek lotu.",
    "ru": "Мы наблюдаем, как пчёлы показывают друг другу дорогу к цветам, и видим, что в их танце "
    "содержится гораздо больше, чем одно только направление полёта.",
}
TEXTS["zh"] = "蜜蜂用舞蹈告诉同伴花在哪里，我们观察蜂巢并测量每次舞蹈的长度和方向。" * 4
TEXTS["hi"] = "मधुमक्खियाँ नाच कर एक दूसरे को फूलों का रास्ता बताती हैं और हम उसे नापते हैं। " * 2
ENGLISH = (
    "We watch how honey bees tell each other the way to flowers, and find that the dance of the "
    "hive holds more than the direction."
)


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_other_languages_are_named(code, text):
    assert len(text) >= 120
    assert other_languages([text, text.upper(), ENGLISH]) == [code, code, None]


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("de", "Die Sprache der Bienen im dunklen Stock"),
        ("fr", "La danse des abeilles dans la ruche obscure"),
        ("es", "La danza de las abejas en la colmena oscura"),
        ("ru", "Танец пчёл в улье"),
        ("zh", "蜜蜂的舞蹈与花的方向"),
    ],
)
def test_titles_tell_their_language_by_little_words(code, title):
    assert other_languages([title]) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bienen tanzen im Stock",  # too short to tell
        "Sensor Calibration and Waggle Dance in Hives",
        "Cadmium, Wax, Propolis: Kinetics",
        ENGLISH,
        ENGLISH.upper(),
        # English hardly in sentences: the doubt is for it.
        "Honey bee waggle dance decoding using convolutional neural networks: data set, benchmark, "
        "baseline results, error analysis, open problems",
        TEXTS["de"][:60] + " " + ENGLISH,
        "7 " * 100,
        "x = 1; " * 40,
        "≤ ≥ ∑ 12 " * 20,
    ],
)
def test_english_and_what_cannot_be_told_pass(text):
    assert other_languages([text]) == [None]


def test_the_model_is_loaded_for_doubtful_texts_alone():
    code = (
        "import sys; from toolkit.text.language import other_languages as o; "
        "o([sys.argv[1]] * 3); "
        "assert 'py3langid' not in sys.modules; o([sys.argv[2]]); assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, ENGLISH, TEXTS["de"]], check=True)


def test_a_few_unsure_texts_are_not_examined_where_a_share_is_given():
    texts = [TEXTS["de"], *[ENGLISH] * 9]
    assert other_languages(texts, least=0.1)[0] == "de"
    assert other_languages(texts, least=0.11) == [None] * 10


def test_titles_of_usual_english_words_need_no_model():
    """Three usual words that are half of the title, and none of another language."""
    code = (
        "import sys; from toolkit.text.language import other_languages;"
        "assert other_languages(['Training Efficient Diffusion Models']) == [None];"
        "assert 'py3langid' not in sys.modules;"
        "other_languages(['Der Tanz der Bienen im dunklen Stock']);"
        "assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_foreign_little_word_among_english_words_is_told():
    title = "Design Patterns und Templates, eine Einführung mit Beispielen"
    assert other_languages([title]) == ["de"]


def test_spanish_is_not_taken_for_a_small_neighbour():
    title = "Carbapenemasas clase D en aislamientos clínicos de Acinetobacter baumannii"
    assert other_languages([title]) == ["es"]
