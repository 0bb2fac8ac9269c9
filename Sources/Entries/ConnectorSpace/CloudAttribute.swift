/// Names of attributes in the cloud's connector space and in its errors, and the attribute of Active Directory that each
/// comes from by the default rules of Entra Connect.
public enum CloudAttribute {
  private static let directoryNames: [String: String] = [
    "alias": "mailNickname", "commonname": "cn", "surname": "sn", "city": "l", "state": "st",
    "country": "co", "countrylettercode": "c", "onpremisesdistinguishedname": "distinguishedName",
    "onpremisessamaccountname": "sAMAccountName", "onpremisesecurityidentifier": "objectSid",
    "onpremisessecurityidentifier": "objectSid", "facsimiletelephonenumber": "facsimileTelephoneNumber",
    "sipproxyaddress": "msRTCSIP-PrimaryUserAddress", "proxyaddress": "proxyAddresses",
    "proxyaddresses": "proxyAddresses", "signinname": "userPrincipalName", "userprincipalname": "userPrincipalName",
    "onpremisesuserprincipalname": "userPrincipalName", "mailnickname": "mailNickname", "mail": "mail",
    "emailaddress": "mail", "sourceanchor": "mS-DS-ConsistencyGuid", "immutableid": "mS-DS-ConsistencyGuid",
    "displayname": "displayName", "givenname": "givenName", "targetaddress": "targetAddress",
    "officephone": "telephoneNumber", "jobtitle": "title", "office": "physicalDeliveryOfficeName",
  ]

  /// The attribute of Active Directory behind a name; the name itself where it is the same or not known.
  ///
  /// - Parameter name: in any case, perhaps with a class before it (`FederatedUser.UserPrincipalName`).
  public static func directoryName(of name: String) -> String {
    let hasClass = name.utf8.contains(UInt8(ascii: "."))
    let last = hasClass ? name.split(separator: ".").last.map(String.init) ?? name : name
    return directoryNames[last.lowercased()] ?? last
  }
}
