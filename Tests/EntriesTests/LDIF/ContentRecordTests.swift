import Directory
import Testing

@testable import Entries

@Suite struct ContentRecordTests {
  @Test func readsEntriesWithPlaces() {
    let reading = Reading(
      """
      version: 1

      # a comment
       that is folded
      dn: CN=Jo,DC=contoso,DC=com
      objectClass: top
      objectClass: user
      mail:jo@contoso.com
      description:   two  spaces\u{20}
      info:
      cn;lang-de: Jö

      dn:: Q049w4TDlixEQz1j
      """)
    #expect(
      reading.items == [
        .entry(
          dn: "CN=Jo,DC=contoso,DC=com", line: 5,
          values: [
            .init(name: "objectClass", bytes: "top", line: 6, column: 14),
            .init(name: "objectClass", bytes: "user", line: 7, column: 14),
            .init(name: "mail", bytes: "jo@contoso.com", line: 8, column: 6),
            .init(name: "description", bytes: "two  spaces ", line: 9, column: 16),
            .init(name: "info", bytes: "", line: 10, column: 6),
            .init(name: "cn;lang-de", bytes: "Jö", line: 11, column: 13),
          ]),
        .entry(dn: "CN=ÄÖ,DC=c", line: 13, values: []),
      ])
    #expect(reading.lines == 13)
    #expect(reading.failure == nil)
  }

  @Test func unfolds() {
    let reading = Reading("dn: CN=a\n ,DC=b\nde\n scr\n iption: \n  x \n  y\n \nmail:: YW\n Jj\n ZA==\n")
    #expect(reading.items.map(\.dn) == ["CN=a,DC=b"])
    #expect(reading.items[0].values == ["description=x  y", "mail=abcd"])
    #expect(reading.lines == 11)
  }

  @Test func seenSpellingsAreReadFast() {
    // The second record goes through the scanner, the first through the careful reader: the same must come out.
    let record = "dn: CN=x\nmail: a\nmail:: YQ==\ncn: a\n b\n# c\n d\nsn:: YW\n Jj\nsn:  x\r\nsn: \rx\n\n"
    let reading = Reading(record + record)
    #expect(reading.items.count == 2)
    #expect(reading.items[0].values == ["mail=a", "mail=a", "cn=ab", "sn=abc", "sn=x", "sn=\rx"])
    #expect(reading.items[1].values == reading.items[0].values)
  }

  @Test func secondDNLosesTheRecord() {
    let reading = Reading("dn: CN=a\nmail: x\ndn: CN=b\nmail: y\n\ndn: CN=c\nmail: z\n")
    #expect(reading.items.map(\.place) == ["3:1", ""])
    #expect(reading.items.last?.dn == "CN=c")
  }

  @Test func moreSpellingsThanAreRemembered() {
    let count = SpellingTable.capacity + 500
    let record = { (number: Int) in "dn: CN=\(number)\nattribute\(number): \(number)\n\n" }
    let numbers = Array(0..<count) + [0, 1, count - 2, count - 1, 2]
    let reading = Reading(numbers.map(record).joined())
    #expect(reading.items.count == numbers.count)
    let isRight = zip(reading.items, numbers).allSatisfy { $0.values == ["attribute\($1)=\($1)"] }
    #expect(isRight)
  }
}
