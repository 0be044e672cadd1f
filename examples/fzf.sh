#!/bin/sh
# Picks from today's papers with fzf, each shown whole beside the list; fzf.svg is a picture of it.
# Enter opens it in the browser, Ctrl-S stars it, Ctrl-P fetches its PDF.
#
# As short as it gets: digest today | fzf --preview 'digest show {1}'

digest today --quiet "$@" | fzf \
    --delimiter '\t' --with-nth 5 \
    --preview 'FORCE_COLOR=1 COLUMNS=$FZF_PREVIEW_COLUMNS digest show {1}' \
    --preview-window 'right,60%,wrap' \
    --bind 'ctrl-s:execute-silent(digest star {1})' \
    --bind 'ctrl-p:execute(digest pdf {1})' \
    --bind 'enter:execute(digest open {1})'
