//! Prints the TypeScript contract.

fn main() {
    print!("{}", rpc::contract::typescript());
}
