"""arXiv's subjects: categories, archives, aliases, and what a person may have meant."""

import re
from functools import cache
from typing import NamedTuple

# Active categories by archive; a `=` gives the category that an alias is listed under.
_CATEGORIES = """
astro-ph.CO Cosmology and Nongalactic Astrophysics
astro-ph.EP Earth and Planetary Astrophysics
astro-ph.GA Astrophysics of Galaxies
astro-ph.HE High Energy Astrophysical Phenomena
astro-ph.IM Instrumentation and Methods for Astrophysics
astro-ph.SR Solar and Stellar Astrophysics
cond-mat.dis-nn Disordered Systems and Neural Networks
cond-mat.mes-hall Mesoscale and Nanoscale Physics
cond-mat.mtrl-sci Materials Science
cond-mat.other Other Condensed Matter
cond-mat.quant-gas Quantum Gases
cond-mat.soft Soft Condensed Matter
cond-mat.stat-mech Statistical Mechanics
cond-mat.str-el Strongly Correlated Electrons
cond-mat.supr-con Superconductivity
cs.AI Artificial Intelligence
cs.AR Hardware Architecture
cs.CC Computational Complexity
cs.CE Computational Engineering, Finance, and Science
cs.CG Computational Geometry
cs.CL Computation and Language
cs.CR Cryptography and Security
cs.CV Computer Vision and Pattern Recognition
cs.CY Computers and Society
cs.DB Databases
cs.DC Distributed, Parallel, and Cluster Computing
cs.DL Digital Libraries
cs.DM Discrete Mathematics
cs.DS Data Structures and Algorithms
cs.ET Emerging Technologies
cs.FL Formal Languages and Automata Theory
cs.GL General Literature
cs.GR Graphics
cs.GT Computer Science and Game Theory
cs.HC Human-Computer Interaction
cs.IR Information Retrieval
cs.IT Information Theory
cs.LG Machine Learning
cs.LO Logic in Computer Science
cs.MA Multiagent Systems
cs.MM Multimedia
cs.MS Mathematical Software
cs.NA=math.NA Numerical Analysis
cs.NE Neural and Evolutionary Computing
cs.NI Networking and Internet Architecture
cs.OH Other Computer Science
cs.OS Operating Systems
cs.PF Performance
cs.PL Programming Languages
cs.RO Robotics
cs.SC Symbolic Computation
cs.SD Sound
cs.SE Software Engineering
cs.SI Social and Information Networks
cs.SY=eess.SY Systems and Control
econ.EM Econometrics
econ.GN General Economics
econ.TH Theoretical Economics
eess.AS Audio and Speech Processing
eess.IV Image and Video Processing
eess.SP Signal Processing
eess.SY Systems and Control
gr-qc General Relativity and Quantum Cosmology
hep-ex High Energy Physics - Experiment
hep-lat High Energy Physics - Lattice
hep-ph High Energy Physics - Phenomenology
hep-th High Energy Physics - Theory
math.AC Commutative Algebra
math.AG Algebraic Geometry
math.AP Analysis of PDEs
math.AT Algebraic Topology
math.CA Classical Analysis and ODEs
math.CO Combinatorics
math.CT Category Theory
math.CV Complex Variables
math.DG Differential Geometry
math.DS Dynamical Systems
math.FA Functional Analysis
math.GM General Mathematics
math.GN General Topology
math.GR Group Theory
math.GT Geometric Topology
math.HO History and Overview
math.IT=cs.IT Information Theory
math.KT K-Theory and Homology
math.LO Logic
math.MG Metric Geometry
math.MP=math-ph Mathematical Physics
math.NA Numerical Analysis
math.NT Number Theory
math.OA Operator Algebras
math.OC Optimization and Control
math.PR Probability
math.QA Quantum Algebra
math.RA Rings and Algebras
math.RT Representation Theory
math.SG Symplectic Geometry
math.SP Spectral Theory
math.ST Statistics Theory
math-ph Mathematical Physics
nlin.AO Adaptation and Self-Organizing Systems
nlin.CD Chaotic Dynamics
nlin.CG Cellular Automata and Lattice Gases
nlin.PS Pattern Formation and Solitons
nlin.SI Exactly Solvable and Integrable Systems
nucl-ex Nuclear Experiment
nucl-th Nuclear Theory
physics.acc-ph Accelerator Physics
physics.ao-ph Atmospheric and Oceanic Physics
physics.app-ph Applied Physics
physics.atm-clus Atomic and Molecular Clusters
physics.atom-ph Atomic Physics
physics.bio-ph Biological Physics
physics.chem-ph Chemical Physics
physics.class-ph Classical Physics
physics.comp-ph Computational Physics
physics.data-an Data Analysis, Statistics and Probability
physics.ed-ph Physics Education
physics.flu-dyn Fluid Dynamics
physics.gen-ph General Physics
physics.geo-ph Geophysics
physics.hist-ph History and Philosophy of Physics
physics.ins-det Instrumentation and Detectors
physics.med-ph Medical Physics
physics.optics Optics
physics.plasm-ph Plasma Physics
physics.pop-ph Popular Physics
physics.soc-ph Physics and Society
physics.space-ph Space Physics
q-bio.BM Biomolecules
q-bio.CB Cell Behavior
q-bio.GN Genomics
q-bio.MN Molecular Networks
q-bio.NC Neurons and Cognition
q-bio.OT Other Quantitative Biology
q-bio.PE Populations and Evolution
q-bio.QM Quantitative Methods
q-bio.SC Subcellular Processes
q-bio.TO Tissues and Organs
q-fin.CP Computational Finance
q-fin.EC=econ.GN Economics
q-fin.GN General Finance
q-fin.MF Mathematical Finance
q-fin.PM Portfolio Management
q-fin.PR Pricing of Securities
q-fin.RM Risk Management
q-fin.ST Statistical Finance
q-fin.TR Trading and Market Microstructure
quant-ph Quantum Physics
stat.AP Applications
stat.CO Computation
stat.ME Methodology
stat.ML Machine Learning
stat.OT Other Statistics
stat.TH=math.ST Statistics Theory
"""
_ARCHIVES = """
astro-ph Astrophysics
cond-mat Condensed Matter
cs Computer Science
econ Economics
eess Electrical Engineering and Systems Science
gr-qc General Relativity and Quantum Cosmology
hep-ex High Energy Physics - Experiment
hep-lat High Energy Physics - Lattice
hep-ph High Energy Physics - Phenomenology
hep-th High Energy Physics - Theory
math Mathematics
math-ph Mathematical Physics
nlin Nonlinear Sciences
nucl-ex Nuclear Experiment
nucl-th Nuclear Theory
physics Physics
q-bio Quantitative Biology
q-fin Quantitative Finance
quant-ph Quantum Physics
stat Statistics
"""
# Archives closed to submissions, and where their papers are now.
_RETIRED = {
    "acc-phys": "physics.acc-ph",
    "adap-org": "nlin.AO",
    "alg-geom": "math.AG",
    "ao-sci": "physics.ao-ph",
    "atom-ph": "physics.atom-ph",
    "bayes-an": "physics.data-an",
    "chao-dyn": "nlin.CD",
    "chem-ph": "physics.chem-ph",
    "cmp-lg": "cs.CL",
    "comp-gas": "nlin.CG",
    "dg-ga": "math.DG",
    "funct-an": "math.FA",
    "mtrl-th": "cond-mat.mtrl-sci",
    "patt-sol": "nlin.PS",
    "plasm-ph": "physics.plasm-ph",
    "q-alg": "math.QA",
    "solv-int": "nlin.SI",
    "supr-con": "cond-mat.supr-con",
}


