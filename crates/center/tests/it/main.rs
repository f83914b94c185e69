//! The center and its laptops, in process and over real connections.

mod agree;
mod bench;
mod enrolment;
mod faults;
mod heal;
mod hostile;
mod labels;
mod laptop;
mod program;
mod sim;
mod story;
