/// Numbers that look random and are the same ones for the same seed (Knuth's linear congruence).
public struct SeededNumbers {
  private var state: UInt64

  /// Numbers of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next one, from 0 to one less than the limit.
  public mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
}
