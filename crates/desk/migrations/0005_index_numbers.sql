-- Commits by the center's number, so that a contact goes on where the last one ended and reads none
-- of what came before.
CREATE INDEX commits_sseq ON commits(stream, sseq) WHERE sseq IS NOT NULL AND status <> 3;
-- The few that are kept for review.
CREATE INDEX commits_held ON commits(stream, id) WHERE status = 2;
