//! Other people's files put into one of ours: what `shared/data/pdf` predicts, and made ones.

mod blank;
mod corpus;
mod foot;
mod limits;
mod made;
mod paper;
mod words;
