//! The exchange without a network.

mod round;
