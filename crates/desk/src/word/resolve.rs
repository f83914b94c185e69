//! The plan with a person's choices: what each section and block of a file becomes.

use crate::env::Env;
use crate::error::DeskError;
use crate::time;
use crate::word::plan;
use model::protocol::is_pending;
use model::rich::RichText;
use model::word::{
    FoundBlock, FoundSection, IncomingBlock, IncomingProtocol, IncomingSection, SectionTarget,
    WordChoices, WordPlan,
};
use model::{Entity, EntityId, StudyDoc, kind};
use std::collections::{HashMap, HashSet};

/// What becomes of a file.
pub(crate) struct Resolved<'a> {
    /// The sections that are imported, in order.
    pub(crate) sections: Vec<ToSection<'a>>,
    /// Known blocks that are put aside.
    pub(crate) gone: Vec<EntityId>,
    /// Known sections that are put aside when nothing is left below them.
    pub(crate) gone_sections: Vec<EntityId>,
    /// Sections that a person keeps, whatever the file says; `None` when all stay.
    pub(crate) kept: Option<&'a [EntityId]>,
}

/// What a section of the file becomes.
pub(crate) struct ToSection<'a> {
    /// Its id in the study.
    pub(crate) id: EntityId,
    /// The entity, where it is here.
    pub(crate) known: Option<&'a Entity>,
    /// Whether this very file brought it earlier: whatever became of it since stays.
    pub(crate) again: bool,
    /// The section of the file.
    pub(crate) section: &'a IncomingSection,
    /// Its blocks.
    pub(crate) blocks: Vec<ToBlock<'a>>,
}

/// What a block of the file becomes.
pub(crate) struct ToBlock<'a> {
    /// Its id in the study.
    pub(crate) id: EntityId,
    /// The entity, where it is here.
    pub(crate) known: Option<&'a Entity>,
    /// Whether this very file brought it earlier: whatever became of it since stays.
    pub(crate) again: bool,
    /// The block of the file.
    pub(crate) block: &'a IncomingBlock,
    /// The known block that it is a part of.
    pub(crate) split_from: Option<EntityId>,
    /// Known blocks whose text went into it.
    pub(crate) merged: Vec<EntityId>,
}

impl ToBlock<'_> {
    /// Whether only a tracked change puts it in.
    pub(crate) fn is_proposed(&self) -> bool {
        is_proposed(self.block)
    }

    /// Its text: of one that a tracked change puts in, the proposed one.
    pub(crate) fn text(&self) -> &RichText {
        text_of(self.block)
    }
}

fn is_proposed(block: &IncomingBlock) -> bool {
    block.text.is_blank() && block.suggestions.iter().any(|one| one.kind == "add")
}

fn text_of(block: &IncomingBlock) -> &RichText {
    let added = block.suggestions.iter().find(|one| one.kind == "add");
    match added {
        Some(added) if is_proposed(block) => &added.to,
        _ => &block.text,
    }
}

/// Brings plan and choices together.
pub(crate) fn resolve<'a>(
    doc: &'a StudyDoc,
    incoming: &'a IncomingProtocol,
    plan: &WordPlan,
    choices: &'a WordChoices,
    env: &Env,
) -> Result<Resolved<'a>, DeskError> {
    let found = plan.found.iter().map(|found| found.blocks.len());
    let fits = found.eq(incoming.sections.iter().map(|section| section.blocks.len()));
    if !fits {
        return Err(DeskError::StaleForm);
    }
    let mut maker = Maker {
        doc,
        incoming,
        plan,
        choices,
        env,
        taken: HashSet::new(),
        n_blocks: 0,
        entities: doc
            .entities
            .iter()
            .map(|entity| (&entity.id, entity))
            .collect(),
    };
    let mut sections = Vec::new();
    let mut skipped: HashSet<&EntityId> = HashSet::new();
    let rows = incoming.sections.iter().zip(&plan.found).enumerate();
    for (at, (section, planned)) in rows {
        match maker.section(at, section, planned)? {
            Some(made) => sections.push(made),
            None => {
                skipped.extend(&planned.known);
            }
        }
    }
    let is_gone = |block: &EntityId, section: Option<&EntityId>| {
        choices.archive_gone
            && !choices.keep_gone.contains(block)
            && !plan.untouchable.contains(block)
            && !section.is_some_and(|section| skipped.contains(section))
            && !maker.taken.contains(block)
    };
    let is_section = |id: &EntityId| {
        let entity = maker.entities.get(id);
        entity.is_some_and(|entity| entity.kind == kind::SECTION)
    };
    let planned: Vec<EntityId> = plan
        .gone
        .iter()
        .filter(|gone| is_gone(&gone.block, gone.section.as_ref()))
        .map(|gone| gone.block.clone())
        .collect();
    let (gone_sections, mut gone): (Vec<_>, Vec<_>) = planned.into_iter().partition(is_section);
    // A block that a person said is another one is not in the file.
    for section in &plan.found {
        for known in section
            .blocks
            .iter()
            .filter_map(|block| block.known.as_ref())
        {
            if is_gone(known, section.known.as_ref()) && !gone.contains(known) {
                gone.push(known.clone());
            }
        }
    }
    Ok(Resolved {
        sections,
        gone,
        gone_sections,
        kept: choices.archive_gone.then_some(choices.keep_gone.as_slice()),
    })
}

