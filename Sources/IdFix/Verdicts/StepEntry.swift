/// What a chain of steps asks of the entry whose value it judges.
///
/// Attributes are given as indices into `StepChain.attributes`, so that an engine resolves names once per run.
protocol StepEntry {
  /// Whether the entry's most specific object class has this name.
  ///
  /// - Parameter name: ASCII bytes in lower case.
  func isObjectClass(_ name: [UInt8]) -> Bool
  /// Whether the entry has a value of the attribute.
  func has(_ attribute: Int) -> Bool
  /// The first value of the attribute, or nil when the entry has none.
  func firstValue(_ attribute: Int) -> [UInt8]?
}
