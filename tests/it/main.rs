//! Stories across crates: real programs, real files, real windows.

mod amendment;
mod blank_story;
mod center;
mod command_line;
mod conflict_story;
mod contact_story;
mod ethics_story;
mod file_story;
mod form_set_story;
mod frozen_story;
mod language_story;
mod laptop;
mod main_job;
mod office_blank_story;
mod plan_story;
mod protocol_story;
mod rereview_story;
mod self_check_story;
mod sent_story;
mod share_window_story;
mod sharing_story;
#[cfg(unix)]
mod starved_story;
mod submission_story;
mod today_story;
mod two_laptops;
mod window;
mod window_story;
