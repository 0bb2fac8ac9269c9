/// A compiled `when`.
struct TypeCondition: BitwiseCopyable, Sendable {
  /// Address types that meet it, one bit each (`ValueShape.type`).
  var types: UInt64 = .max
  /// Types that must be spelled exactly so.
  var exactTypes: ExactTypes.List?
}