struct Maker<'a, 'p> {
    doc: &'a StudyDoc,
    incoming: &'a IncomingProtocol,
    plan: &'p WordPlan,
    choices: &'p WordChoices,
    env: &'p Env,
    /// Known blocks that have their place in the file.
    taken: HashSet<EntityId>,
    /// Blocks of the file that were seen.
    n_blocks: usize,
    entities: HashMap<&'a EntityId, &'a Entity>,
}

impl<'a> Maker<'a, '_> {
    /// The same id wherever this file is read in, so that two laptops that do so have it once.
    fn new_id(&self, kind: &str, at: usize) -> EntityId {
        let id = plan::id_in_file(&self.doc.id, self.incoming, self.choices.lang, kind, at);
        if self.entities.contains_key(&id) {
            return EntityId::from_uuid(time::new_id(self.env));
        }
        id
    }

    fn section(
        &mut self,
        at: usize,
        section: &'a IncomingSection,
        found: &FoundSection,
    ) -> Result<Option<ToSection<'a>>, DeskError> {
        let first = self.n_blocks;
        self.n_blocks += section.blocks.len();
        let is_it = |choice: u32| usize::try_from(choice).ok() == Some(at);
        let choice = self.choices.sections.iter().find(|one| is_it(one.at));
        let known = match choice.map(|choice| (choice.to, &choice.section)) {
            Some((SectionTarget::Skip, _)) => return Ok(None),
            Some((SectionTarget::New, _)) => None,
            Some((SectionTarget::Existing, id)) => id.as_ref(),
            None => found.known.as_ref(),
        };
        let known = match known {
            Some(id) => Some(self.named(id, kind::SECTION)?),
            None => None,
        };
        let mut blocks = Vec::with_capacity(section.blocks.len());
        for (place, (block, found)) in section.blocks.iter().zip(&found.blocks).enumerate() {
            blocks.push(self.block(first + place, block, found, known)?);
        }
        Ok(Some(ToSection {
            id: known.map_or_else(|| self.new_id(kind::SECTION, at), |known| known.id.clone()),
            again: found.again && known.map(|one| &one.id) == found.known.as_ref(),
            known,
            section,
            blocks,
        }))
    }

    fn block(
        &mut self,
        at: usize,
        block: &'a IncomingBlock,
        found: &FoundBlock,
        section: Option<&Entity>,
    ) -> Result<ToBlock<'a>, DeskError> {
        let is_it = |choice: u32| usize::try_from(choice).ok() == Some(at);
        let choice = self.choices.unsure.iter().find(|one| is_it(one.at));
        let is_as_planned = choice.is_none_or(|choice| choice.same);
        let mut known = match &found.known {
            Some(id) if is_as_planned => Some(self.named(id, kind::BLOCK)?),
            _ => None,
        };
        // One that an earlier file proposed, and that nobody has settled yet.
        if found.known.is_none() {
            known = section.and_then(|section| self.proposed(section, block));
        }
        // Two blocks of a file cannot be one block of the study: the first one is.
        let known = known.filter(|known| self.taken.insert(known.id.clone()));
        let merged = match known {
            Some(_) => found.merged.clone(),
            None => Vec::new(),
        };
        self.taken.extend(merged.iter().cloned());
        Ok(ToBlock {
            id: known.map_or_else(|| self.new_id(kind::BLOCK, at), |known| known.id.clone()),
            again: found.again && known.is_some(),
            known,
            block,
            split_from: found.split_from.clone().filter(|_| is_as_planned),
            merged,
        })
    }

    fn proposed(&self, section: &Entity, block: &IncomingBlock) -> Option<&'a Entity> {
        let field = super::register("text", self.plan.lang);
        let text = text_of(block);
        self.doc.entities.iter().find(|entity| {
            entity.kind == kind::BLOCK
                && entity.parent.as_ref() == Some(&section.id)
                && entity.is_shown()
                && is_pending(entity)
                && entity.rich(&field) == *text
                && !self.taken.contains(&entity.id)
        })
    }

    fn named(&self, id: &EntityId, kind: &str) -> Result<&'a Entity, DeskError> {
        let entity = self.entities.get(id).copied();
        entity
            .filter(|entity| entity.kind == kind)
            .ok_or_else(|| DeskError::no_entity(id.as_str()))
    }
}
