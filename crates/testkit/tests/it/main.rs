//! Laptops and a center that nothing goes right for: simulated, and over real connections.

mod sim;
