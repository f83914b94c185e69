//! The registry records of the reference data, in and out.
#![recursion_limit = "512"]

mod amendments;
mod counts;
mod fields;
mod files;
mod hand_made;
mod keys;
mod material;
mod mutated;
mod round_trip;
mod stored;
mod word_sample;
mod words;
