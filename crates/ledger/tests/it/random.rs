//! One way to run a property: a fixed seed, or a fresh one on demand, always printed.
//!
//! `LEDGER_SEED=fresh` takes a new seed, `LEDGER_SEED=<number>` a known one;
//! `LEDGER_CASES=<number>` changes how many schedules run.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::hash::{BuildHasher, Hasher};

const SEED: u64 = 20_261_123;

fn seed() -> u64 {
    match std::env::var("LEDGER_SEED").as_deref() {
        Ok("fresh") => std::hash::RandomState::new().build_hasher().finish(),
        Ok(text) => text.parse().expect("LEDGER_SEED is `fresh` or a number"),
        Err(_) => SEED,
    }
}

fn runner(seed: u64, n_cases: u32, n_shrinks: u32) -> TestRunner {
    let config = Config {
        cases: n_cases,
        max_shrink_iters: n_shrinks,
        failure_persistence: None,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Runs a property and panics with the seed and the smallest failing case.
pub(crate) fn holds<S: Strategy>(
    name: &str,
    n_cases: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), String>,
) {
    let seed = seed();
    let n_cases = std::env::var("LEDGER_CASES").map_or(n_cases, |n| n.parse().expect("a number"));
    eprintln!("{name}: {n_cases} cases, LEDGER_SEED={seed}");
    let outcome = runner(seed, n_cases, 2_000)
        .run(strategy, |case| property(case).map_err(TestCaseError::fail));
    if let Err(error) = outcome {
        panic!("{name} fails with LEDGER_SEED={seed}: {error}");
    }
}

/// Runs a property that a planted fault must break; gives the reason it broke with.
pub(crate) fn breaks<S: Strategy>(
    name: &str,
    n_cases: u32,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), String>,
) -> String {
    let outcome =
        runner(SEED, n_cases, 0).run(strategy, |case| property(case).map_err(TestCaseError::fail));
    match outcome {
        Err(TestError::Fail(reason, _)) => reason.message().to_owned(),
        other => panic!("{name} was not found within {n_cases} schedules: {other:?}"),
    }
}