class Subject(NamedTuple):
    """A category or an archive; an alias is listed under another category's name."""

    id: str
    name: str
    alias_of: str | None = None

    @property
    def archive(self) -> str:
        """The archive that the subject is in: itself, where it is one."""
        return self.id.partition(".")[0]


def _table(rows: str) -> dict[str, Subject]:
    table = {}
    for row in rows.split("\n")[1:-1]:
        label, _, name = row.partition(" ")
        subject_id, _, alias_of = label.partition("=")
        table[subject_id] = Subject(subject_id, name, alias_of or None)
    return table


CATEGORIES = _table(_CATEGORIES)
ARCHIVES = _table(_ARCHIVES)
_BY_LOWER_CASE = {label.lower(): label for label in (*ARCHIVES, *CATEGORIES)}


class UnknownSubjectError(ValueError):
    """A label that no subject has; `is_guessed` is whether one that is near it is named."""

    def __init__(self, message: str, *, is_guessed: bool) -> None:
        super().__init__(message)
        self.is_guessed = is_guessed


def subject(label: str) -> str:
    """The category or archive as arXiv writes it.

    An UnknownSubjectError says which may have been meant.
    """
    found = _BY_LOWER_CASE.get(label.strip().lower())
    if found:
        return found
    raise _unknown(label.strip())


