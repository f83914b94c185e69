-- Who may do what in a stream, as a log of its own: commits signed by the center's key. The rows of
-- `members` are what follows from it.
CREATE TABLE acl_commits(
  stream TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, frame BLOB NOT NULL,
  PRIMARY KEY(stream, seq)
) STRICT;
-- What became of commits that were kept for review: the number of the commit that said so.
CREATE TABLE reviews(
  stream TEXT NOT NULL, hash TEXT NOT NULL, is_adopted INTEGER NOT NULL, sseq INTEGER NOT NULL,
  PRIMARY KEY(stream, hash)
) STRICT;
-- Why a commit is kept for review.
ALTER TABLE commits ADD COLUMN held_why TEXT;
-- What a person calls a laptop, and when it was last heard of.
ALTER TABLE devices ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN seen_ms INTEGER;
