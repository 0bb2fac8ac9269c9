/// An integer that is kept in 32 bits, to keep compiled checks small: they are copied for every value they judge.
///
/// Numbers beyond 32 bits are clamped, which serves for limits: no value is that long.
@propertyWrapper
struct Small: Sendable, BitwiseCopyable {
  private var stored: Int32

  init(wrappedValue: Int) { stored = Int32(clamping: wrappedValue) }

  var wrappedValue: Int {
    @inline(__always) get { stored == .max ? .max : Int(stored) }
    set { stored = Int32(clamping: newValue) }
  }
}
