//! Files that are not what they say they are: refused in words, quickly, without a panic.
