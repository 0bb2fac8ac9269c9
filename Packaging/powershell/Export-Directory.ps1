<#
.SYNOPSIS
    Writes the objects of a domain into an LDIF file, byte for byte as the domain controller has them.

.DESCRIPTION
    For machines that have neither ldifde nor the ActiveDirectory module: it needs Windows PowerShell 5.1 or PowerShell 7 and an
    account that may read the directory. It only reads. Values are taken as bytes, so nothing is converted: not GUIDs, not
    dates, not letters of any language. The file is UTF-8 and is read by: dirsync-lint lint export.ldf

.PARAMETER Path
    The file to write. It is replaced when everything was read; until then, and after an error, what was read so far stands
    beside it with .part behind its name.

.PARAMETER Server
    A domain controller; without it, one of the domain of the user. Not a global catalog: that has only some attributes.

.PARAMETER SearchBase
    The DN below which objects are exported; without it, the whole domain.

.PARAMETER LdapFilter
    Which objects are exported.

.PARAMETER Attributes
    Which attributes are exported; without it, all that are stored.

.EXAMPLE
    .\Export-Directory.ps1 -Path contoso.ldf -Server dc1.contoso.com
#>
[CmdletBinding()]
param(
    [string] $Path = 'export.ldf',
    [string] $Server = $env:USERDNSDOMAIN,
    [string] $SearchBase,
    [string] $LdapFilter = '(|(objectClass=user)(objectClass=group)(objectClass=contact)(objectClass=organizationalUnit)(objectClass=domainDNS))',
    [string[]] $Attributes = @('*')
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.DirectoryServices.Protocols

$pageSize = 500
$utf8 = New-Object System.Text.UTF8Encoding $false

# A connection that nobody on the way can read or change.
function Connect-Directory {
    $connection = New-Object System.DirectoryServices.Protocols.LdapConnection $Server
    # The default of 30 seconds is short for a filter without an index.
    $connection.Timeout = New-TimeSpan -Minutes 5
    $connection.SessionOptions.ProtocolVersion = 3
    $connection.SessionOptions.Signing = $true
    $connection.SessionOptions.Sealing = $true
    # Objects of other domains are exported there.
    $connection.SessionOptions.ReferralChasing = 'None'
    $connection.Bind()
    $connection
}

function New-Search([string] $base, [string] $filter, [string] $scope, [string[]] $names) {
    New-Object System.DirectoryServices.Protocols.SearchRequest($base, $filter, $scope, $names)
}

function Get-DefaultSearchBase($connection) {
    $answer = $connection.SendRequest((New-Search '' '(objectClass=*)' 'Base' @('defaultNamingContext')))
    $answer.Entries[0].Attributes['defaultNamingContext'].GetValues([string])[0]
}

# ASCII without line ends that does not begin with a blank, a colon or '<' and does not end with a blank: what LDIF holds as it is.
$plainText = New-Object System.Text.RegularExpressions.Regex '\A(?![ :<])[\x01-\x09\x0B\x0C\x0E-\x7E]*(?<! )\z'

function Write-Value($writer, [string] $name, [byte[]] $bytes) {
    # Bytes that are no text become U+FFFD, which is not ASCII.
    $text = $utf8.GetString($bytes)
    if ($plainText.IsMatch($text)) {
        $writer.WriteLine($name + ': ' + $text)
    } else {
        $writer.WriteLine($name + ':: ' + [Convert]::ToBase64String($bytes))
    }
}

# Writes an attribute with all its values. A server gives long lists in parts ('member;range=0-1499'): the others are asked for.
function Write-Attribute($writer, $connection, [string] $dn, $attribute) {
    $name = $attribute.Name
    $plainName = ($name -split ';range=')[0]
    while ($true) {
        foreach ($value in $attribute.GetValues([byte[]])) { Write-Value $writer $plainName $value }
        $range = [regex]::Match($name, ';range=\d+-(\d+)\z', 'IgnoreCase')
        if (-not $range.Success) { return }
        $next = $plainName + ';range=' + ([int] $range.Groups[1].Value + 1) + '-*'
        $answer = $connection.SendRequest((New-Search $dn '(objectClass=*)' 'Base' @($next)))
        # Names, not attributes: an attribute is a list, and PowerShell takes lists apart.
        $name = @($answer.Entries[0].Attributes.AttributeNames) | Where-Object { $_ -like ($plainName + ';range=*') }
        if (-not $name) { throw "${dn}: the values from $next on were not given" }
        $attribute = $answer.Entries[0].Attributes[$name]
    }
}

function Write-Entry($writer, $connection, $entry) {
    Write-Value $writer 'dn' ($utf8.GetBytes($entry.DistinguishedName))
    foreach ($attribute in $entry.Attributes.Values) {
        Write-Attribute $writer $connection $entry.DistinguishedName $attribute
    }
    $writer.WriteLine()
}

$connection = Connect-Directory
if (-not $SearchBase) { $SearchBase = Get-DefaultSearchBase $connection }
# .NET has a working directory of its own.
$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
$unfinished = $file + '.part'
$writer = New-Object System.IO.StreamWriter($unfinished, $false, $utf8)
$count = 0
try {
    $writer.NewLine = "`n"
    $writer.WriteLine('version: 1')
    # By this line the reader knows that what is not here has no value.
    $requested = if ($Attributes -contains '*') { 'ALL' } else { $Attributes -join ' ' }
    $writer.WriteLine("# requesting: $requested")
    $writer.WriteLine()
    $search = New-Search $SearchBase $LdapFilter 'Subtree' $Attributes
    $page = New-Object System.DirectoryServices.Protocols.PageResultRequestControl $pageSize
    [void] $search.Controls.Add($page)
    do {
        $answer = $connection.SendRequest($search)
        foreach ($entry in $answer.Entries) { Write-Entry $writer $connection $entry; $count++ }
        $cookie = $answer.Controls | Where-Object { $_ -is [System.DirectoryServices.Protocols.PageResultResponseControl] }
        $page.Cookie = $cookie.Cookie
        Write-Progress -Activity 'Export' -Status "$count objects"
    } while ($page.Cookie.Length -gt 0)
    # By this line the reader knows whether all of them are there.
    $writer.WriteLine("# numEntries: $count")
} finally {
    $writer.Dispose()
    $connection.Dispose()
}
# Not reached after an error: half a directory must not look like a whole one.
Move-Item -LiteralPath $unfinished -Destination $file -Force
Write-Output "$count objects were written to $file"
