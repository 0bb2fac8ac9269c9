import Bytes
import CLDAP
import Glibc
import Entries

/// Room: messages of libldap, and what is in them without a copy.
///
/// `ldap_get_dn_ber` and `ldap_get_attribute_ber` give slices of the message itself; they are looked at before the message
/// is freed, and no slice leaves this file.
extension LDAPHandle {
  /// A message that came for a request, freed with this value.
  struct Message: ~Copyable {
    let handle: LDAPHandle
    let message: OpaquePointer
    /// Tag of the response (RFC 4511, 4.2 and following).
    let type: Int32

    deinit { ldap_msgfree(message) }
  }

  /// What waiting for a message came to.
  enum Arrival: ~Copyable {
    case message(Message)
    case nothing
    case failed(Int32)
  }

  /// Sends a search.
  ///
  /// - Returns: its message id, or the code of libldap.
  func send(_ search: LDAPSearch, controls: [LDAPControl]) -> (id: Int32, code: Int32) {
    var id: Int32 = -1
    let scope: Int32 =
      switch search.scope {
      case .base: LDAP_SCOPE_BASE
      case .one: LDAP_SCOPE_ONELEVEL
      case .sub: LDAP_SCOPE_SUBTREE
      }
    let code = Self.withStrings(search.attributes) { names in
      Self.withControls(controls) { list in
        ldap_search_ext(
          ld, search.base, scope, search.filter.text, search.attributes.isEmpty ? nil : names, 0, list, nil, nil,
          Int32(clamping: search.sizeLimit), &id)
      }
    }
    return (id, code)
  }

  /// Gives a search up.
  func abandon(_ id: Int32) { ldap_abandon_ext(ld, id, nil, nil) }

  /// Waits for the next message of a request, at most `milliseconds`.
  func wait(for id: Int32, _ milliseconds: Int) -> Arrival {
    var message: OpaquePointer?
    var timeout = Self.timeval(milliseconds)
    // Half of a TLS record may have come, of which the rest never does: `ldap_result` then waits without end.
    let type = watchdog.guarding(milliseconds + idleLimit) {
      ldap_result(ld, id, Int32(LDAP_MSG_ONE), &timeout, &message)
    }
    if type > 0, let message { return .message(Message(handle: self, message: message, type: type)) }
    guard type < 0 else { return .nothing }
    var code: Int32 = 0
    ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code)
    return .failed(code == LDAP_SUCCESS ? ResultCode.serverDown : code)
  }

  private static func withStrings(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32
  ) -> Int32 {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
  }

  private static func withControls(
    _ controls: [LDAPControl], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<LDAPControlC>?>?) -> Int32
  ) -> Int32 {
    var made: [UnsafeMutablePointer<LDAPControlC>?] = []
    for control in controls {
      var one: UnsafeMutablePointer<LDAPControlC>?
      var bytes = (control.value ?? []).map { CChar(bitPattern: $0) }
      let code = bytes.withUnsafeMutableBufferPointer { buffer in
        var value = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
        if control.value == nil { value.bv_val = nil }
        return ldap_control_create(control.oid, control.isCritical ? 1 : 0, &value, 1, &one)
      }
      guard code == LDAP_SUCCESS else { continue }
      made.append(one)
    }
    defer { for control in made { ldap_control_free(control) } }
    guard made.count == controls.count else { return LDAP_NO_MEMORY }
    made.append(nil)
    defer { made.removeLast() }
    return made.withUnsafeMutableBufferPointer { body(controls.isEmpty ? nil : $0.baseAddress) }
  }
}

/// The control as libldap has it, which has the name of ours.
typealias LDAPControlC = CLDAP.LDAPControl

/// What the end of an answer says.
struct FinalResult {
  var code: Int32
  var diagnostic: String
  var controls: [LDAPControl]
  var referrals: [String]
}

extension LDAPHandle.Message {
  var isEntry: Bool { type == Int32(LDAP_RES_SEARCH_ENTRY) }
  var isReference: Bool { type == Int32(LDAP_RES_SEARCH_REFERENCE) }
  var isIntermediate: Bool { type == Int32(LDAP_RES_INTERMEDIATE) }

