import CLDAP
import Glibc

/// A password, which no description shows and of which nothing stays in memory when it is let go.
///
/// Unsafe, since an array may be copied and is freed as it is. Sound because the bytes have one owner, which clears them
/// before they are freed.
public final class LDAPPassword: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let storage: Storage

  /// The bytes, written once and cleared once.
  private struct Storage: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
  }

  /// A password as the server gets it, byte for byte. What it is made of is cleared.
  ///
  /// From the first one on the process leaves no core file, and no other process of the user may look into it.
  public init(clearing bytes: inout [UInt8]) {
    cldap_forbid_dump()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    buffer.copyBytes(from: bytes)
    storage = Storage(bytes: buffer)
    bytes.withUnsafeMutableBytes { buffer in
      if let start = buffer.baseAddress { explicit_bzero(start, buffer.count) }
    }
    bytes = []
  }

  /// A password as the server gets it, byte for byte; the caller's copy stays.
  public convenience init(_ bytes: [UInt8]) {
    var copy = Array(bytes[...])
    self.init(clearing: &copy)
  }

  deinit {
    if let start = storage.bytes.baseAddress { explicit_bzero(start, storage.bytes.count) }
    storage.bytes.deallocate()
  }

  /// Whether there is none.
  public var isEmpty: Bool { storage.bytes.isEmpty }

  /// Shows the bytes to the one call that sends them.
  func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result { body(storage.bytes) }

  /// Not the password.
  public var description: String { "(password)" }
  /// Not the password.
  public var debugDescription: String { description }
  /// Not the password.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
