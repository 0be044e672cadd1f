import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arxivdigest.rules.names import family_name, is_name
from arxivdigest.rules.people import People, same_person


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
        ("Virgo Collaboration", "Virgo"),
        ("Consortium Virgo", "Virgo"),
        ("Erwin Schrodinger", "Schrodinger, Erwin"),
        ("李明", "李明"),
        ("D. Wang", "Di Wang"),
        ("Wang, Di", "Di Wang"),
        ("H. Nguyen", "Hung Van Nguyen"),
        ("Hung V. Nguyen", "Hung Van Nguyen"),
        ("van Nguyen", "Hung Van Nguyen"),
        ("J. Gaulle", "Jean de Gaulle"),
        ("Jean de Gaulle", "Jean Gaulle"),
        ("Gaulle, Jean de", "Jean de Gaulle"),
        ("O. Hadi", "Omar al-Hadi"),
        ("García Márquez", "Gabriel Garcia-Marquez"),
        ("Garcia Marquez, G.", "Gabriel García Márquez"),
        ("Ben-Ari", "Noa Ben Ari"),
        ("BenAri, N.", "Noa Ben-Ari"),
        ("Le Cun", "Yann LeCun"),
        ("DAngelo", "Rosa D’Angelo"),
        ("Goedel", "Kurt Gödel"),
        ("K. Godel", "Kurt Goedel"),
        ("Aarseth", "Liv Årseth"),
        ("Soeren Kirk", "Søren Kirk"),
        (r"Erd\H{o}s", "Paul Erdős"),
        (r"{\AA}. Berg", "Åse Berg"),
        ("Prof. Dr. A. Lovelace", "Ada Lovelace"),
        ("Lovelace, Ada, PhD", "Ada Lovelace"),
        ("Ada Lovelace, Jr.", "Ada Lovelace"),
        ("JR Smith", "John R. Smith"),
        ("SMITH, JOHN", "John Smith"),
        ("CMS", "The CMS Collaboration"),
        ("the CMS collaboration", "for the CMS Collaboration"),
        ("Fermi-LAT", "Fermi LAT Collaboration"),
        ("Qwen", "Qwen Team"),
        ("Rossi", "Rossi"),
        ("T2K", "The T2K Collaboration"),
        ("van 't Hoff", "Jan van 't Hoff"),
        ("J. van't Hoff", "Jan van 't Hoff"),
        ("Hoff", "Jan van’t Hoff"),
        ("Ada Lovelace, Ph.D.", "Ada Lovelace"),
        ("Ada Lovelace, Ph. D.", "Ada Lovelace"),
        ("Ada Lovelace M.Sc.", "Ada Lovelace"),
        ("Lovelace, Ada, Dr.", "Ada Lovelace"),
        ("Lovelace, Jr., Ada", "Ada Lovelace"),
        ("Lovelace, Prof. Ada", "Ada Lovelace"),
        ("Lovelace Jr., Ada", "Ada Lovelace"),
        ("Dr. rer. nat. Ada Lovelace", "Ada Lovelace"),
        ("Dr.-Ing. Ada Lovelace", "Ada Lovelace"),
        ("Sayed, Md Abu", "Md Abu Sayed"),
        ("Yu. Ivanov", "Yuri Ivanov"),
        ("Yuri A. Ivanov", "Yu. A. Ivanov"),
        ("Y. Ivanov", "Yu. Ivanov"),
        ("Charles Roy", "Ch. Roy"),
        ("D. Yu", "Dezhi YU"),
        ("Dezhi YU", "Dezhi Yu"),
        ("A. Ng", "Andrew NG"),
        ("Gouthaman KV", "Gouthaman KV"),
        ("Harikrishnan K B", "Harikrishnan K B"),
        ("Eshwar R. A.", "Eshwar R. A."),
        ("E, Haihong", "Haihong E"),
        ("Smith, John PM", "J. P. M. Smith"),
        ("The CMS", "The CMS"),
        ("H.E.S.S.", "H.E.S.S. Collaboration"),
        ("Team Cohere", "Team Cohere"),
        ("Gemini Team Google", "Gemini Team Google"),
        ("Ortega y Gasset", "José Ortega y Gasset"),
        ("J. Ortega Gasset", "José Ortega y Gasset"),
        ("Gasset", "José Ortega y Gasset"),
        ("王小明", "王 小明"),
        ("Goethe", "Johann Göthe"),
        ("Göthe", "Johann Goethe"),
        ("W. E", "Weinan E"),
        ("Weinan E", "W. E"),
        ("S. O Brien", "Sean O'Brien"),
        ("O'Brien, S.", "Sean O Brien"),
        ("O'Brien", "Sean O' Brien"),
        ("Ó Briain", "Seán O'Briain"),
        ("S. O'Briain", "Seán Ó Briain"),
        ("Anne d Arc", "Anne d'Arc"),
        ("Anne d'Arc", "Anne d' Arc"),
        ("Hof, P. van 't", "Pieter van 't Hof"),
        ("A. Forêts", "Anne des Forêts"),
        ("Cate, Pieter ten", "Pieter ten Cate"),
        ("Stein, Karl vom", "Karl vom Stein"),
        ("Esposti, Marco degli", "Marco degli Esposti"),
        ("Djordjevic", "Ivan Đorđević"),
        ("I. Đorđević", "Ivan Djordjevic"),
        ("Marie C. Dupont", "Marie-Claire Dupont"),
        ("M.-Claire Dupont", "Marie-Claire Dupont"),
        ("Marie-Claire Dupont", "Marie-C. Dupont"),
        ("Alexander Schmidt", "Alex. Schmidt"),
        ("William Ross", "Wm. Ross"),
        ("Md. Sayed", "Mohammad Sayed"),
        ("DR ADA LOVELACE", "Ada Lovelace"),
        ("PD Dr. Ada Lovelace", "Ada Lovelace"),
        ("Assoc. Prof. Ada Lovelace", "Ada Lovelace"),
        ("Rev. Ada Lovelace", "Ada Lovelace"),
        ("Dr. med. Ada Lovelace", "Ada Lovelace"),
        ("Dr. h. c. A. Lovelace", "Ada Lovelace"),
        ("Ada Lovelace", "Ada Lovelace 3rd"),
        ("the ATLAS", "ATLAS Collaboration"),
        ("ATLAS Collab.", "ATLAS Collaboration"),
        ("ATLAS", "ATLAS Coll."),
        ("ATLAS", "ATLAS and CMS Collaborations"),
        ("CMS Collaboration", "The ATLAS and CMS Collaborations"),
        ("ATLAS and CMS Collaborations", "The ATLAS and CMS Collaborations"),
        ("LIGO", "The LIGO Scientific Collaboration"),
        ("LIGO Scientific", "LIGO Scientific Collaboration"),
        ("Virgo", "LIGO Scientific Collaboration and the Virgo Collaboration"),
        ("B. Coll", "Bartomeu Coll"),
        ("Smith, EJ", "Emma-Jane Smith"),
        ("LI, BO", "Bo Li"),
        ("Chas. Smith", "Charles Smith"),
        ("Mohd. Rahman", "Mohammad Rahman"),
        ("S. Din", "Salah ad-Din"),
        ("H. Sharif", "Hamad Ash-Sharif"),
        ("Professor Emeritus Ada Lovelace", "Ada Lovelace"),
    ],
)
def test_two_writings_of_one_person(wanted: str, author: str) -> None:
    assert is_name(wanted)
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
        ("J. Xu", "Jin Xue"),
        ("Xuming Li", "Xueming Li"),
        ("Michal Novak", "Michael Novak"),
        ("S. Ba", "Sung Bae"),
        ("Van", "Quang Van Tran"),
        ("K. Gaulle", "Jean de Gaulle"),
        ("Marquez Garcia", "Gabriel García Márquez"),
        ("Jean Duval", "Jean-Marie Duval"),
        ("Marie Duval", "Jean-Marie Duval"),
        ("J.-P. Duval", "Jean-Marie Duval"),
        ("Ari", "Noa Ben-Ari-Levi"),
        ("Cun", "Yann LeCun"),
        ("Angelo", "Rosa D'Angelo"),
        ("Bo Zhang", "Zhang Bo"),
        ("ATLAS Collaboration", "ATLAS-HALO Collaboration"),
        ("A. Collaboration", "ATLAS Collaboration"),
        ("Collaboration", "ATLAS Collaboration"),
        ("Belle", "Belle II Collaboration"),
        ("Atlas Team", "Bo Atlas"),
        ("Yu. Ivanov", "Yan Ivanov"),
        ("Yu Ivanov", "Yuri Ivanov"),
        ("Ch. Roy", "Claude Roy"),
        ("Roy", "Md Abu Royal"),
        ("CMS", "C. M. Smith"),
        ("Baur", "Sam Bauer"),
        ("Breur", "Sam Breuer"),
        ("Isral", "Sam Israel"),
        ("Manul", "Ida Manuel"),
        ("Nol", "Ada Noel"),
        ("Xu", "Jan Xue"),
        ("P. Auger", "Pierre Auger Collaboration"),
        ("Max Planck", "Planck Collaboration"),
        ("J. O'Neal", "John O. Neal"),
        ("Dea", "Conor O' Dea"),
        ("Arc", "Anne d'Arc"),
        ("Marie K. Dupont", "Marie-Claire Dupont"),
        ("Jean Duval", "Jean-Paul Duval"),
        ("Wm. Ross", "Wilma Ross"),
        ("LO Connor", "Liam O'Connor"),
        ("Li, BO", "Bin Mao Li"),
        ("Yu. Li", "Yau Li"),
        ("Walter Ross", "Wm. Ross"),
        ("LIGO", "LIGO-Virgo Collaboration"),
        ("ATLAS and CMS Collaborations", "ATLAS Collaboration"),
        ("Dordevic", "Ivan Djordjevic"),
        ("Phil Lovelace", "Dr. phil. Ada Lovelace"),
        ("Ada Lovelace", "Dr. Phil Lovelace"),
    ],
)
def test_two_people(wanted: str, author: str) -> None:
    assert not same_person(wanted, author)


