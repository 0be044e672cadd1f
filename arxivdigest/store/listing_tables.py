"""The tables of what arXiv said, and how they came to be what they are."""

from arxivdigest.store.database import Schema

_MIGRATIONS = (
    """
    CREATE TABLE listing (
        id INTEGER PRIMARY KEY,
        asked TEXT NOT NULL,          -- the subjects asked for, joined by +
        source TEXT NOT NULL,
        subjects TEXT NOT NULL,       -- as the listing states them
        announced TEXT NOT NULL,      -- the date that it states
        total INTEGER,
        sections TEXT NOT NULL,
        notes TEXT NOT NULL,
        read_at TEXT NOT NULL,
        fresh_until TEXT,
        etag TEXT,
        checksum INTEGER NOT NULL,    -- of this row and its entries, as SQLite finds no wrong bytes
        UNIQUE (asked, source, announced)
    );
    CREATE TABLE entry (
        listing INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,
        position INTEGER NOT NULL,
        arxiv_id TEXT NOT NULL,
        version INTEGER,
        announce_type TEXT NOT NULL,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        categories TEXT NOT NULL,
        abstract TEXT NOT NULL,
        comments TEXT,
        journal_ref TEXT,
        doi TEXT,
        license TEXT,
        formats TEXT NOT NULL,
        PRIMARY KEY (listing, position)
    ) WITHOUT ROWID;
    CREATE TABLE request (
        number INTEGER PRIMARY KEY CHECK (number = 1),
        at REAL NOT NULL              -- seconds since 1970
    );
    """,
    # What version 1 kept can be read from arXiv again.
    """
    DROP TABLE entry;
    DELETE FROM listing;
    ALTER TABLE listing ADD COLUMN entries BLOB NOT NULL DEFAULT x'';
    ALTER TABLE listing ADD COLUMN texts BLOB NOT NULL DEFAULT x'';  -- folded for matching
    CREATE TABLE rest (
        service TEXT PRIMARY KEY,     -- as in arxiv.org/list
        until REAL NOT NULL           -- seconds since 1970
    );
    """,
    """
    CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,   -- what it is the only message for: see store.outbox
        profile TEXT NOT NULL,
        state TEXT NOT NULL,             -- pending, sending, sent, refused
        is_doubtful INTEGER NOT NULL,    -- whether a server may have taken it before
        sender TEXT NOT NULL,
        recipients TEXT NOT NULL,        -- those who have yet to get it
        content BLOB NOT NULL,           -- empty once it is sent
        at REAL NOT NULL                 -- when it came into its state, in seconds since 1970
    );
    CREATE TABLE acknowledged (
        profile TEXT NOT NULL,
        announced TEXT NOT NULL,         -- a date
        arxiv_id TEXT NOT NULL,
        PRIMARY KEY (profile, announced, arxiv_id)
    ) WITHOUT ROWID;
    """,
    # These are in a file of their own by now: see store.migration.
    """
    DROP TABLE message;
    DROP TABLE acknowledged;
    """,
    # What version 0.1 kept can be read from arXiv again.
    """
    DROP TABLE listing;
    CREATE TABLE listing (
        id INTEGER PRIMARY KEY,
        asked TEXT NOT NULL,           -- the subjects asked for, joined by +
        source TEXT NOT NULL,
        announced TEXT NOT NULL,       -- the date that the listing states
        page INTEGER NOT NULL,         -- 0, or the number of a page whose others are to come
        subjects TEXT NOT NULL,        -- as the listing states them
        total INTEGER,
        sections TEXT NOT NULL,
        notes TEXT NOT NULL,
        problems TEXT NOT NULL,        -- empty where it is whole
        read_at TEXT NOT NULL,
        fresh_until TEXT,
        etag TEXT,
        is_compressed INTEGER NOT NULL,
        checksum INTEGER NOT NULL,     -- of all other columns, as SQLite finds no wrong bytes
        entries BLOB NOT NULL,
        texts BLOB NOT NULL            -- folded for matching
    );
    CREATE UNIQUE INDEX listing_by_day
        ON listing (announced, page, asked, source, problems, read_at, checksum);
    """,
    "ALTER TABLE rest ADD COLUMN since REAL",  # when the service said so
    """
    CREATE TABLE holding (
        listing INTEGER PRIMARY KEY REFERENCES listing ON DELETE CASCADE,
        ids TEXT NOT NULL              -- of its entries, each between two blanks
    );
    """,
)

SCHEMA = Schema("listings.sqlite", _MIGRATIONS, page_size=32768, is_public=True)
