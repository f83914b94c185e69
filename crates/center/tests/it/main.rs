//! The center and its laptops, in process and over real connections.

mod agree;
mod apart;
mod bench;
#[cfg(unix)]
mod cluster;
mod console;
mod counts;
mod database_tls;
mod enrolment;
mod events;
mod faults;
mod figures;
mod files;
mod heal;
mod hints;
mod hostile;
mod labels;
mod laptop;
mod matrix;
#[cfg(unix)]
mod moving;
mod people;
mod program;
mod proxied;
#[cfg(unix)]
mod replicas;
mod s3;
mod sim;
mod story;
#[cfg(unix)]
mod upsets;
