/// The most samples, copies or masks that a method takes.
///
/// More would take days on any network, and are a slip of the keyboard: products of such numbers overflow,
/// and lists of so many take all memory.
let mostSamples = 1_000_000