@pytest.mark.parametrize(
    "written",
    [
        "A.",
        "J. D.",
        "A",
        "",
        "123",
        "-",
        "Dr.",
        "Prof. Dr.",
        "Jr.",
        "The Collaboration",
        "Team",
        ", Ada",
    ],
)
def test_what_nobody_is_called_is_no_name(written: str) -> None:
    assert not is_name(written)


def test_the_wanted_among_many_come_in_their_order() -> None:
    many = People([*(f"Ada Name{number}" for number in range(2000)), "Ramjee", "R. Ramjee"])
    assert many.among("Ramachandran Ramjee") == ["Ramjee", "R. Ramjee"]
    assert many.among("A. Name17") == ["Ada Name17"]
    assert many.among("Sita Ram") == []


@pytest.mark.parametrize(
    ("written", "family"),
    [
        ("Ada Lovelace", "lovelace"),
        ("Laurens van der Maaten", "vandermaaten"),
        ("Bin Liu", "liu"),
        ("Lovelace, Ada", "lovelace"),
        ("Martin King Jr.", "king"),
        ("Conor O'Dea", "odea"),
        ("", ""),
    ],
)
def test_a_family_name_with_what_belongs_to_it(written: str, family: str) -> None:
    assert family_name(written) == family


WORDS = (
    *("Lee", "LEE", "Wang", "Smith-Jones", "Xiao-Ming", "Xiaoming", "Mueller", "Muller", "Poe"),
    *("J", "J.", "A.B.", "van", "der", "Mac", "O", "Dr.", "Jr.", "III", "PhD", "St.", "-"),
    *("the", "and", "for", "Collaboration", "Team", "CMS", "Virgo", "H.E.S.S."),
)
NAMES = st.builds(
    lambda words, comma: " ".join(words).replace(" ", ", ", comma),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
    st.sampled_from([0, 0, 0, 1]),
)


@settings(max_examples=400)
@given(st.lists(NAMES, min_size=1, max_size=3), st.data())
def test_nobody_is_passed_over_by_a_quick_look(wanted: list[str], data: st.DataObject) -> None:
    author = data.draw(NAMES | st.sampled_from(wanted) | st.sampled_from(wanted[0].split()))
    # Such a blank at the end says nothing of a person, and lets no name be taken for a plain one.
    assert People(wanted).among(author) == People(wanted).among(f"{author}\u00a0")


@given(st.text("aBé.,-' ()", max_size=9))
def test_any_author_is_somebody_or_nobody(written: str) -> None:
    wanted = ["Ann Lee", "a B", "-,a"]
    assert set(People(wanted).among(written)) <= {"a B", "-,a"}
