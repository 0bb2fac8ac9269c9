import Bytes
import Testing

@testable import Entries

/// Objects that PowerShell wrote with `Export-Clixml`.
@Suite struct SerializedObjectsTests {
  private static func file(_ objects: String) -> String {
    "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n\(objects)\n</Objs>"
  }

  private static let user = """
      <Obj RefId="0">
        <TN RefId="0"><T>Microsoft.ActiveDirectory.Management.ADUser</T><T>System.Object</T></TN>
        <ToString>CN=Doe\\, Jane,DC=x</ToString>
        <Props>
          <S N="DistinguishedName">CN=Doe\\, Jane,DC=x</S>
          <B N="Enabled">true</B>
          <BA N="mS-DS-ConsistencyGuid">kzD3XgdJsECiH8mOGR/VRQ==</BA>
          <S N="ObjectClass">user</S>
          <G N="ObjectGUID">5ef73093-4907-40b0-a21f-c98e191fd545</G>
          <Obj N="proxyAddresses" RefId="1"><TN RefId="1"><T>x</T></TN>
            <LST><S>SMTP:jane@x.com</S><S>smtp:a&amp;b@x.com</S></LST></Obj>
          <Obj N="SID" RefId="2"><TNRef RefId="1" /><ToString>S-1-5-32-544</ToString>
            <Props><I32 N="BinaryLength">28</I32><Nil N="AccountDomainSid" /><S N="Value">S-1-5-32-544</S></Props></Obj>
          <Obj N="GroupScope" RefId="3"><TN RefId="4"><T>x</T><T>System.Enum</T></TN><ToString>Universal</ToString><I32>2</I32></Obj>
          <Obj N="userCertificate" RefId="5"><LST><BA>AQID</BA><BA>BAUG</BA></LST></Obj>
          <Obj N="description" RefId="6"><LST /></Obj>
          <S N="info">Line1_x000D__x000A_Line2 _x005F_x0041_ _xD83D__xDE00_</S>
          <Nil N="title" /><S N="department"></S>
          <I64 N="pwdLastSet">132227302519460823</I64>
          <DT N="whenCreated">2017-04-28T08:48:57.5+10:00</DT>
          <Ref N="otherMailbox" RefId="1" />
        </Props>
        <MS><S N="department">IT</S></MS>
      </Obj>
    """

  private func check(_ read: ExportReading) {
    #expect(read.failure == nil && read.gaps.isEmpty && read.remarks.isEmpty, "\(read)")
    #expect(read.lines.first == "dn: CN=Doe\\, Jane,DC=x")
    #expect(read.values("proxyAddresses") == ["SMTP:jane@x.com", "smtp:a&b@x.com"])
    #expect(read.values("otherMailbox") == read.values("proxyAddresses"))
    #expect(read.binary("mS-DS-ConsistencyGuid") == read.binary("objectGUID"))
    #expect(read.values("info") == ["Line1\r\nLine2 _x0041_ 😀"])
    #expect(read.values("groupType") == ["8"] && read.values("department") == ["IT"])
    #expect(read.values("userCertificate").count == 2)
    #expect(read.values("whenCreated") == ["20170427224857.0Z"])
    #expect(read.values("userAccountControl") == ["0"])
    #expect(read.exported.contains("title") && read.exported.contains("description"))
  }

  @Test func valuesAreThoseOfTheDirectory() {
    let text = Self.file(Self.user)
    let read = ExportReading(text)
    check(read)
    #expect(read.places == [2])
    let wide = "\u{FEFF}" + text
    check(ExportReading(wide.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }))
    let two = ExportReading(Self.file(Self.user + "\n" + Self.user), blockSize: 1)
    #expect(two.lines.filter { $0.hasPrefix("dn") }.count == 2)
  }

  @Test func aListOfObjectsIsTheObjects() {
    check(ExportReading(Self.file("<Obj RefId=\"9\"><LST>\(Self.user)</LST></Obj>")))
  }

  @Test func selectedAndRemoteObjects() {
    let read = ExportReading(
      Self.file(
        """
        <Obj RefId="0"><TN RefId="0"><T>Selected.Microsoft.ActiveDirectory.Management.ADUser</T></TN><MS>
        <S N="distinguishedName">CN=a</S><S N="mail">a@x.com</S><S N="PSComputerName">dc1</S><G N="RunspaceId">x</G></MS></Obj>
        """))
    #expect(read.lines == ["dn: CN=a", "distinguishedName: CN=a", "mail: a@x.com"])
  }

  @Test func otherThingsAreNamedAndDamageIsTold() {
    let nameless = ExportReading(Self.file("<Obj RefId=\"0\"><MS><S N=\"a\">b</S></MS></Obj>"))
    #expect(nameless.failure?.kind == .wrongFormat)
    let cut = ExportReading(Self.file(Self.user).replacing("</Objs>", with: "<Obj RefId=\"1\"><Props><S N=\"cn\">x"))
    #expect(cut.lines.first == "dn: CN=Doe\\, Jane,DC=x" && cut.failure?.kind == .readError)
    let big = String(repeating: "x", count: 9_000)
    let long = ExportReading(
      Self.file("<Obj RefId=\"0\"><ToString>CN=b</ToString><Props><S N=\"cn\">\(big)</S></Props></Obj>" + Self.user),
      recordSize: 8_000)
    #expect(long.gaps.count == 1 && long.gaps[0].contains("'CN=b'"))
    #expect(long.lines.first == "dn: CN=Doe\\, Jane,DC=x")
  }

  @Test func secretsAreNotShown() {
    let read = ExportReading(
      Self.file("<Obj RefId=\"0\"><MS><S N=\"dn\">CN=a</S><SS N=\"info\">01000000d08c9ddf</SS></MS></Obj>"))
    #expect(!read.lines.contains { $0.contains("01000000") })
  }
}
