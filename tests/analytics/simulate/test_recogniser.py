from random import Random

from analytics.simulate.grammar import load_grammar
from analytics.simulate.recogniser import recognise, spoken_number

NOISE = load_grammar().noise


def test_speech_has_no_punctuation_and_agents_no_fillers():
    text = "您好，请问有什么可以帮您？再见~"
    assert recognise(text, NOISE, Random(1), fillers=False) == "您好请问有什么可以帮您再见"


def test_spoken_digits_stay_the_same_digits():
    heard = {spoken_number("13800000000", Random(n)) for n in range(20)}
    assert {text.replace(" ", "") for text in heard} == {"13800000000"}
    assert len(heard) == 2
