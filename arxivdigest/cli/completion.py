"""Completion in bash, zsh and fish: what may stand where the cursor is, and the shells' part of it.

A shell is told words and what they mean in lines, and never anything to run: titles are written by
strangers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from typer import Argument

from arxivdigest.cli.shell import write
from arxivdigest.errors import DigestError, UsageError
from arxivdigest.model import AnnounceType

if TYPE_CHECKING:
    from arxivdigest.config import Config

Shell = Annotated[
    str, Argument(metavar="bash|zsh|fish", help="Whose completion it is.", show_default=False)
]


FILES = ":files"
"""What is told where a file may stand: the shell itself knows these best."""


class Word(NamedTuple):
    """A word that may stand there, and what it means."""

    text: str
    means: str = ""


def completion(shell: Shell) -> None:
    """Print what makes bash, zsh or fish complete words.

    As in: eval "$(digest completion bash)"
    """
    script = SCRIPTS.get(shell)
    if script is None:
        raise UsageError(f"SHELL is one of {', '.join(SCRIPTS)}")
    write(script)


def answer(program: Any, line: Sequence[str]) -> None:  # noqa: ANN401 - typer's own
    """Write what may stand in place of the last word of a line, one a line, with what it means."""
    from arxivdigest.text import one_line, safe

    *before, begun = line or [""]
    lines = [
        f"{safe(word.text)}\t{one_line(safe(word.means))}".rstrip("\t")
        for word in _words(program, before, begun)
        if word.text == FILES or word.text.lower().startswith(begun.lower())
    ]
    write("".join(f"{line}\n" for line in dict.fromkeys(lines)))


def _words(program: Any, before: Sequence[str], begun: str) -> Iterator[Word]:  # noqa: ANN401 - as above
    command, given, path = _command(program, before)
    if command is None:
        return
    if hasattr(command, "commands"):
        if begun.startswith("-"):
            yield from _options(command)
            return
        for name in command.commands:
            yield Word(name, program_summary(command, name))
        return
    place = _Place.of(command, given)
    option, _, value = begun.partition("=")
    if place.option is None and begun.startswith("-") and not place.only_arguments:
        named = place.named(option) if "=" in begun else None
        if named is None:
            yield from _options(command)
            return
        for word in _values(named.name, path, place):
            yield word if word.text == FILES else word._replace(text=f"{option}={word.text}")
        return
    name = place.option.name if place.option else place.argument
    yield from _values(name, path, place, value or begun)


def program_summary(group: Any, name: str) -> str:  # noqa: ANN401 - as above
    """The first line of a command's help."""
    return (group.commands[name].help or "").partition("\n")[0]


def _command(program: Any, words: Sequence[str]) -> tuple[Any, Sequence[str], str]:  # noqa: ANN401 - as above
    """The command that the words name, the words after it, and its name with its groups'."""
    command = program
    path: list[str] = []
    for at, word in enumerate(words):
        if not hasattr(command, "commands"):
            return command, words[at:], " ".join(path)
        if word in command.commands:
            command = command.commands[word]
            path.append(word)
        elif not word.startswith("-"):
            return None, (), ""
    return command, (), " ".join(path)


def _options(command: Any) -> Iterator[Word]:  # noqa: ANN401 - as above
    for one in command.params:
        if one.param_type_name == "option" and not getattr(one, "hidden", False):
            for name in (*one.opts, *one.secondary_opts):
                if name.startswith("--"):
                    yield Word(name, one.help or "")
    yield Word("--help", "Show this message and exit.")


class _Place:
    """Where in a command's line the last word stands: the value of an option, or an argument."""

    def __init__(self, command: Any) -> None:  # noqa: ANN401 - as above
        self._by_name = {
            name: one
            for one in command.params
            if one.param_type_name == "option"
            for name in (*one.opts, *one.secondary_opts)
        }
        self._arguments = [one for one in command.params if one.param_type_name == "argument"]
        self.option: Any = None
        self.only_arguments = False
        self.given: dict[str, str] = {}
        self._taken = 0

    @classmethod
    def of(cls, command: Any, words: Iterable[str]) -> "_Place":  # noqa: ANN401 - as above
        """The place after these words."""
        place = cls(command)
        for word in words:
            place._take(word)
        return place

    def _take(self, word: str) -> None:
        if self.option is not None:
            self.given[self.option.name] = word
            self.option = None
        elif self.only_arguments or not word.startswith("-") or word == "-":
            self._taken += 1
        elif word == "--":
            self.only_arguments = True
        else:
            name, equals, value = word.partition("=")
            one = self._by_name.get(name)
            if one is not None and equals:
                self.given[one.name] = value
            elif one is not None and not one.is_flag:
                self.option = one

    def named(self, name: str) -> Any:  # noqa: ANN401 - as above
        """The option of this name that takes a value, or None."""
        one = self._by_name.get(name)
        return None if one is None or one.is_flag else one

    @property
    def argument(self) -> str:
        """The name of the argument that stands here; nothing where none may."""
        taken = self._taken
        for one in self._arguments:
            if one.nargs < 0 or taken < one.nargs:
                return str(one.name)
            taken -= one.nargs
        return ""


def _values(name: str, path: str, place: _Place, begun: str = "") -> Iterator[Word]:
    """What may be the value of an option or an argument of this name."""
    if name == "name" and not path.startswith("template"):
        return
    find = _VALUES.get(name)
    if name == "words" and path == "search":
        find = partial(_search_words, begun)
    if find:
        try:
            yield from find(place.given)
        except (DigestError, OSError):
            return  # what is wrong is said when the command is run


_Given = Mapping[str, str]


def _subjects(_: _Given) -> Iterator[Word]:
    from arxivdigest.arxiv import taxonomy

    return (Word(one.id, one.name) for one in taxonomy.search(""))