  /// Result code and all that comes with it. Samba answers some searches with an extended response, so any type that is
  /// neither entry nor reference is an end.
  borrowing func final() -> FinalResult {
    var code: Int32 = 0
    var text: UnsafeMutablePointer<CChar>?
    var referrals: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControlC>?>?
    let status = ldap_parse_result(handle.ld, message, &code, nil, &text, &referrals, &controls, 0)
    defer {
      ldap_memfree(text)
      ldap_memvfree(UnsafeMutableRawPointer(referrals)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self))
      ldap_controls_free(controls)
    }
    var result = FinalResult(
      code: status == LDAP_SUCCESS ? code : status, diagnostic: text.map { String(cString: $0) } ?? "", controls: [],
      referrals: Self.strings(referrals))
    var index = 0
    while let control = controls?[index] {
      let value = control.pointee.ldctl_value
      result.controls.append(
        LDAPControl(
          oid: String(cString: control.pointee.ldctl_oid), isCritical: control.pointee.ldctl_iscritical != 0,
          value: value.bv_val.map {
            UnsafeBufferPointer(start: $0, count: Int(value.bv_len)).map { UInt8(bitPattern: $0) }
          }))
      index += 1
    }
    return result
  }

  /// A hash of the entry's name (FNV-1a, 64 bits), for telling whether it came before.
  borrowing func nameHash() -> UInt64 {
    var ber: OpaquePointer?
    var name = berval()
    guard ldap_get_dn_ber(handle.ld, message, &ber, &name) == LDAP_SUCCESS else { return 0 }
    defer { ber_free(ber, 0) }
    var hash = FNV1a()
    for byte in Self.bytes(name) { hash.combine(byte) }
    return hash.value
  }

  /// The URLs of a reference.
  borrowing func references() -> [String] {
    var urls: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    guard ldap_parse_reference(handle.ld, message, &urls, nil, 0) == LDAP_SUCCESS else { return [] }
    defer { ldap_memvfree(UnsafeMutableRawPointer(urls)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)) }
    return Self.strings(urls)
  }

  private static func strings(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [String] {
    var result: [String] = []
    var index = 0
    while let text = list?[index] {
      result.append(String(cString: text))
      index += 1
    }
    return result
  }

  /// Shows the entry to a visitor.
  ///
  /// - Returns: false when the message is no entry that can be read.
  @inline(__always)
  borrowing func visit<Visitor: EntryVisitor>(_ visitor: inout Visitor) -> Bool {
    var ber: OpaquePointer?
    var name = berval()
    guard ldap_get_dn_ber(handle.ld, message, &ber, &name) == LDAP_SUCCESS else { return false }
    defer { ber_free(ber, 0) }
    visitor.dn(Self.bytes(name).span)
    while true {
      var description = berval()
      var values: UnsafeMutablePointer<berval>?
      let code = ldap_get_attribute_ber(handle.ld, message, ber, &description, &values)
      guard code == LDAP_SUCCESS else { return false }
      guard description.bv_val != nil else { return true }
      // The array is the library's, the values are in the message.
      defer { ber_memfree(values) }
      var count = 0
      while values?[count].bv_val != nil { count += 1 }
      guard visitor.attribute(Self.bytes(description).span, count: count), let values else { continue }
      for index in 0..<count { visitor.value(Self.bytes(values[index]).span) }
    }
  }

  @inline(__always)
  private static func bytes(_ value: berval) -> UnsafeBufferPointer<UInt8> {
    guard let start = value.bv_val else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: Int(value.bv_len))
  }
}

/// Sees the parts of an entry in the order of the server.
protocol EntryVisitor {
  /// Called first.
  mutating func dn(_ dn: Span<UInt8>)
  /// Called for each attribute with its number of values; returns whether they are wanted.
  mutating func attribute(_ description: Span<UInt8>, count: Int) -> Bool
  /// Called for each value of the attribute.
  mutating func value(_ value: Span<UInt8>)
}
