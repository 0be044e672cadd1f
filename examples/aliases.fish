# For fish: copy this to ~/.config/fish/conf.d/

# Today's papers, with any options: papers --abstracts, papers cs.LG -k "KV cache"
alias papers 'digest today'

# Only what you have not seen: what this shows counts as delivered, and is not shown again.
alias unread 'digest today --unseen && digest ack'

# As a page to open in a browser.
alias papers-page 'digest today --format html --output "$HOME/papers.html"'
