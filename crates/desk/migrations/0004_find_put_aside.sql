-- What was put aside is looked for by the place that another commit has now: a form may name it.

CREATE INDEX commits_aside ON commits(stream, device, seq) WHERE status = 3;
