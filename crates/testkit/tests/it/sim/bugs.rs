//! Faults planted into laptop, network and center, to prove that the simulation finds such ones.

/// A planted fault. `None` is the program as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Bug {
    #[default]
    None,
    // The laptop.
    CursorSkipsOne,
    CursorBeforeRows,
    SavedBeforeStored,
    PredecessorsCutToOne,
    SavesWhatStandsNow,
    TombstonesForgotten,
    DeletionIsBlind,
    KnownTakenTwice,
    AppliedInReverse,
    ForkIgnored,
    ForkForgetsOne,
    AgainAtRandom,
    HeldIsApplied,
    HeldIsDropped,
    OutboxClearedAtSend,
    ConfirmsEverything,
    DigestNotKept,
    EpochIgnored,
    LamportReset,
    RewindSendsNothing,
    BundleDropsOne,
    // The network.
    OldAnswerTaken,
    // The center.
    RepeatTakenForFork,
    RevokedIsServed,
    RevokedCounts,
    LateCommitEarlierNumber,
    PageTurned,
}

impl Bug {
    pub(crate) const ALL: [Self; 27] = [
        Self::CursorSkipsOne,
        Self::CursorBeforeRows,
        Self::SavedBeforeStored,
        Self::PredecessorsCutToOne,
        Self::SavesWhatStandsNow,
        Self::TombstonesForgotten,
        Self::DeletionIsBlind,
        Self::KnownTakenTwice,
        Self::AppliedInReverse,
        Self::ForkIgnored,
        Self::ForkForgetsOne,
        Self::AgainAtRandom,
        Self::HeldIsApplied,
        Self::HeldIsDropped,
        Self::OutboxClearedAtSend,
        Self::ConfirmsEverything,
        Self::DigestNotKept,
        Self::EpochIgnored,
        Self::LamportReset,
        Self::RewindSendsNothing,
        Self::BundleDropsOne,
        Self::OldAnswerTaken,
        Self::RepeatTakenForFork,
        Self::RevokedIsServed,
        Self::RevokedCounts,
        Self::LateCommitEarlierNumber,
        Self::PageTurned,
    ];
}
