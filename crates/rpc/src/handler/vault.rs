//! Commands about vaults: make, open, lock, ways in.

use crate::app::{App, blocking, lock};
use crate::failure::{Failure, FailureKind};
use crate::request::{
    KeychainSet, Nothing, PassphraseJudge, PassphraseSet, Profile, SettingSet, VaultCreate,
    VaultOpen, VaultPath, WayIn,
};
use crate::response::{
    Done, OpenVault, RecoveryCode, Strength, VaultCard, VaultCreated, VerifyAnswer,
};
use crate::{Event, Host};
use desk::Desk;
use desk::vault::{Key, Way};
use std::path::{Path, PathBuf};

/// What the picker shows of a vault, read without a key.
pub(crate) fn card(path: &Path) -> VaultCard {
    let about = desk::vault::describe(path).ok();
    let ways = about
        .iter()
        .flat_map(|about| &about.ways_in)
        .map(|way| way_in(*way))
        .collect();
    VaultCard {
        path: path.display().to_string(),
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        sample: about.is_some_and(|about| about.sample),
        ways,
    }
}

fn way_in(way: Way) -> WayIn {
    match way {
        Way::Passphrase => WayIn::Passphrase,
        Way::Recovery => WayIn::Recovery,
        Way::Keychain => WayIn::Keychain,
    }
}

/// What the interface knows of the open vault.
pub(crate) fn open_vault(desk: &mut Desk) -> Result<OpenVault, Failure> {
    let profile = desk.profile().clone();
    let settings = desk.settings()?;
    let opened = desk.vault();
    Ok(OpenVault {
        path: opened.dir.display().to_string(),
        sample: opened.sample,
        profile: Profile {
            name_zh: profile.name_zh,
            name_en: profile.name_en,
            hospital: profile.hospital,
            role: profile.role,
        },
        settings,
    })
}

impl From<Profile> for desk::Profile {
    fn from(profile: Profile) -> Self {
        Self {
            name_zh: profile.name_zh.trim().to_owned(),
            name_en: profile.name_en.trim().to_owned(),
            hospital: profile.hospital.trim().to_owned(),
            role: profile.role,
        }
    }
}

/// Makes a desk the open one.
async fn enter<H: Host>(app: &App<H>, mut desk: Desk) -> Result<OpenVault, Failure> {
    let open = open_vault(&mut desk)?;
    app.places.remember(&desk.vault().dir)?;
    *lock(&app.desk) = Some(desk);
    app.sync.reset();
    Ok(open)
}

pub(crate) async fn vault_judge<H: Host>(
    _: &App<H>,
    req: PassphraseJudge,
) -> Result<Strength, Failure> {
    let strength = desk::vault::passphrase_strength(&req.passphrase);
    Ok(Strength {
        score: strength.score,
        label: strength.label.to_owned(),
        advice: strength.advice.map(str::to_owned),
    })
}

pub(crate) async fn vault_create<H: Host>(
    app: &App<H>,
    req: VaultCreate,
) -> Result<VaultCreated, Failure> {
    let dir = req
        .path
        .map_or_else(|| app.places.new_vault("vault"), PathBuf::from);
    let (env, kdf) = (app.env.clone(), app.kdf.clone());
    let (desk, code) = blocking(move || {
        Desk::create(&dir, &req.passphrase, kdf, env, req.profile.into(), false)
            .map_err(Failure::from)
    })
    .await?;
    let open = enter(app, desk).await?;
    Ok(VaultCreated {
        recovery_code: code.as_str().to_owned(),
        open,
    })
}

pub(crate) async fn vault_sample<H: Host>(app: &App<H>, _: Nothing) -> Result<OpenVault, Failure> {
    let dir = app.places.new_vault("sample");
    let (env, kdf) = (app.env.clone(), app.kdf.clone());
    let desk = blocking(move || crate::work::sample::create(&dir, kdf, &env)).await?;
    enter(app, desk).await
}

