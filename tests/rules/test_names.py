import pytest

from arxivdigest.rules.names import same_person


@pytest.mark.parametrize(
    ("wanted", "author"),
    [
        ("Dheevatsa Mudigere", "Dheevatsa Mudigere"),
        ("dheevatsa mudigere", "Dheevatsa Mudigere"),
        ("R. Ramjee", "Ramachandran Ramjee"),
        ("Ramjee, R.", "Ramachandran Ramjee"),
        ("Ramachandran Ramjee", "R. Ramjee"),
        ("Bertalanic", "Blaž Bertalanič"),
        ("Bertalanič", "Blaz Bertalanic"),
        ("Ada Lovelace", "Ada M. Lovelace"),
        ("Ada M. Lovelace", "Ada Lovelace"),
        ("A.M. Lovelace", "Ada Mary Lovelace"),
        ("AM Lovelace", "Ada Mary Lovelace"),
        ("Laurens van der Maaten", "L. van der Maaten"),
        ("van der Maaten", "Laurens van der Maaten"),
        ("Raúl García-Castro", "Raul Garcia Castro"),
        ("Raul Garcia Castro", "Raúl García-Castro"),
        ("Xiao-Ming Li", "Xiaoming Li"),
        ("Bo Li", "Bo Li Jr."),
        ("Martin Luther King, Jr.", "Martin Luther King Jr."),
        ("O'Neil", "Kim O’Neil"),
        ("李明", "李明"),
    ],
)
def test_two_writings_of_one_person(wanted: str, author: str) -> None:
    assert same_person(wanted, author)


@pytest.mark.parametrize(
    ("wanted", "author"),
    [
        ("Dheevatsa", "Dheevatsa Mudigere"),
        ("R. Ramjee", "Sita Ramjee"),
        ("Ada Lovelace", "Ada Lovelacer"),
        ("Ada Lovelace", "Lovelace"),
        ("Ada M. Lovelace", "Ada K. Lovelace"),
        ("Li", "Bo Lin"),
        ("Li", "Li Wang"),
        ("", "Bo Li"),
        ("Bo Li", ""),
    ],
)
def test_two_people(wanted: str, author: str) -> None:
    assert not same_person(wanted, author)
