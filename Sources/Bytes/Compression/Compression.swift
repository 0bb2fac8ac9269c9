/// How the bytes of a file are packed, told by the first of them; names and extensions are not trusted.
public enum Compression: Sendable {
  /// Not at all, or in a way that is not known.
  case none
  /// RFC 1952.
  case gzip
  /// Zstandard (RFC 8878).
  case zstd
  /// LZMA2 in the container of XZ Utils.
  case xz

  /// What the first six bytes tell.
  public init(of start: ArraySlice<UInt8>) {
    // A skippable frame of Zstandard (RFC 8878, 3.1.2) may come first.
    let isSkippable = (start.first ?? 0) & 0xf0 == 0x50 && start.dropFirst().starts(with: [0x2a, 0x4d, 0x18])
    if start.starts(with: [0x1f, 0x8b]) {
      self = .gzip
    } else if isSkippable || start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
      self = .zstd
    } else if start.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) {
      self = .xz
    } else {
      self = .none
    }
  }
}