pub(crate) async fn vault_open<H: Host>(
    app: &App<H>,
    req: VaultOpen,
) -> Result<OpenVault, Failure> {
    // The one that is open is closed first: a vault has one writer.
    lock(&app.desk).take();
    let (env, keychain) = (app.env.clone(), app.keychain());
    let desk = blocking(move || {
        let dir = PathBuf::from(&req.path);
        let key = match req.way {
            // The sample's passphrase is no secret, so nobody has to know it.
            _ if desk::vault::describe(&dir).is_ok_and(|about| about.sample) => {
                Key::Passphrase(crate::work::sample::PASSPHRASE)
            }
            WayIn::Passphrase => Key::Passphrase(&req.secret),
            WayIn::Recovery => Key::Recovery(&req.secret),
            WayIn::Keychain => Key::Keychain,
        };
        let is_shown = !matches!(key, Key::Keychain);
        let mut desk = Desk::open(&dir, key, keychain.as_ref(), env)?;
        if is_shown {
            desk.renew_lease()?;
        } else if desk.is_lease_over()? {
            // Closed again: the passphrase, or the recovery code, opens it and it goes on.
            return Err(Failure::new(FailureKind::Invalid, "failure.showPassphrase"));
        }
        Ok(desk)
    })
    .await?;
    enter(app, desk).await
}

pub(crate) async fn vault_lock<H: Host>(app: &App<H>, _: Nothing) -> Result<Done, Failure> {
    lock(&app.desk).take();
    app.sync.reset();
    app.host.emit(Event::Locked);
    Ok(Done {})
}

pub(crate) async fn vault_forget<H: Host>(app: &App<H>, req: VaultPath) -> Result<Done, Failure> {
    if let Some(path) = req.path {
        app.places.forget(Path::new(&path))?;
    }
    Ok(Done {})
}

pub(crate) async fn vault_add<H: Host>(app: &App<H>, req: VaultPath) -> Result<Done, Failure> {
    let path = PathBuf::from(req.path.unwrap_or_default());
    desk::vault::describe(&path)?;
    app.places.remember(&path)?;
    Ok(Done {})
}

pub(crate) async fn vault_set_passphrase<H: Host>(
    app: &App<H>,
    req: PassphraseSet,
) -> Result<Done, Failure> {
    let kdf = app.kdf.clone();
    let env = app.env.clone();
    app.with_desk(move |desk| Ok(desk.vault().set_passphrase(&req.passphrase, kdf, &env)?))
        .await?;
    Ok(Done {})
}

pub(crate) async fn vault_new_recovery<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<RecoveryCode, Failure> {
    let env = app.env.clone();
    let code = app
        .with_desk(move |desk| Ok(desk.vault().new_recovery_code(&env)?))
        .await?;
    Ok(RecoveryCode {
        code: code.as_str().to_owned(),
    })
}

pub(crate) async fn vault_set_keychain<H: Host>(
    app: &App<H>,
    req: KeychainSet,
) -> Result<Done, Failure> {
    let keychain = app.keychain();
    let env = app.env.clone();
    app.with_desk(move |desk| {
        let vault = desk.vault();
        Ok(if req.on {
            vault.add_keychain(keychain.as_ref(), &env)
        } else {
            vault.remove_keychain(keychain.as_ref())
        }?)
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn profile_set<H: Host>(app: &App<H>, req: Profile) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.set_profile(req.into())?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn setting_set<H: Host>(app: &App<H>, req: SettingSet) -> Result<Done, Failure> {
    app.with_desk(move |desk| desk.set_setting(&req.key, req.value.as_deref().unwrap_or_default()))
        .await?;
    Ok(Done {})
}

pub(crate) async fn vault_verify<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<VerifyAnswer, Failure> {
    let report = app.with_desk(|desk| desk.verify()).await?;
    let lang = app.lang();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(VerifyAnswer {
        commits: count(report.commits),
        signatures: count(report.signatures_checked),
        projections_equal: report.projections_equal,
        digest: report.digest.clone(),
        problems: report
            .problems
            .iter()
            .map(|problem| problem.text(lang))
            .collect(),
    })
}
