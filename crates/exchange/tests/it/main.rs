//! The registry records of the reference data, in and out.

mod amendments;
mod counts;
mod files;
mod hand_made;
mod keys;
mod material;
mod mutated;
mod round_trip;
mod stored;
mod words;