def written(label: str) -> str:
    """The category or archive as arXiv writes it, and what is none of them as it is."""
    return _BY_LOWER_CASE.get(label.lower(), label)


def _unknown(label: str) -> UnknownSubjectError:
    from arxivdigest.text import closest

    moved = successor(label)
    if moved:
        said = f'the archive "{label}" is closed; its papers are in {moved}'
        return UnknownSubjectError(said, is_guessed=True)
    meant = _one_letter_off(label.lower())
    if not meant:
        near = closest(label.lower(), _BY_LOWER_CASE, cutoff=0.7)
        meant = [near] if near else []
    suggestion = " or ".join(_BY_LOWER_CASE[one] for one in meant)
    hint = f"; did you mean {suggestion}?" if suggestion else " (see: digest categories)"
    return UnknownSubjectError(f'arXiv has no subject "{label}"{hint}', is_guessed=bool(meant))


def _one_letter_off(label: str) -> list[str]:
    """The labels that differ in one letter, if they are few enough to choose from."""
    found = [
        known
        for known in _BY_LOWER_CASE
        if len(known) == len(label)
        and sum(one != other for one, other in zip(known, label, strict=True)) == 1
    ]
    return found if len(found) <= _MOST_SUGGESTIONS else []


_MOST_SUGGESTIONS = 5


def successor(archive: str) -> str | None:
    """Where the papers of an archive are that is closed; None where it is none."""
    return _RETIRED.get(archive.lower())


def canonical(category: str) -> str:
    """The category that this one is listed under: math-ph for math.MP, and itself for most."""
    known = CATEGORIES.get(category)
    return known.alias_of if known and known.alias_of else category


@cache
def _same(category: str) -> tuple[str, ...]:
    listed = canonical(category)
    return (listed, *(label for label in CATEGORIES if CATEGORIES[label].alias_of == listed))


@cache
def covers(pattern: str, category: str) -> bool:
    """Whether a subject of a rule, maybe with `*`, means the category or one of its aliases.

    An archive means all of its categories.
    """
    expression = re.escape(pattern).replace(r"\*", ".*")
    whole = re.compile(
        rf"{expression}(?:\..*)?" if "." not in pattern else expression, re.IGNORECASE
    )
    return any(whole.fullmatch(label) for label in _same(category))


def covers_any(pattern: str) -> bool:
    """Whether there is a category that the pattern means."""
    return any(covers(pattern, category) for category in CATEGORIES)


def named(name: str) -> tuple[str, ...]:
    """The subjects with this full name: pages head their listings with it, not with the label.

    There is more than one only for Machine Learning (cs.LG, stat.ML) and for archives that are
    their own category.
    """
    labels = (
        known.id
        for table in (ARCHIVES, CATEGORIES)
        for known in table.values()
        if known.name == name and not known.alias_of
    )
    return tuple(dict.fromkeys(labels))


def search(words: str) -> list[Subject]:
    """Active categories whose label, name, archive or alias holds all of the words."""
    wanted = words.lower().split()
    return [known for known in CATEGORIES.values() if _holds(known, wanted)]


def _holds(known: Subject, wanted: list[str]) -> bool:
    labels = " ".join(_same(known.id))
    text = f"{known.id} {labels} {known.name} {ARCHIVES[known.archive].name}".lower()
    return all(word in text for word in wanted)


def unknown(name: str | None) -> tuple[str, ...]:
    """A note where this is no subject that is known here: arXiv adds some now and then."""
    if name is None or name.lower() in _BY_LOWER_CASE:
        return ()
    return (f"{name} is no subject that is known here",)