def _formats(given: _Given) -> Iterator[Word]:
    from arxivdigest import output

    return map(Word, output.formats(_template_folders(given)))


def _template_folders(given: _Given) -> list[Path]:
    from arxivdigest.cli.places import template_folders

    file = given.get("config_file")
    return template_folders(Path(file) if file else None)


def _config(given: _Given) -> "Config":
    from arxivdigest.cli.places import load

    file = given.get("config_file")
    return load(Path(file) if file else None, None)


def _profiles(given: _Given) -> Iterator[Word]:
    return map(Word, _config(given).profiles)


def _rules(given: _Given) -> Iterator[Word]:
    return (Word(rule.name) for rule in _config(given).rules)


def _templates(given: _Given) -> Iterator[Word]:
    from arxivdigest.output.templating import folders, format_of, templates

    for folder in reversed(folders(_template_folders(given))):
        for path in templates(folder):
            yield Word(path.name, format_of(path.name))


def _ids(_: _Given) -> Iterator[Word]:
    """The ids of the list shown last on this terminal, with their titles."""
    from arxivdigest.cli.last_list import last_list

    return (Word(one.arxiv_id, one.title) for one in last_list())


def _search_words(begun: str, given: _Given) -> Iterator[Word]:
    negated = "not:" if begun.startswith("not:") else ""
    inner = begun.removeprefix("not:")
    name, colon, _ = inner.partition(":")
    find = {"subject": _subjects, "rule": _rules}.get(name) if colon else None
    if find:
        yield from (Word(f"{negated}{name}:{one.text}", one.means) for one in find(given))
        return
    for word in SEARCH_WORDS:
        if not (negated and word.text == "not:"):
            yield word._replace(text=negated + word.text)


SEARCH_WORDS = (
    Word("author:", "somebody who wrote it"),
    Word("subject:", "a category or an archive"),
    Word("title:", "only in the title"),
    Word("comments:", "only in the comments"),
    Word("rule:", "what a rule of yours asks for"),
    Word("is:starred", "what is starred"),
    *(Word(f"type:{name}", "how it was announced") for name in AnnounceType),
    Word("not:", "what must not be there"),
)


def _files(_: _Given) -> Iterator[Word]:
    return iter((Word(FILES),))


def _these(*words: str) -> Callable[[_Given], Iterator[Word]]:
    return lambda _: map(Word, words)


_VALUES: Mapping[str, Callable[[_Given], Iterator[Word]]] = {
    "subjects": _subjects,
    "format_name": _formats,
    "profile": _profiles,
    "source": _these("auto", "feed", "page"),
    "day": _these("yesterday", "today"),
    "arxiv_id": _ids,
    "arxiv_ids": _ids,
    "name": _templates,
    "shell": _these("bash", "zsh", "fish"),
    **dict.fromkeys(("place", "config_file", "output", "folder"), _files),
}

SCRIPTS: Mapping[str, str] = {
    "bash": r"""# bash: eval "$(digest completion bash)" in ~/.bashrc
_digest() {
    local line word words=() typed=() cut="" at
    # bash parts words at colons too: what no blank stands before belongs to the one before.
    local rest=${COMP_LINE:0:COMP_POINT}
    for ((at = 0; at < COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if ((at)) && [[ $rest != [[:space:]]* ]]; then typed[-1]+=$word; else typed+=("$word"); fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$word"}
    done
    if [[ $rest == [[:space:]]* ]]; then typed+=(""); fi
    # bash puts what it is told in place of this part, and what stands before it is already there.
    local last=${rest#"${rest%%[![:space:]]*}"}
    if [[ $last == [:=]* ]]; then typed[-1]+=${last:0:1} last=${last:1}; fi
    local quote=${last:0:1}
    cut=${typed[-1]//[\"\'\\]/}
    typed[-1]+=$last
    typed=("${typed[@]//[\"\'\\]/}")
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        if [[ $word == :files ]]; then
            compopt -o default
            continue
        fi
        [[ $word == *: ]] && compopt -o nospace
        word=${word#"$cut"}
        [[ $quote == [\"\'] ]] || word=$(printf '%q' "$word")
        [[ $word == "''" ]] || words+=("$word")
    done < <("${COMP_WORDS[0]}" --complete "${typed[@]:1}" 2>/dev/null)
    COMPREPLY=("${words[@]}")
}
complete -F _digest digest
""",
    "zsh": r"""#compdef digest
# zsh: eval "$(digest completion zsh)" in ~/.zshrc, after compinit
_digest() {
    local line word means
    local -a described plain before
    before=("${(@Q)words[2,CURRENT-1]}")
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        means=${line#*$'\t'}
        if [[ $word == :files ]]; then
            _files
            return
        fi
        if [[ $word == *: ]]; then
            plain+=("$word")
        elif [[ $line == *$'\t'* ]]; then
            described+=("${word//:/\\:}:$means")
        else
            described+=("${word//:/\\:}")
        fi
    done < <(DIGEST_TTY=$TTY "${words[1]}" --complete "${before[@]}" "${(Q)PREFIX}" 2>/dev/null)
    (( $#plain )) && compadd -S '' -a plain
    (( $#described )) && _describe digest described
}
compdef _digest digest
""",
    "fish": r"""# fish: digest completion fish > ~/.config/fish/completions/digest.fish
function __digest_complete
    set -l line (commandline -opc)
    set -l begun (commandline -ct | string replace -r '^["\']' '')
    for word in ($line[1] --complete $line[2..] "$begun" 2>/dev/null)
        if test "$word" = :files
            __fish_complete_path "$begun"
        else
            echo $word
        end
    end
end
complete --command digest --no-files --arguments '(__digest_complete)'
""",
}
