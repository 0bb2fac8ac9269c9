/// What a `number` check demands.
struct NumberLimits: Sendable {
  var lowest: Int64
  var highest: Int64
  var allOfBits: Int64
  var noneOfBits: Int64
}
